"""The same item twice, another under its key, many at once: what is answered and kept? 回执。"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ledger.schema import inbox, submissions
from rules.lane import Lane
from tests.builders import (
    BLAST,
    FIRE,
    HOUR,
    MEETING,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    NIL,
    SECOND,
    WALL,
    Item,
    an_arrival,
    from_the_inbox,
)
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Conflict, Receipted
from vocabulary.judgement import JUDGEMENT
from vocabulary.terms import Duty


def test_a_receipt_tells_verdict_case_debts_and_what_is_missing(room: DutyBook) -> None:
    receipt = room.take(an_arrival(**WALL))

    assert receipt["verdict"] == "emergency"
    assert receipt["severity"] == "serious"
    assert receipt["received_at"] == "2026-11-24T03:12:07+08:00"
    assert receipt["case_id"]
    written, follow_up, asked_back = receipt["obligations"]
    assert (written["kind"], written["fulfilment"]) == ("written_first_report", "met")
    assert written["timeliness"] == "on_time"
    assert written["due_at"] == "2026-11-24T04:12:07+08:00"
    assert (follow_up["kind"], follow_up["fulfilment"]) == ("follow_up_report", "open")
    assert (asked_back["kind"], asked_back["fulfilment"]) == ("missing_elements", "open")
    assert "missing" in receipt["missing_elements"]


def test_a_known_at_that_was_assumed_is_asked_back(room: DutyBook) -> None:
    assert "known_at" in room.take(an_arrival())["missing_elements"]
    told = room.take(an_arrival("report-2", **FIRE, known_at=NIGHT - MINUTE))
    assert "known_at" not in told["missing_elements"]


def test_a_routine_item_is_kept_and_calls_nobody(room: DutyBook) -> None:
    receipt = room.take(an_arrival(**MEETING))

    assert (receipt["verdict"], receipt["case_id"]) == ("routine", None)
    assert room.sendings == []
    assert room.counts()["submissions"] == 1


def test_the_same_key_and_body_get_the_same_receipt_and_change_nothing(room: DutyBook) -> None:
    (first,) = room.absorb(an_arrival())
    before = room.counts()

    (again,) = room.absorb(an_arrival(at=NIGHT + HOUR))

    assert again == Receipted(first.receipt, is_repeat=True)
    assert room.counts() == before
    assert room.sendings == []


def test_the_same_item_twice_in_one_batch_is_one_item(room: DutyBook) -> None:
    first, second = room.absorb(an_arrival(), an_arrival(at=NIGHT + SECOND))

    assert second == Receipted(first.receipt, is_repeat=True)
    assert room.counts()["submissions"] == room.counts()["cases"] == 1


@pytest.mark.parametrize("is_one_batch", [True, False], ids=["in one batch", "across batches"])
def test_another_body_under_a_used_key_is_a_conflict_and_is_not_kept(
    room: DutyBook, *, is_one_batch: bool
) -> None:
    first, other = an_arrival(), an_arrival(**WALL)

    if is_one_batch:
        _, answer = room.absorb(first, other)
    else:
        room.absorb(first)
        (answer,) = room.absorb(other)

    assert answer == Conflict(first.uid)
    assert room.counts()["submissions"] == 1


def test_two_units_may_use_the_same_key(room: DutyBook) -> None:
    room.absorb(an_arrival("1"), an_arrival("1", NEIGHBOUR, **WALL))

    assert room.counts()["submissions"] == 2


def test_without_a_key_two_nil_reports_in_the_same_words_are_two(room: DutyBook) -> None:
    one, other = an_arrival("a", **NIL), an_arrival("b", **NIL)

    room.absorb(replace(one, is_keyed=False), replace(other, is_keyed=False))

    assert room.counts()["submissions"] == 2


def test_two_bodies_that_took_one_key_unseen_are_both_kept(room: DutyBook) -> None:
    room.absorb(an_arrival())

    (answer,) = room.absorb(from_the_inbox(an_arrival(**WALL)))

    assert isinstance(answer, Receipted)
    assert [row["verdict"] for row in room.rows(submissions)] == ["emergency", "emergency"]


def test_a_second_body_under_one_key_that_comes_twice_is_kept_once(room: DutyBook) -> None:
    room.absorb(an_arrival())
    (first,) = room.absorb(from_the_inbox(an_arrival(**WALL)))
    before = room.counts()

    (again,) = room.absorb(from_the_inbox(an_arrival(**WALL)))

    assert again == Receipted(first.receipt, is_repeat=True)
    assert room.counts() == before


def test_a_batch_is_kept_first_and_judged_after(room: DutyBook) -> None:
    answers = room.keep(an_arrival(**MEETING), an_arrival("2", **FIRE))

    assert ['"verdict":null' in answer.receipt for answer in answers] == [True, True]
    assert room.counts()["submissions"] == 0
    assert (room.drain("express"), room.drain("submissions")) == (1, 1)
    assert room.counts()["inbox"] == 0
    assert {row["verdict"] for row in room.rows(submissions)} == {"routine", "emergency"}


def test_a_batch_item_keeps_its_first_receipt_when_it_has_been_judged(room: DutyBook) -> None:
    (first,) = room.keep(an_arrival(**FIRE))
    room.drain("express")

    (in_a_batch,) = room.keep(an_arrival(at=NIGHT + HOUR, **FIRE))
    (alone,) = room.absorb(an_arrival(at=NIGHT + HOUR, **FIRE))

    assert (in_a_batch.receipt, alone.receipt) == (first.receipt, first.receipt)
    assert room.row(submissions)["verdict"] == "emergency"


def test_what_waits_in_the_inbox_is_a_repeat_or_a_conflict_like_what_was_judged(
    room: DutyBook,
) -> None:
    (kept,) = room.keep(an_arrival())

    again, other = room.keep(an_arrival(at=NIGHT + HOUR), an_arrival(**WALL))
    (at_the_door,) = room.absorb(an_arrival(at=NIGHT + HOUR))

    assert again == at_the_door == Receipted(kept.receipt, is_repeat=True)
    assert other == Conflict(an_arrival().uid)
    assert room.counts()["inbox"] == 1


def test_an_emergency_in_a_batch_overtakes_and_so_does_a_drill(room: DutyBook) -> None:
    drill: Item = {"title": "防汛演练", "body": "演练：上河村发生山洪，2人失联。", "is_drill": True}

    room.keep(an_arrival("1", **MEETING), an_arrival("2", **BLAST), an_arrival("3", **drill))

    lanes = [row["lane"] for row in room.rows(inbox)]
    assert lanes == [Lane.SUBMISSIONS.value, Lane.EXPRESS.value, Lane.EXPRESS.value]


def test_received_at_is_that_of_the_door_however_long_the_inbox_waited(room: DutyBook) -> None:
    room.keep(an_arrival(**FIRE, known_at=NIGHT - HOUR))
    room.drain("express")

    assert room.row(submissions)["received_at"] == NIGHT
    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["timeliness"] == "on_time"


def test_a_date_before_any_law_does_not_lose_an_emergency(room: DutyBook) -> None:
    long_ago = datetime(1996, 11, 24, tzinfo=UTC)

    receipt = room.take(an_arrival(**FIRE, occurred_at=long_ago))

    assert receipt["verdict"] == "emergency"
    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["fulfilment"] == "met"


def test_a_time_in_the_text_is_told_from_receipt_however_late_it_is_judged(room: DutyBook) -> None:
    just_before_midnight = NIGHT.replace(hour=23, minute=58)
    told = an_arrival(title="民房起火", body="今晚11点40分，民房起火，2人被困。")
    room.keep(replace(told, received_at=just_before_midnight))

    room.drain("express")

    judged = JUDGEMENT.validate_json(room.row(submissions)["judgement"])
    assert judged.happened is not None
    assert judged.happened.earliest == NIGHT.replace(hour=23, minute=40, second=0)


def test_an_item_that_the_rules_stumble_over_goes_to_a_person(room: DutyBook) -> None:
    class Stumbling:
        def __call__(self, *_: object) -> object:
            raise RuntimeError("a fault of ours")

    room.change_desk(judge=Stumbling())

    receipt = room.take(an_arrival())

    assert receipt["verdict"] == "attention"
    assert room.owed(Duty.LOOK)["fulfilment"] == "open"
