"""Does the law of the incident's day bind its case to the end? 事发当日的规定管到底。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.schema import obligations
from tests.builders import FIRE, HOUR, NIGHT, an_arrival, the_law
from tests.streams.duty_book import DutyBook
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, by
from vocabulary.case_act import Close
from vocabulary.terms import Duty, Stage

A_DAY = timedelta(days=1)
NEXT_NIGHT = {name: text.replace("24日", "25日") for name, text in FIRE.items()}
CHANGED = {Duty.FOLLOW_UP_REPORT, Duty.FINAL_REPORT}


@pytest.fixture
def room(room: DutyBook) -> DutyBook:
    """A house whose law for follow-ups and final reports becomes six hours at midnight."""
    law = the_law()
    duties = dict(law.obligations)
    for duty in CHANGED:
        old = duties[duty].limits["*"]
        general = next(each for each in old if not each.codes and each.severities is None)
        new = replace(general, length=6 * HOUR, in_force_from=(NIGHT + A_DAY).date())
        duties[duty] = replace(duties[duty], limits={"*": (new, *old)})
    room.change_desk(rulebook=replace(law, obligations=duties))
    return room


def limits(room: DutyBook, duty: Duty) -> list[int]:
    return [row["limit_seconds"] for row in room.rows(obligations, duty=duty.value)]


def test_a_follow_up_after_midnight_is_asked_for_by_the_law_of_the_day_before(
    room: DutyBook,
) -> None:
    uid = a_case(room)

    room.take(an_arrival("2", at=NIGHT + A_DAY, **FIRE, stage=Stage.FOLLOW_UP, case_id=str(uid)))

    assert limits(room, Duty.FOLLOW_UP_REPORT) == [86_400, 86_400]


def test_so_is_the_final_report(room: DutyBook) -> None:
    uid = a_case(room)
    acknowledged(room)

    room.act(Close(uid, by(after=A_DAY), is_false_alarm=False))

    assert limits(room, Duty.FINAL_REPORT) == [86_400]


def test_what_happens_after_midnight_lives_by_the_new_law(room: DutyBook) -> None:
    told = room.take(an_arrival("1", at=NIGHT + A_DAY, **NEXT_NIGHT))

    room.take(
        an_arrival(
            "2", at=NIGHT + 2 * A_DAY, **NEXT_NIGHT, stage=Stage.FOLLOW_UP, case_id=told["case_id"]
        )
    )

    assert limits(room, Duty.FOLLOW_UP_REPORT) == [21_600, 21_600]


def test_what_was_told_after_midnight_of_the_day_before_lives_by_the_old_one(
    room: DutyBook,
) -> None:
    """Its text says when it happened; a sender who also states it says the same."""
    told = room.take(an_arrival("1", at=NIGHT + A_DAY, **FIRE))

    room.take(
        an_arrival(
            "2", at=NIGHT + 2 * A_DAY, **FIRE, stage=Stage.FOLLOW_UP, case_id=told["case_id"]
        )
    )

    assert limits(room, Duty.FOLLOW_UP_REPORT) == [86_400, 86_400]
