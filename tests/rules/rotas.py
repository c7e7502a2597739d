"""A small county with three officers and a rota, for tests to turn as they need. 造数。"""

from datetime import date, datetime, time, timedelta

from rules.county import Channel, County, Person, Rotation, Substitution, Unit
from rules.duty import on_duty
from vocabulary.china_time import BEIJING
from vocabulary.terms import Role, UnitKind

DESK = "zhengfuban"
OFFICERS = ("an", "bo", "cai")
FIRST_MORNING = datetime(2026, 1, 1, 8, 30, tzinfo=BEIJING)
EVENING = FIRST_MORNING.replace(hour=20, minute=0)
NEXT_NOON = FIRST_MORNING.replace(day=2, hour=12, minute=0)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def a_person(person_id: str, *roles: Role, unit_id: str = DESK) -> Person:
    channel = Channel(f"{person_id}.sms", "jibao-sms://127.0.0.1/12000000000")
    return Person(person_id, f"某{person_id}", unit_id, roles, (channel,))


def a_rota(*people: str, starts_on: date = FIRST_MORNING.date(), shift_days: int = 1) -> Rotation:
    return Rotation(
        role=Role.DUTY_OFFICER,
        starts_on=starts_on,
        handover=time(8, 30),
        people=people or OFFICERS,
        shift_days=shift_days,
    )


def a_stand_in(person_id: str, starts: datetime, ends: datetime) -> Substitution:
    return Substitution(Role.DUTY_OFFICER, starts, ends, person_id, approved_by="leader")


def a_county(*rotations: Rotation, substitutions: tuple[Substitution, ...] = ()) -> County:
    people = (
        *(a_person(name, Role.DUTY_OFFICER) for name in OFFICERS),
        a_person("leader", Role.DUTY_LEADER),
        a_person("director", Role.OFFICE_DIRECTOR),
        a_person("vice", Role.LEADER_IN_CHARGE),
        a_person("chief", Role.PRINCIPAL_LEADER),
        a_person("watcher", Role.SUPERVISOR),
        a_person("deputy", Role.SUPERVISOR),
        a_person("clerk", Role.CLERK, unit_id="qingshi"),
        a_person("head", Role.UNIT_HEAD, unit_id="qingshi"),
    )
    units = (
        Unit(DESK, "县政府办", UnitKind.GOVERNMENT_OFFICE),
        Unit("qingshi", "青石镇", UnitKind.TOWNSHIP),
    )
    return County(
        county_id="yunling",
        name="云岭县",
        duty_phone="0",
        secrecy_phone="0",
        profile="national_30_60",
        units={unit.unit_id: unit for unit in units},
        people={person.person_id: person for person in people},
        rotations=rotations or (a_rota(),),
        substitutions=substitutions,
    )


def the_officer(county: County, now: datetime) -> str:
    (person,) = on_duty(county, Role.DUTY_OFFICER, now)
    return person.person_id
