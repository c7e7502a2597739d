"""How far may software go before a person speaks? 疑似与认定。"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lapses import standing, suspected
from rules.stretches import Way, stretches
from tests.builders import MINUTE, NIGHT
from vocabulary.terms import AnswerKind, Fulfilment, Lapse, LapseStanding, Stretch, Timeliness


@pytest.mark.parametrize("timeliness", list(Timeliness))
def test_software_never_suspects_intent(timeliness: Timeliness) -> None:
    assert suspected(timeliness) in (None, Lapse.LATE, Lapse.OMITTED)


@pytest.mark.parametrize("timeliness", [Timeliness.ON_TIME, Timeliness.UNKNOWN, Timeliness.PENDING])
def test_what_is_on_time_or_our_own_outage_is_not_suspected(timeliness: Timeliness) -> None:
    assert standing(timeliness, Fulfilment.MET, None) is LapseStanding.NONE


@pytest.mark.parametrize("timeliness", list(Timeliness))
def test_what_a_person_waived_was_never_to_be_reported(timeliness: Timeliness) -> None:
    assert suspected(timeliness, Fulfilment.WAIVED) is None
    assert standing(timeliness, Fulfilment.WAIVED, None) is LapseStanding.NONE


@pytest.mark.parametrize("fulfilment", list(Fulfilment))
@pytest.mark.parametrize("timeliness", list(Timeliness))
def test_a_persons_ruling_holds_whatever_the_clock_says(
    timeliness: Timeliness, fulfilment: Fulfilment
) -> None:
    assert standing(timeliness, fulfilment, AnswerKind.FINDING) is LapseStanding.FOUND
    assert standing(timeliness, fulfilment, AnswerKind.WAIVER) is LapseStanding.WAIVED


def test_each_stretch_lies_between_its_two_moments() -> None:
    way = Way(NIGHT, NIGHT + MINUTE, NIGHT + 3 * MINUTE, NIGHT + 6 * MINUTE, NIGHT + 10 * MINUTE)

    assert list(stretches(way).values()) == [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE]


MOMENTS = st.none() | st.integers(-500, 500).map(lambda minutes: NIGHT + minutes * MINUTE)


@given(st.builds(Way, *[MOMENTS] * 5))
def test_a_stretch_is_never_negative_and_never_made_up(way: Way) -> None:
    for word, length in stretches(way).items():
        assert length is None or length >= timedelta(0)
        if word is Stretch.SENT and None in (way.approved_at, way.received_at):
            assert length is None
