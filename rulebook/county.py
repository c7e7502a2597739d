"""Read one county from its folder, or say everything that is wrong with it. 读取县情。"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rulebook import channel_urls
from rulebook.channel_urls import AddressError
from rulebook.county_checks import Tables, check
from rulebook.county_tables import (
    CountyEntry,
    KindEntry,
    PeriodEntry,
    PersonEntry,
    RotationEntry,
    Row,
    SubstitutionEntry,
    UnitEntry,
    open_file,
)
from rulebook.lines import Mistake
from rules.calendars import Period
from rules.county import Channel, County, Person, Rotation, Substitution, Unit


class CountyError(ValueError):
    """The county cannot be used; `mistakes` are all its mistakes, by file and line."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        """Say them all, one a line."""
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def load(folder: Path, variables: Mapping[str, str]) -> County:
    """Return the county that the folder describes. 载入一县。

    Args:
        folder: holds county.yaml, channels.yaml, units.yaml, people.yaml and roster.yaml.
        variables: what `${NAME}` stands for, usually the environment; what it lacks is
            taken from `variables` in county.yaml.

    Raises:
        CountyError: with every mistake, since a half-read county would page half its people.
    """
    tables, mistakes = _read(folder)
    mistakes += check(tables)
    values = {**(tables.variables or {}), **variables}
    if tables.variables is not None:
        mistakes += _addresses(tables, values)
    if mistakes or tables.county is None:
        raise CountyError(tuple(sorted(set(mistakes))))
    return _build(tables, tables.county.entry, values)


def _read(folder: Path) -> tuple[Tables, list[Mistake]]:
    about = open_file(folder / "county.yaml")
    county = about.row(CountyEntry)
    roster = open_file(folder / "roster.yaml", ("rotations", "substitutions"))
    tables = Tables(
        county=county if isinstance(county, Row) else None,
        variables=about.texts("variables"),
        kinds=open_file(folder / "channels.yaml", ("kinds",)).table(KindEntry, "kinds"),
        units=open_file(folder / "units.yaml", ("units",)).table(UnitEntry, "units"),
        people=open_file(folder / "people.yaml", ("people",)).table(PersonEntry, "people"),
        rotations=roster.table(RotationEntry, "rotations"),
        substitutions=roster.table(SubstitutionEntry, "substitutions"),
    )
    mistakes = [] if isinstance(county, Row) else list(county)
    for table in (tables.kinds, tables.units, tables.people):
        mistakes += table.mistakes
    return tables, [*mistakes, *tables.rotations.mistakes, *tables.substitutions.mistakes]


def _addresses(tables: Tables, variables: Mapping[str, str]) -> Iterator[Mistake]:
    """Try what `_build` will do. A kind that is no good is told once, not for each person."""
    good: dict[str, KindEntry] = {}
    for kind in tables.kinds.rows:
        try:
            channel_urls.check_kind(kind.entry.url, variables, room=kind.entry.room)
            good[kind.entry.id] = kind.entry
        except AddressError as error:
            yield kind.mistake(str(error), "url")
    for person in tables.people.rows:
        try:
            channel_urls.check_mobile(person.entry.mobile, variables)
        except AddressError as error:
            yield person.mistake(str(error), "mobile")
    for unit in tables.units.rows:
        for number, room in enumerate(unit.entry.rooms):
            try:
                channel_urls.check_key(room.key, variables)
            except AddressError as error:
                yield unit.mistake(str(error), "rooms", number, "key")


def _build(tables: Tables, county: CountyEntry, variables: Mapping[str, str]) -> County:
    kinds = {row.entry.id: row.entry for row in tables.kinds.rows}
    units = (_unit(row.entry, kinds, variables) for row in tables.units.rows)
    people = (_person(row.entry, kinds, variables) for row in tables.people.rows)
    return County(
        county_id=county.id,
        name=county.name,
        duty_phone=county.duty_phone,
        secrecy_phone=county.secrecy_phone,
        profile=county.profile,
        units={unit.unit_id: unit for unit in units},
        people={person.person_id: person for person in people},
        rotations=tuple(_rotation(row.entry) for row in tables.rotations.rows),
        substitutions=tuple(_substitution(row.entry) for row in tables.substitutions.rows),
        periods=tuple(_period(each) for each in county.periods),
        upward_profile=county.upward_profile,
    )


def _period(entry: PeriodEntry) -> Period:
    year = int(entry.starts[:4]) if len(entry.starts) > len("05-15") else None
    starts, ends = ((int(day[-5:-3]), int(day[-2:])) for day in (entry.starts, entry.ends))
    return Period(entry.name, entry.calendar, starts, ends, year)


def _unit(entry: UnitEntry, kinds: Mapping[str, KindEntry], variables: Mapping[str, str]) -> Unit:
    rooms = (
        Channel(
            channel_id=f"{entry.id}.{room.kind}",
            url=channel_urls.fill(
                kinds[room.kind].url, {"key": room.key, "id": entry.id}, variables
            ),
            rings=kinds[room.kind].rings,
            is_room=True,
        )
        for room in entry.rooms
    )
    return Unit(
        unit_id=entry.id,
        name=entry.name,
        kind=entry.kind,
        superior_id=entry.superior,
        rooms=tuple(rooms),
        places=entry.places,
    )


def _person(
    entry: PersonEntry, kinds: Mapping[str, KindEntry], variables: Mapping[str, str]
) -> Person:
    fields = {"mobile": entry.mobile, "id": entry.id}
    channels = (
        Channel(
            channel_id=f"{entry.id}.{kind}",
            url=channel_urls.fill(kinds[kind].url, fields, variables),
            rings=kinds[kind].rings,
        )
        for kind in entry.channels
    )
    return Person(
        person_id=entry.id,
        name=entry.name,
        unit_id=entry.unit,
        roles=entry.roles,
        channels=tuple(channels),
        title=entry.title,
    )


def _rotation(entry: RotationEntry) -> Rotation:
    return Rotation(
        role=entry.role,
        starts_on=entry.starts_on,
        handover=entry.handover,
        people=entry.people,
        shift_days=entry.shift_days,
    )


def _substitution(entry: SubstitutionEntry) -> Substitution:
    return Substitution(
        role=entry.role,
        starts=entry.starts,
        ends=entry.ends,
        person_id=entry.person,
        approved_by=entry.approved_by,
    )
