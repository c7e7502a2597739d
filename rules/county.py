"""One county as values: units, people, rota, channels. 县情。

Read from `county/` by `rulebook.county.load`; nothing here reads a file or a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from rules.calendars import Period
from vocabulary.terms import Role, UnitKind

UNIT_POSTS = (Role.CLERK, Role.UNIT_HEAD)
"""Posts each unit has of its own; all other posts are a desk's. 单位岗位。"""

DESK_POSTS = tuple(role for role in Role if role not in UNIT_POSTS)
"""Posts of the duty room's ladder, which may never be without anybody. 值班室岗位。"""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach one person or room. 渠道。

    `url` is an Apprise address and holds a secret: it is never logged or shown. `rings` is a
    channel that makes a noise (a voice call). `is_room` is a group's bot: many may read it and
    nobody must, so it never replaces the personal step.
    """

    channel_id: str
    url: str
    rings: bool = False
    is_room: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a post in a unit, and the channels to try, in order. 人员。"""

    person_id: str
    name: str
    unit_id: str
    roles: tuple[Role, ...]
    channels: tuple[Channel, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A township, bureau or office. 单位。`rooms` are its group bots."""

    unit_id: str
    name: str
    kind: UnitKind
    superior_id: str | None = None
    rooms: tuple[Channel, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rotation:
    """A cycle of people in one post, a shift each. 轮值。

    The person of the shift that starts on `starts_on` at `handover` is `people[0]`; each
    following shift of `shift_days` days takes the next, round and round. A later rotation of
    the same post takes over at its own first handover: next year's rota stands ready beside
    this year's.
    """

    role: Role
    starts_on: date
    handover: time
    people: tuple[str, ...]
    shift_days: int = 1


@dataclass(frozen=True, slots=True)
class Substitution:
    """`person_id` stands in for whoever the rotation names. 替班。Half-open [starts, ends).

    `approved_by` is the person who consented, as duty rules demand. On a post without a
    rotation the substitute stands in for all who hold it.
    """

    role: Role
    starts: datetime
    ends: datetime
    person_id: str
    approved_by: str


@dataclass(frozen=True)
class County:
    """The whole county. 一县。"""

    county_id: str
    name: str
    duty_phone: str
    secrecy_phone: str
    profile: str
    units: dict[str, Unit]
    people: dict[str, Person]
    rotations: tuple[Rotation, ...]
    substitutions: tuple[Substitution, ...]
    periods: tuple[Period, ...] = ()
    upward_profile: str | None = None  # where the law of the province above is another

    @property
    def profile_upward(self) -> str:
        """The set of limits by which the county itself reports upward."""
        return self.upward_profile or self.profile

    def kind_of(self, unit_id: str) -> UnitKind | None:
        """Return what a unit is; None of one that the county does not know."""
        unit = self.units.get(unit_id)
        return unit.kind if unit else None

    @cached_property
    def desk(self) -> Unit:
        """The first government office: the duty room of all units that name no other."""
        return next(u for u in self.units.values() if u.kind is UnitKind.GOVERNMENT_OFFICE)

    def desk_of(self, unit_id: str) -> Unit:
        """Return the duty room that a unit reports to: its nearest superior that has one."""
        return self.desks_of(unit_id)[0]

    def desks_of(self, unit_id: str) -> tuple[Unit, ...]:
        """Return the duty rooms above a unit, nearest first; its own comes before them.

        Never empty: a unit that has none above it, or is unknown, reports to the county's first.
        """
        return self._desks.get(unit_id, (self.desk,))

    @cached_property
    def reporting_units(self) -> tuple[Unit, ...]:
        """All but the offices, in the county's own order: those that owe reports."""
        kinds = {*UnitKind} - {UnitKind.GOVERNMENT_OFFICE, UnitKind.PARTY_OFFICE}
        return tuple(u for u in self.units.values() if u.kind in kinds)

    def desks_under(self, desk_id: str) -> frozenset[str] | None:
        """Return the desks whose alerts one sees: its own and those below it. None: all."""
        under = self._under.get(desk_id, frozenset())
        return None if len(under) == len(self._under) else under

    def are_in_line(self, one_id: str, other_id: str) -> bool:
        """Say whether one unit is the other or stands above it; a duty room is above nobody."""
        return one_id in self._line_of(other_id) or other_id in self._line_of(one_id)

    def people_of(self, unit_id: str, role: Role) -> tuple[Person, ...]:
        """Return those who hold `role` in the unit, in the county's order; may be empty."""
        return self._posts.get((unit_id, role), ())

    @cached_property
    def _desks(self) -> dict[str, tuple[Unit, ...]]:
        """The duty rooms above each unit: an index, since each page asks."""
        return {
            unit_id: tuple(self._rooms_above(unit_id)) or (self.desk,) for unit_id in self.units
        }

    @cached_property
    def _under(self) -> dict[str, frozenset[str]]:
        rooms = [u.unit_id for u in self.units.values() if u.kind is UnitKind.GOVERNMENT_OFFICE]
        under: dict[str, set[str]] = {room: set() for room in rooms}
        for room in rooms:
            for above in self._desks[room]:
                under[above.unit_id].add(room)
        return {room: frozenset(below) for room, below in under.items()}

    def _rooms_above(self, unit_id: str) -> Iterator[Unit]:
        return (u for u in self._above(unit_id) if u.kind is UnitKind.GOVERNMENT_OFFICE)

    def _line_of(self, unit_id: str) -> set[str]:
        above = (u for u in self._above(unit_id) if u.kind is not UnitKind.GOVERNMENT_OFFICE)
        return {unit_id, *(unit.unit_id for unit in above)}

    def _above(self, unit_id: str) -> Iterator[Unit]:
        """Yield the unit and its superiors, nearest first."""
        seen = set[str]()
        unit = self.units.get(unit_id)
        while unit is not None and unit.unit_id not in seen:
            seen.add(unit.unit_id)
            yield unit
            unit = self.units.get(unit.superior_id or "")

    @cached_property
    def _posts(self) -> dict[tuple[str, Role], tuple[Person, ...]]:
        """Who holds what: an index, since each step of each ladder asks."""
        posts: dict[tuple[str, Role], tuple[Person, ...]] = {}
        for person in self.people.values():
            for role in person.roles:
                post = (person.unit_id, role)
                posts[post] = (*posts.get(post, ()), person)
        return posts
