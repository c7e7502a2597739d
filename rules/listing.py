"""The county and its rota as plain data, for a command or a page to print. 清单。

Names and ids only: no telephone number and no channel address is ever in a row.
"""

from datetime import datetime
from typing import TypedDict

from rules.county import DESK_POSTS, County, Person
from rules.duty import gaps, last_handover, next_handover, on_duty, substitution
from vocabulary.terms import Role


class PersonRow(TypedDict):
    """A person as a list shows them. 人员。"""

    person_id: str
    name: str
    title: str
    roles: list[str]


class UnitRow(TypedDict):
    """A unit with its people. 单位。"""

    unit_id: str
    name: str
    kind: str
    people: list[PersonRow]


class DutyRow(TypedDict):
    """Who answers for a post, from when to when; `None`: the rota sets no end. 值班。

    `instead_of_rota` is true while a substitute stands in. Instants are ISO 8601.
    """

    role: str
    people: list[PersonRow]
    since: str | None
    until: str | None
    instead_of_rota: bool


class GapRow(TypedDict):
    """A post with nobody named for it. 空岗。Half-open; instants are ISO 8601."""

    role: str
    starts: str
    ends: str


def county_rows(county: County) -> list[UnitRow]:
    """Return every unit with its people, in the county's own order."""
    people: dict[str, list[PersonRow]] = {unit_id: [] for unit_id in county.units}
    for person in county.people.values():
        people[person.unit_id].append(_person_row(person))
    return [
        UnitRow(unit_id=u.unit_id, name=u.name, kind=u.kind.value, people=people[u.unit_id])
        for u in county.units.values()
    ]


def duty_rows(county: County, now: datetime) -> list[DutyRow]:
    """Return who is on duty at `now`, post by post up the ladder."""
    return [_duty_row(county, role, now) for role in DESK_POSTS]


def next_rows(county: County, now: datetime) -> list[DutyRow]:
    """Return who takes over each post next; a post that never passes on has no row."""
    handovers = ((role, next_handover(county, role, now)) for role in DESK_POSTS)
    return [_duty_row(county, role, handover) for role, handover in handovers if handover]


def gap_rows(county: County, start: datetime, days: int) -> list[GapRow]:
    """Return the gaps of the coming `days`."""
    return [
        GapRow(role=gap.role.value, starts=gap.starts.isoformat(), ends=gap.ends.isoformat())
        for gap in gaps(county, start, days)
    ]


def _duty_row(county: County, role: Role, now: datetime) -> DutyRow:
    since, until = last_handover(county, role, now), next_handover(county, role, now)
    return DutyRow(
        role=role.value,
        people=[_person_row(person) for person in on_duty(county, role, now)],
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        instead_of_rota=substitution(county, role, now) is not None,
    )


def _person_row(person: Person) -> PersonRow:
    return PersonRow(
        person_id=person.person_id,
        name=person.name,
        title=person.title,
        roles=[role.value for role in person.roles],
    )
