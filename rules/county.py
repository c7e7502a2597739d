"""One county as values: units, people, rota, channels. 县情。

Read from `county/` by `rulebook.county.load`; nothing here reads a file or a clock.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from vocabulary.terms import Role, UnitKind

UNIT_POSTS = (Role.CLERK, Role.UNIT_HEAD)
"""Posts each unit has of its own; all other posts are the county desk's. 单位岗位。"""

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

    @cached_property
    def desk(self) -> Unit:
        """The government office whose duty room this is."""
        return next(u for u in self.units.values() if u.kind is UnitKind.GOVERNMENT_OFFICE)

    @cached_property
    def reporting_units(self) -> tuple[Unit, ...]:
        """Townships and bureaus, in the county's own order: those that owe reports."""
        kinds = (UnitKind.TOWNSHIP, UnitKind.BUREAU)
        return tuple(u for u in self.units.values() if u.kind in kinds)

    def people_of(self, unit_id: str, role: Role) -> tuple[Person, ...]:
        """Return those who hold `role` in the unit, in the county's order; may be empty."""
        return self._posts.get((unit_id, role), ())

    @cached_property
    def _posts(self) -> dict[tuple[str, Role], tuple[Person, ...]]:
        """Who holds what: an index, since each step of each ladder asks."""
        posts: dict[tuple[str, Role], tuple[Person, ...]] = {}
        for person in self.people.values():
            for role in person.roles:
                post = (person.unit_id, role)
                posts[post] = (*posts.get(post, ()), person)
        return posts
