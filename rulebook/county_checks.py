"""Do the tables of a county fit together? 县情核对。

Each check yields every mistake it finds. An entry of bad shape was told already: naming it is
no second mistake, and as long as one stands in a table nothing is said to be absent from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.county_tables import (
    CountyEntry,
    KindEntry,
    PersonEntry,
    RotationEntry,
    Row,
    SubstitutionEntry,
    Table,
    UnitEntry,
)
from rulebook.lines import Mistake
from rules.county import DESK_POSTS, UNIT_POSTS
from vocabulary.terms import Role, UnitKind

POSTS: Mapping[Role, str] = {
    Role.CLERK: "信息员",
    Role.UNIT_HEAD: "单位负责人",
    Role.DUTY_OFFICER: "值班员",
    Role.DUTY_LEADER: "带班领导",
    Role.OFFICE_DIRECTOR: "办公室主任",
    Role.LEADER_IN_CHARGE: "分管领导",
    Role.PRINCIPAL_LEADER: "主要领导",
    Role.SUPERVISOR: "督查",
}


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of one county.

    `county` is `None` when there is a mistake in its file, `variables` when none can be read
    there: then no address can be judged.
    """

    county: Row[CountyEntry] | None
    variables: Mapping[str, str] | None
    kinds: Table[KindEntry]
    units: Table[UnitEntry]
    people: Table[PersonEntry]
    rotations: Table[RotationEntry]
    substitutions: Table[SubstitutionEntry]

    @property
    def desks(self) -> tuple[Row[UnitEntry], ...]:
        """The government offices: each has a duty room; the first one is the county's."""
        return tuple(r for r in self.units.rows if r.entry.kind is UnitKind.GOVERNMENT_OFFICE)


def check(tables: Tables) -> Iterator[Mistake]:
    """Yield every mistake between the tables."""
    yield from _ids(tables)
    yield from _rooms(tables)
    yield from _superiors(tables)
    yield from _places(tables)
    yield from _people(tables)
    yield from _vacancies(tables)
    yield from _rotations(tables)
    yield from _substitutions(tables)


def _ids(tables: Tables) -> Iterator[Mistake]:
    """Units and people share one space of ids: a token is issued to either."""
    yield from _twice((row.entry.id, row) for row in tables.kinds.rows)
    units = [(row.entry.id, row) for row in tables.units.rows]
    people = [(row.entry.id, row) for row in tables.people.rows]
    yield from _twice([*units, *people])


def _twice(named: Iterable[tuple[str, Row[Any]]]) -> Iterator[Mistake]:
    first: dict[str, Row[Any]] = {}
    for name, row in named:
        earlier = first.setdefault(name, row)
        if earlier is not row:
            place = earlier.mistake("", "id")
            where = f"{place.file} 第 {place.line} 行"
            yield row.mistake(f"编号“{name}”已用过（{where}），编号不得重复", "id")


def _rooms(tables: Tables) -> Iterator[Mistake]:
    kinds = {row.entry.id: row.entry for row in tables.kinds.rows}
    for row in tables.units.rows:
        seen = set[str]()
        for number, each in enumerate(row.entry.rooms):
            at = ("rooms", number, "kind")
            if not tables.kinds.may_have(each.kind):
                yield row.mistake(f"没有“{each.kind}”这种渠道（见 channels.yaml）", *at)
            elif each.kind in kinds and not kinds[each.kind].room:
                yield row.mistake(f"“{each.kind}”是个人渠道，不是群（room）", *at)
            elif each.kind in seen:
                yield row.mistake(f"一个单位的“{each.kind}”群只能有一个", *at)
            seen.add(each.kind)


def _superiors(tables: Tables) -> Iterator[Mistake]:
    for row in tables.units.rows:
        superior = row.entry.superior
        if superior == row.entry.id:
            yield row.mistake("上级不能是本单位自己", "superior")
        elif superior is not None and not tables.units.may_have(superior):
            yield row.mistake(f"没有编号为“{superior}”的单位", "superior")


def _places(tables: Tables) -> Iterator[Mistake]:
    """A place decides whose report is owed, so it must be one unit's."""
    first: dict[str, UnitEntry] = {}
    for row in tables.units.rows:
        for number, place in enumerate(row.entry.places):
            earlier = first.setdefault(place, row.entry)
            if earlier is not row.entry:
                yield row.mistake(f"地名“{place}”已归{earlier.name}", "places", number)
            elif place in row.entry.places[:number]:
                yield row.mistake(f"地名“{place}”写了两次", "places", number)


def _people(tables: Tables) -> Iterator[Mistake]:
    desks = {desk.entry.id: desk.entry.name for desk in tables.desks}
    for row in tables.people.rows:
        unit = row.entry.unit
        if not tables.units.may_have(unit):
            yield row.mistake(f"没有编号为“{unit}”的单位", "unit")
        elif desks and unit not in desks:
            for number, role in enumerate(row.entry.roles):
                if role in DESK_POSTS:
                    first = next(iter(desks))
                    sentence = f"{POSTS[role]}须是值班室（{first}）的人，{unit} 的人不能担任"
                    yield row.mistake(sentence, "roles", number)
        yield from _channels(row, tables)


def _channels(row: Row[PersonEntry], tables: Tables) -> Iterator[Mistake]:
    kinds = {each.entry.id: each.entry for each in tables.kinds.rows}
    for number, kind in enumerate(row.entry.channels):
        at = ("channels", number)
        if not tables.kinds.may_have(kind):
            yield row.mistake(f"没有“{kind}”这种渠道（见 channels.yaml）", *at)
        elif kind in kinds and kinds[kind].room:
            yield row.mistake(f"“{kind}”是群，不能代替呼叫到人", *at)
        elif kind in row.entry.channels[:number]:
            yield row.mistake(f"渠道“{kind}”写了两次", *at)


def _vacancies(tables: Tables) -> Iterator[Mistake]:
    """A desk; each unit with its posts; each post of each desk's ladder with somebody."""
    if tables.units.mistakes:
        return
    if not tables.desks:
        sentence = "缺少县政府办（kind: government_office），值班室设在那里"
        yield Mistake(tables.units.file, tables.units.line, sentence)
    if tables.people.mistakes:
        return
    held = {(row.entry.unit, role) for row in tables.people.rows for role in row.entry.roles}
    for row in tables.units.rows:
        posts = () if row.entry.kind is UnitKind.GOVERNMENT_OFFICE else UNIT_POSTS
        for role in posts:
            if (row.entry.id, role) not in held:
                yield row.mistake(f"{row.entry.name}没有{POSTS[role]}（{role.value}）")
    for role in DESK_POSTS if tables.desks else ():
        if (tables.desks[0].entry.id, role) not in held:
            sentence = f"值班室无人担任{POSTS[role]}（{role.value}），呼叫到这一级将无人可找"
            yield Mistake(tables.people.file, tables.people.line, sentence)
    yield from _lower_desks(tables, held)


def _lower_desks(tables: Tables, held: AbstractSet[tuple[str, Role]]) -> Iterator[Mistake]:
    """A further desk has an officer of its own; its other posts may be those of a desk above."""
    units = {row.entry.id: row.entry for row in tables.units.rows}
    for row in tables.desks[1:]:
        above = [unit.id for unit in _chain(row.entry, units)]
        for role in DESK_POSTS:
            rooms = above[:1] if role is Role.DUTY_OFFICER else above
            if not any((room, role) in held for room in rooms):
                where = "" if role is Role.DUTY_OFFICER else "，其上级值班室也没有"
                sentence = (
                    f"{row.entry.name}设了值班室，但无人担任{POSTS[role]}（{role.value}）{where}"
                )
                yield row.mistake(sentence, "kind")


def _chain(unit: UnitEntry, units: Mapping[str, UnitEntry]) -> list[UnitEntry]:
    """Return a unit and its superiors, nearest first; a circle is gone round once."""
    chain = [unit]
    while (above := units.get(chain[-1].superior or "")) is not None and above not in chain:
        chain.append(above)
    return chain


def _rotations(tables: Tables) -> Iterator[Mistake]:
    begun = set[tuple[Role, date]]()
    for row in tables.rotations.rows:
        role, start = row.entry.role, row.entry.starts_on
        if role in UNIT_POSTS:
            yield row.mistake(f"{POSTS[role]}是各单位自己的岗位，不排县值班表", "role")
            continue
        if (role, start) in begun:
            yield row.mistake(f"{POSTS[role]}的值班表有两份从 {start} 起", "starts_on")
        begun.add((role, start))
        first = tables.desks[0].entry.id if tables.desks else None
        holders = {
            r.entry.id
            for r in tables.people.rows
            if role in r.entry.roles and first in (None, r.entry.unit)
        }
        known = {r.entry.id for r in tables.people.rows}
        for number, person_id in enumerate(row.entry.people):
            if not tables.people.may_have(person_id):
                yield row.mistake(f"没有编号为“{person_id}”的人", "people", number)
            elif person_id in known - holders:
                sentence = f"“{person_id}”不担任{POSTS[role]}（{role.value}），不能排入此表"
                yield row.mistake(sentence, "people", number)


def _substitutions(tables: Tables) -> Iterator[Mistake]:
    earlier: list[SubstitutionEntry] = []
    for row in tables.substitutions.rows:
        entry = row.entry
        if entry.role in UNIT_POSTS:
            yield row.mistake(f"{POSTS[entry.role]}是各单位自己的岗位，不排县值班表", "role")
        if entry.ends <= entry.starts:
            yield row.mistake("替班的结束须晚于开始", "ends")
        for key, person_id in (("person", entry.person), ("approved_by", entry.approved_by)):
            if not tables.people.may_have(person_id):
                yield row.mistake(f"没有编号为“{person_id}”的人", key)
        if entry.person == entry.approved_by:
            yield row.mistake("替班须经他人同意，不能由替班人自己批准", "approved_by")
        if any(_overlap(entry, other) for other in earlier):
            yield row.mistake(f"与前面一条{POSTS[entry.role]}替班的时间重叠", "starts")
        earlier.append(entry)


def _overlap(one: SubstitutionEntry, other: SubstitutionEntry) -> bool:
    return one.role is other.role and one.starts < other.ends and other.starts < one.ends
