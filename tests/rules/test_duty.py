"""Who is on duty, and until when? 谁在值班？

Read downwards: the handover and its edges, substitutions, posts without a rota, holes in the
rota, which post is whose. What must hold for any rota is in `test_any_rota`.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.county import Unit
from rules.duty import gaps, last_handover, next_handover, on_duty, people_for, shifts
from tests.rules.rotas import (
    DAY,
    DESK,
    EVENING,
    FIRST_MORNING,
    NEXT_NOON,
    OFFICERS,
    SECOND,
    a_county,
    a_person,
    a_rota,
    a_stand_in,
    the_officer,
)
from vocabulary.china_time import BEIJING
from vocabulary.terms import Role, UnitKind


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(FIRST_MORNING, "an", id="the first second of the rota"),
        pytest.param(FIRST_MORNING + DAY - SECOND, "an", id="a second before the handover"),
        pytest.param(FIRST_MORNING + DAY, "bo", id="on the very second of the handover"),
        pytest.param(datetime(2026, 1, 2, 23, 59, 59, tzinfo=BEIJING), "bo", id="before midnight"),
        pytest.param(datetime(2026, 1, 3, 0, 0, tzinfo=BEIJING), "bo", id="midnight"),
        pytest.param(datetime(2026, 1, 3, 3, 0, tzinfo=BEIJING), "bo", id="three in the morning"),
        pytest.param(FIRST_MORNING + 3 * DAY, "an", id="once round"),
        pytest.param(datetime(2026, 1, 2, 0, 29, 59, tzinfo=UTC), "an", id="in UTC, just before"),
        pytest.param(datetime(2026, 1, 2, 0, 30, tzinfo=UTC), "bo", id="in UTC, on the second"),
    ],
)
def test_a_shift_lasts_from_handover_to_handover(now: datetime, expected: str) -> None:
    assert the_officer(a_county(), now) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(6, "an", id="the last day of the first week"),
        pytest.param(7, "bo", id="the second week"),
    ],
)
def test_a_shift_of_a_week_lasts_a_week(days: int, expected: str) -> None:
    county = a_county(a_rota(shift_days=7))

    assert the_officer(county, FIRST_MORNING + days * DAY) == expected


def test_a_new_rota_takes_over_at_its_first_handover() -> None:
    county = a_county(a_rota("an", "bo"), a_rota("cai", starts_on=date(2026, 1, 4)))
    takes_over = FIRST_MORNING + 3 * DAY

    assert the_officer(county, takes_over - SECOND) == "an"
    assert the_officer(county, takes_over) == "cai"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(EVENING - SECOND, "an", id="a second before"),
        pytest.param(EVENING, "cai", id="on its first second"),
        pytest.param(FIRST_MORNING + DAY, "cai", id="over the handover of the rota"),
        pytest.param(NEXT_NOON - SECOND, "cai", id="its last second"),
        pytest.param(NEXT_NOON, "bo", id="on the second of its end"),
    ],
)
def test_a_substitute_comes_before_the_rota(now: datetime, expected: str) -> None:
    county = a_county(substitutions=(a_stand_in("cai", EVENING, NEXT_NOON),))

    assert the_officer(county, now) == expected


def test_of_two_substitutions_the_later_written_holds() -> None:
    twice = (
        a_stand_in("bo", EVENING, NEXT_NOON),
        a_stand_in("cai", EVENING + timedelta(hours=1), NEXT_NOON),
    )
    county = a_county(substitutions=twice)

    assert the_officer(county, EVENING) == "bo"
    assert the_officer(county, EVENING + timedelta(hours=1)) == "cai"


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        pytest.param(
            FIRST_MORNING, FIRST_MORNING, EVENING, id="on the very second, it is the next"
        ),
        pytest.param(EVENING - SECOND, FIRST_MORNING, EVENING, id="before a substitution"),
        pytest.param(EVENING, EVENING, NEXT_NOON, id="over the handover of the rota"),
        pytest.param(NEXT_NOON, NEXT_NOON, FIRST_MORNING + 2 * DAY, id="after a substitution"),
        pytest.param(FIRST_MORNING - DAY, None, FIRST_MORNING, id="before the rota"),
    ],
)
def test_a_handover_is_where_the_post_passes_on(
    now: datetime, last: datetime | None, following: datetime
) -> None:
    county = a_county(substitutions=(a_stand_in("cai", EVENING, NEXT_NOON),))

    assert last_handover(county, Role.DUTY_OFFICER, now) == last
    assert next_handover(county, Role.DUTY_OFFICER, now) == following


def test_a_post_without_a_rota_is_everyone_who_holds_it_at_the_desk() -> None:
    county = a_county()

    holders = on_duty(county, Role.SUPERVISOR, FIRST_MORNING)

    assert [person.person_id for person in holders] == ["watcher", "deputy"]
    assert next_handover(county, Role.SUPERVISOR, FIRST_MORNING) is None


def test_a_page_before_the_rota_begins_still_finds_the_officers() -> None:
    officers = on_duty(a_county(), Role.DUTY_OFFICER, FIRST_MORNING - SECOND)

    assert tuple(person.person_id for person in officers) == OFFICERS


def test_the_days_before_the_rota_are_a_gap() -> None:
    (gap,) = gaps(a_county(), FIRST_MORNING - 2 * DAY, days=30)

    assert gap.role is Role.DUTY_OFFICER
    assert (gap.starts, gap.ends) == (FIRST_MORNING - 2 * DAY, FIRST_MORNING)


def test_a_substitute_before_the_rota_halves_the_gap() -> None:
    eve = FIRST_MORNING - DAY
    county = a_county(substitutions=(a_stand_in("bo", eve, eve + timedelta(hours=6)),))

    found = gaps(county, eve - DAY, days=30)

    assert [(gap.starts, gap.ends) for gap in found] == [
        (eve - DAY, eve),
        (eve + timedelta(hours=6), FIRST_MORNING),
    ]


def test_a_post_that_nobody_holds_is_a_gap_all_the_time() -> None:
    county = a_county()
    without = {name: person for name, person in county.people.items() if name != "vice"}
    county = replace(county, people=without)

    (gap,) = gaps(county, FIRST_MORNING, days=30)

    assert gap.role is Role.LEADER_IN_CHARGE
    assert gap.ends - gap.starts == 30 * DAY
    assert on_duty(county, Role.LEADER_IN_CHARGE, FIRST_MORNING) == ()


def test_a_full_rota_has_no_gap() -> None:
    assert gaps(a_county(), FIRST_MORNING, days=400) == ()


def test_the_shifts_are_told_whole_and_cut_by_a_substitution() -> None:
    county = a_county(substitutions=(a_stand_in("cai", EVENING, NEXT_NOON),))

    told = shifts(county, Role.DUTY_OFFICER, EVENING - SECOND, days=1)

    assert [(s.people[0].person_id, s.starts, s.ends) for s in told] == [
        ("an", FIRST_MORNING, EVENING),
        ("cai", EVENING, NEXT_NOON),
        ("bo", NEXT_NOON, FIRST_MORNING + 2 * DAY),
    ]
    assert told[1].substitution == county.substitutions[0]


@pytest.mark.parametrize(
    ("role", "unit_id", "expected"),
    [
        pytest.param(Role.CLERK, "qingshi", ["clerk"], id="the clerk of the unit that owes"),
        pytest.param(Role.UNIT_HEAD, "qingshi", ["head"], id="its head"),
        pytest.param(Role.DUTY_OFFICER, "qingshi", ["an"], id="the desk's officer"),
        pytest.param(Role.SUPERVISOR, "qingshi", ["watcher", "deputy"], id="the supervisors"),
        pytest.param(Role.CLERK, DESK, ["an"], id="what the desk owes, its officer owes"),
        pytest.param(Role.UNIT_HEAD, DESK, ["director"], id="and its director heads"),
        pytest.param(Role.CLERK, "nowhere", [], id="an unknown unit has nobody"),
    ],
)
def test_a_units_posts_are_its_own_and_the_others_the_desks(
    role: Role, unit_id: str, expected: list[str]
) -> None:
    found = people_for(a_county(), role, unit_id, FIRST_MORNING)

    assert [person.person_id for person in found] == expected


@pytest.mark.parametrize(
    ("role", "unit_id", "expected"),
    [
        pytest.param(Role.DUTY_OFFICER, "hill", ["eve"], id="its own desk's officer"),
        pytest.param(Role.DUTY_OFFICER, "far", ["eve"], id="also two levels up"),
        pytest.param(Role.OFFICE_DIRECTOR, "hill", ["director"], id="a post it lacks: from above"),
        pytest.param(Role.CLERK, "lower", ["eve"], id="what that desk owes, its officer owes"),
        pytest.param(Role.DUTY_OFFICER, "round", ["an"], id="superiors in a circle: the county's"),
        pytest.param(Role.DUTY_OFFICER, "qingshi", ["an"], id="all others: the county's"),
    ],
)
def test_a_desk_of_its_own_is_the_nearest_superior_that_has_one(
    role: Role, unit_id: str, expected: list[str]
) -> None:
    county = a_county()
    more = (
        Unit("lower", "新区办", UnitKind.GOVERNMENT_OFFICE, superior_id=DESK),
        Unit("hill", "山镇", UnitKind.TOWNSHIP, superior_id="lower"),
        Unit("far", "远村", UnitKind.BUREAU, superior_id="hill"),
        Unit("round", "甲", UnitKind.BUREAU, superior_id="about"),
        Unit("about", "乙", UnitKind.BUREAU, superior_id="round"),
    )
    eve = a_person("eve", Role.DUTY_OFFICER, unit_id="lower")
    wider = replace(
        county,
        units=county.units | {unit.unit_id: unit for unit in more},
        people=county.people | {"eve": eve},
    )

    found = people_for(wider, role, unit_id, FIRST_MORNING)

    assert [person.person_id for person in found] == expected


def test_a_desk_sees_its_own_alerts_and_those_below_it() -> None:
    county = a_county()
    lower = Unit("lower", "新区办", UnitKind.GOVERNMENT_OFFICE, superior_id=DESK)
    wider = replace(county, units=county.units | {"lower": lower})

    assert county.desks_under(DESK) is None
    assert wider.desks_under(DESK) is None
    assert wider.desks_under("lower") == frozenset({"lower"})
