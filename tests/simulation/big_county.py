"""The shipped county, grown to as many units as a real one has. 九十六个单位的县。"""

from dataclasses import replace
from functools import cache

from rules.county import Channel, County, Person, Unit
from tests.builders import DESK, the_county
from vocabulary.terms import Role, UnitKind

UNITS = 96


@cache
def the_big_county() -> County:
    """Ninety-six units that owe reports, each new one with a clerk and a head."""
    county = the_county()
    names = [f"bureau-{number:02d}" for number in range(UNITS - len(county.reporting_units))]
    added = {n: Unit(n, f"第{n[-2:]}局", UnitKind.BUREAU, superior_id=DESK) for n in names}
    people = {
        person.person_id: person
        for unit_id in names
        for person in (
            _person(f"clerk-of-{unit_id}", unit_id, Role.CLERK),
            _person(f"head-of-{unit_id}", unit_id, Role.UNIT_HEAD),
        )
    }
    return replace(county, units=county.units | added, people=county.people | people)


def _person(person_id: str, unit_id: str, role: Role) -> Person:
    app = Channel(f"{person_id}.app", f"jibao-webhook://127.0.0.1:8900/webhook/{person_id}")
    return Person(person_id, person_id, unit_id, (role,), (app,))
