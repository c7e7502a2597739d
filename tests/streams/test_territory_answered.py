"""What answers the question to the unit of the place, in whatever order it comes? 属地答复。"""

from datetime import timedelta

import pytest

from ledger.schema import cases, late_log, offers
from tests.builders import (
    HOUR,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    SECOND,
    TOWNSHIP,
    Item,
    a_call,
    an_arrival,
)
from tests.streams.a_chained_log import link_up, traces
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.settled import by
from tests.streams.told_first import (
    HEALTH,
    HOUSE_FIRE,
    LIMIT,
    NEXT_VILLAGE,
    TERRITORY,
    asked,
    case_of,
    its_own,
    told_by_another,
)
from vocabulary.case_act import AnswerOffer, Merge, Split
from vocabulary.terms import Stage

# How it is answered.


def test_its_own_report_of_the_same_incident_answers_it(room: DutyBook) -> None:
    room.take(told_by_another())

    receipt = room.take(its_own())

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")
    assert owed["fulfilled_by"] == receipt["submission_id"]
    assert TERRITORY in [each["kind"] for each in receipt["obligations"]]
    assert len(room.rows(cases)) == 1


def test_a_word_that_there_is_nothing_in_it_answers_it_too(room: DutyBook) -> None:
    room.take(told_by_another())

    said: Item = {"title": "经核实，大湾村没有此事", "body": "", "case_id": case_of(room)}
    room.take(its_own(stage=Stage.VERIFIED, **said))

    assert asked(room)[0]["fulfilment"] == "met"


def test_its_call_that_the_desk_logged_counts_from_when_it_rang(room: DutyBook) -> None:
    room.take(told_by_another())
    room.fire(just_after(NIGHT + LIMIT))

    rang = NIGHT + LIMIT - SECOND
    call: Item = {"called_at": rang, "case_id": case_of(room)}
    room.take(a_call("2", at=rang + 5 * MINUTE, **HOUSE_FIRE, **call))

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")


@pytest.mark.parametrize(
    ("after", "found"),
    [(-SECOND, "on_time"), (timedelta(0), "on_time"), (SECOND, "late")],
    ids=["the second before", "the very instant", "the second after"],
)
def test_the_last_instant_is_in_time(room: DutyBook, after: timedelta, found: str) -> None:
    room.take(told_by_another())

    room.take(its_own(at=NIGHT + LIMIT + after, case_id=case_of(room)))

    assert asked(room)[0]["timeliness"] == found


def test_no_question_is_due_before_it_was_asked_whenever_the_unit_knew(room: DutyBook) -> None:
    room.take(told_by_another())

    happened: Item = {"occurred_at": NIGHT - HOUR, "known_at": NIGHT - 50 * MINUTE}
    room.take(its_own(at=NIGHT + 20 * MINUTE, case_id=case_of(room), **happened))

    (owed,) = asked(room)
    assert (owed["counted_from"], owed["timeliness"]) == (NIGHT, "on_time")


def test_its_item_of_another_incident_does_not_answer_it(room: DutyBook) -> None:
    room.take(told_by_another())

    room.take(its_own(title="石壁村山体滑坡", body="3时10分，石壁村山体滑坡，埋压3人，正在救援。"))

    assert asked(room)[0]["fulfilment"] == "open"


def test_nor_does_a_nil_report(room: DutyBook) -> None:
    room.take(told_by_another())

    nil: Item = {"stage": Stage.NIL, "title": "今日无事", "body": "", "case_id": case_of(room)}
    room.take(its_own(**nil))

    assert asked(room)[0]["fulfilment"] == "open"


# In whatever order they come.


def test_who_was_received_first_but_judged_after_owes_nothing(room: DutyBook) -> None:
    room.take(told_by_another())

    room.take(its_own(at=NIGHT - 2 * MINUTE))

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
)
@pytest.mark.parametrize("is_together", [True, False])
def test_in_any_order_nothing_is_left_open_and_nobody_is_late(
    room: DutyBook, order: tuple[int, ...], *, is_together: bool
) -> None:
    items = (told_by_another(), told_by_another("2", HEALTH), its_own())
    chosen = [items[number] for number in order]
    for batch in [chosen] if is_together else [[each] for each in chosen]:
        room.absorb(*batch)

    room.fire(NIGHT + 3 * HOUR)

    assert len(room.rows(cases)) == 1
    assert {owed["fulfilment"] for owed in asked(room)} <= {"met"}
    assert TERRITORY not in [entry["kind"] for entry in room.late_log()]


VAGUE: Item = {"title": "青石镇民房起火", "body": "3时40分，青石镇一民房起火，正在扑救。"}


def its_item_that_may_belong(room: DutyBook) -> None:
    room.take(told_by_another())
    room.take(its_own(at=NIGHT + 20 * MINUTE, **VAGUE))
    assert len(room.rows(cases)) == 2


def test_a_unit_whose_item_may_belong_there_has_not_been_silent(room: DutyBook) -> None:
    its_item_that_may_belong(room)

    room.fire(NIGHT + 3 * HOUR)

    assert asked(room)[0]["fulfilment"] == "met"
    assert TERRITORY not in [entry["kind"] for entry in room.late_log()]


def test_it_stays_answered_when_a_person_says_that_it_belongs_there(room: DutyBook) -> None:
    its_item_that_may_belong(room)

    room.act(AnswerOffer(room.row(offers)["uid"], by(after=40 * MINUTE), is_confirmed=True))

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")


def test_it_is_asked_again_with_as_long_left_when_a_person_says_that_it_does_not(
    room: DutyBook,
) -> None:
    its_item_that_may_belong(room)

    room.act(AnswerOffer(room.row(offers)["uid"], by(after=40 * MINUTE), is_confirmed=False))

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("open", "pending")
    assert owed["due_at"] == NIGHT + 50 * MINUTE
    assert room.next_step_at == owed["next_at"] == owed["due_at"]


def test_merging_its_case_with_the_others_lets_it_answer(room: DutyBook) -> None:
    first = room.take(told_by_another())["case_id"]
    apart: Item = {
        "title": "石壁村民房起火",
        "body": "3时02分，石壁村一民房起火，正在扑救，2人受伤。",
    }
    second = room.take(its_own(**apart))["case_id"]
    assert first != second

    room.act(Merge(room.case_uid(2), by(), room.case_uid(1)))

    assert [owed["fulfilment"] for owed in asked(room)] == ["met"]


def test_of_two_questions_that_merging_brings_together_one_is_left(room: DutyBook) -> None:
    room.take(told_by_another())
    apart: Item = {
        "title": "石壁村民房起火",
        "body": "3时12分，石壁村一民房起火，正在扑救，2人受伤。",
    }
    room.take(told_by_another("2", HEALTH, **apart))

    room.act(Merge(room.case_uid(2), by(), room.case_uid(1)))

    assert sorted(owed["fulfilment"] for owed in asked(room)) == ["open", "waived"]


def test_the_question_goes_with_the_item_that_asked_it(room: DutyBook) -> None:
    first = an_arrival("0", HEALTH, **NEXT_VILLAGE)
    room.take(first)
    room.take(told_by_another(stage=Stage.FOLLOW_UP, case_id=case_of(room)))

    room.act(Split(room.case_uid(1), by(), (told_by_another().uid,)))

    owed = {row["owed_by"]: row["case_id"] for row in asked(room)}
    assert owed == {NEIGHBOUR: 1, TOWNSHIP: 2}


# An answer that was none.


def declined(room: DutyBook, after: timedelta) -> None:
    room.act(AnswerOffer(room.row(offers)["uid"], by(after=after), is_confirmed=False))


def test_what_the_log_tells_of_keeps_its_clock_and_the_unit_is_asked_anew(room: DutyBook) -> None:
    room.take(told_by_another())
    room.fire(just_after(NIGHT + LIMIT))
    rang = NIGHT + LIMIT - SECOND
    room.take(a_call("2", at=rang + 5 * MINUTE, **(VAGUE | {"called_at": rang})))
    link_up(room, NIGHT + HOUR)

    declined(room, 70 * MINUTE)

    before, anew = asked(room)
    assert traces(room) == []
    assert (before["fulfilment"], before["due_at"]) == ("waived", NIGHT + LIMIT)
    assert (anew["fulfilment"], anew["timeliness"]) == ("open", "pending")
    assert anew["due_at"] == room.next_step_at == NIGHT + 70 * MINUTE + SECOND


def test_who_was_silent_before_that_answer_is_not_cleared_by_it(room: DutyBook) -> None:
    room.take(told_by_another())
    room.fire(NIGHT + 99 * MINUTE)
    room.take(its_own(at=NIGHT + 100 * MINUTE, **VAGUE | {"body": "4时40分，青石镇一民房起火。"}))

    declined(room, 110 * MINUTE)
    room.fire(NIGHT + 111 * MINUTE)

    (owed,) = asked(room)
    found = [each["timeliness"] for each in room.rows(late_log, obligation_id=owed["id"])]
    assert (owed["fulfilment"], owed["timeliness"]) == ("open", "missing")
    assert found == ["missing", "late", "missing"]
    assert room.next_step_at is None


def test_the_unit_is_told_at_once_that_its_late_answer_was_none(room: DutyBook) -> None:
    room.take(told_by_another())
    room.take(its_own(at=NIGHT + LIMIT + MINUTE, **VAGUE))

    declined(room, 40 * MINUTE)

    (owed,) = asked(room)
    assert (owed["timeliness"], owed["next_at"]) == ("overdue", NIGHT + 40 * MINUTE)


def test_another_item_of_the_unit_in_that_case_answers_instead(room: DutyBook) -> None:
    its_item_that_may_belong(room)
    second = room.take(its_own("own2", at=NIGHT + 25 * MINUTE, case_id=case_of(room)))

    declined(room, 40 * MINUTE)

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")
    assert owed["fulfilled_by"] == second["submission_id"]


def test_splitting_off_the_item_that_answered_asks_again(room: DutyBook) -> None:
    room.take(told_by_another())
    answer = its_own(case_id=case_of(room))
    room.take(answer)

    room.act(Split(room.case_uid(1), by(after=10 * MINUTE), (answer.uid,)))

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["due_at"]) == ("open", NIGHT + LIMIT + 5 * MINUTE)
    assert room.next_step_at is not None
    assert room.next_step_at <= owed["next_at"]
