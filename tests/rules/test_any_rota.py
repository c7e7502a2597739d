"""What must hold for any rota, however its substitutions fall? 任何值班表都须成立的性质。"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules.county import County
from rules.duty import next_handover, on_duty, shifts, substitution
from tests.rules.rotas import FIRST_MORNING, OFFICERS, SECOND, a_county, a_rota, a_stand_in
from vocabulary.terms import Role

instants = st.integers(0, 9 * 365 * 24 * 3600).map(lambda n: FIRST_MORNING + n * SECOND)


@st.composite
def counties(draw: st.DrawFn) -> County:
    """Any rota from the first morning on, with later rotas and substitutions, overlapping too."""
    names = st.sampled_from(OFFICERS)
    cycles = st.lists(names, min_size=1, max_size=9)
    lengths = st.integers(1, 14)
    later = st.dates(date(2026, 1, 2), date(2034, 1, 1))
    rotas = [a_rota(*draw(cycles), shift_days=draw(lengths))]
    rotas += [
        a_rota(*draw(cycles), starts_on=starts_on, shift_days=draw(lengths))
        for starts_on in draw(st.lists(later, max_size=3, unique=True))
    ]
    hours = st.integers(1, 1000).map(lambda count: timedelta(hours=count))
    stand_ins = draw(st.lists(st.tuples(names, instants, hours), max_size=4))
    return a_county(
        *draw(st.permutations(rotas)),
        substitutions=tuple(a_stand_in(who, at, at + long) for who, at, long in stand_ins),
    )


@given(county=counties(), now=instants)
def test_at_every_instant_a_rotated_post_has_exactly_one_person(
    county: County, now: datetime
) -> None:
    assert len(on_duty(county, Role.DUTY_OFFICER, now)) == 1


@given(county=counties(), now=instants)
def test_the_rota_replays_whatever_the_time_zone(county: County, now: datetime) -> None:
    again = on_duty(county, Role.DUTY_OFFICER, now.astimezone(UTC))

    assert again == on_duty(county, Role.DUTY_OFFICER, now)


@given(county=counties(), start=instants, days=st.integers(0, 60))
def test_shifts_follow_each_other_without_a_hole(
    county: County, start: datetime, days: int
) -> None:
    told = shifts(county, Role.DUTY_OFFICER, start, days)

    assert told[0].starts <= start < told[0].ends
    assert told[-1].ends >= start + timedelta(days=days)
    assert all(one.ends == other.starts for one, other in pairwise(told))


@given(county=counties(), start=instants, data=st.data())
def test_throughout_a_shift_the_same_people_are_on_duty(
    county: County, start: datetime, data: st.DataObject
) -> None:
    shift = shifts(county, Role.DUTY_OFFICER, start, days=0)[0]
    last_second = (shift.ends - shift.starts) // SECOND - 1
    within = shift.starts + data.draw(st.integers(0, last_second)) * SECOND

    assert on_duty(county, Role.DUTY_OFFICER, within) == shift.people
    assert substitution(county, Role.DUTY_OFFICER, within) == shift.substitution
    assert next_handover(county, Role.DUTY_OFFICER, within) == shift.ends


@given(start=instants, days=st.integers(1, 60))
def test_each_officer_serves_in_turn(start: datetime, days: int) -> None:
    told = shifts(a_county(), Role.DUTY_OFFICER, start, days)
    turns = [OFFICERS.index(shift.people[0].person_id) for shift in told]

    assert all((one + 1) % 3 == other for one, other in pairwise(turns))
