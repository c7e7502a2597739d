"""What a person does to a case: is it done, on the record, and can it be taken back? 人工处置。"""

from typing import Any
from uuid import UUID

import orjson
import pytest

from ledger.schema import alerts, cases, facts, obligations, offers, submissions
from tests.builders import (
    FIRE,
    HOUR,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SECOND,
    WALL,
    a_call,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, WRITTEN, acknowledged
from tests.streams.settled import a_case, an_offer, by, the_case
from vocabulary.case_act import (
    Acted,
    AnswerOffer,
    Close,
    Merge,
    Refusal,
    Regrade,
    Reopen,
    Split,
)
from vocabulary.terms import Closing, Duty, Fulfilment, Severity, Stage

GRAVER: dict[str, Any] = FIRE | {"body": "和平路18号火灾已致12人死亡，救援仍在进行。"}


def on_record(room: DutyBook, kind: str) -> list[dict[str, Any]]:
    return [orjson.loads(row["content"]) for row in room.rows(facts, kind=kind)]


# Grade.


def test_a_person_raises_a_grade_and_that_pages_with_the_reason(room: DutyBook) -> None:
    uid = a_case(room)

    room.act(Regrade(uid, by(), Severity.MAJOR))

    assert the_case(room, uid)["severity_provisional"] == Severity.MAJOR
    assert OFFICER in room.called()
    assert "提级" in room.sendings[0].title
    assert "经现场核实" in room.sendings[0].body
    (told,) = on_record(room, "case_regraded")
    assert (told["after"], told["by"], told["reason"]) == ("major", OFFICER, "经现场核实")


def test_a_person_lowers_a_grade_and_calls_nobody(room: DutyBook) -> None:
    uid = a_case(room, **WALL)

    room.act(Regrade(uid, by(), Severity.ORDINARY))

    assert the_case(room, uid)["severity_provisional"] == Severity.ORDINARY
    assert room.sendings == []


def test_what_the_machine_reads_later_does_not_undo_it(room: DutyBook) -> None:
    uid = a_case(room, **WALL)
    room.act(Regrade(uid, by(), Severity.ORDINARY))

    room.take(an_arrival("2", at=NIGHT + HOUR, **WALL, case_id=str(uid)))

    assert the_case(room, uid)["severity_provisional"] == Severity.ORDINARY


def test_new_facts_that_exceed_it_are_shown_and_page(room: DutyBook) -> None:
    uid = a_case(room)
    room.act(Regrade(uid, by(), Severity.SERIOUS))

    room.take(an_arrival("2", at=NIGHT + HOUR, **GRAVER, case_id=str(uid)))

    assert the_case(room, uid)["severity_provisional"] == Severity.MAJOR
    assert the_case(room, uid)["graded_by"] is None
    assert OFFICER in room.called()


# Merge and split.


def test_a_merged_case_is_closed_and_its_items_and_clocks_go_on_in_the_other(
    room: DutyBook,
) -> None:
    fire, wall = a_case(room), a_case(room, "2", NEIGHBOUR, **WALL)

    answer = room.act(Merge(wall, by(), fire))

    key = the_case(room, fire)["id"]
    assert answer == Acted(fire)
    assert {row["case_id"] for row in room.rows(submissions)} == {key}
    assert {row["case_id"] for row in room.rows(obligations)} == {key}
    assert {row["case_id"] for row in room.rows(alerts)} == {key}
    assert the_case(room, wall)["closing"] == Closing.MERGED
    assert the_case(room, fire)["deaths"] == 3


def test_an_item_that_names_the_merged_case_reaches_the_other(room: DutyBook) -> None:
    fire, wall = a_case(room), a_case(room, "2", NEIGHBOUR, **WALL)
    room.act(Merge(wall, by(), fire))

    receipt = room.take(
        an_arrival(
            "3",
            NEIGHBOUR,
            at=NIGHT + HOUR,
            **(WALL | {"stage": Stage.FOLLOW_UP}),
            case_id=str(wall),
        )
    )

    assert receipt["case_id"] == str(fire)


def test_a_merge_is_taken_back_by_splitting(room: DutyBook) -> None:
    fire, wall = a_case(room), a_case(room, "2", NEIGHBOUR, **WALL)
    room.act(Merge(wall, by(), fire))
    theirs = room.row(submissions, owing_unit_id=NEIGHBOUR)

    answer = room.act(Split(fire, by(after=2 * MINUTE), (theirs["uid"],)))

    assert isinstance(answer, Acted)
    opened = the_case(room, answer.case_uid)
    assert (opened["title"], opened["deaths"]) == (WALL["title"], 3)
    assert the_case(room, fire)["deaths"] is None
    owed = room.rows(obligations, case_id=opened["id"], owed_by=NEIGHBOUR)
    assert owed != []
    assert room.rows(alerts, case_id=opened["id"]) != []


def test_a_case_is_not_emptied_by_a_split(room: DutyBook) -> None:
    uid = a_case(room)
    only = room.row(submissions)["uid"]

    assert room.act(Split(uid, by(), (only,))) is Refusal.NOT_ITS_ITEMS


@pytest.mark.parametrize(
    ("into", "refusal"),
    [("itself", Refusal.SAME), ("a drill", Refusal.DRILL), ("none", Refusal.NOT_FOUND)],
)
def test_what_cannot_be_merged_is_refused_and_changes_nothing(
    room: DutyBook, into: str, refusal: Refusal
) -> None:
    uid = a_case(room)
    drill = a_case(room, "2", **(WALL | {"is_drill": True}))
    target = {"itself": uid, "a drill": drill, "none": UUID(int=7)}[into]
    before = room.counts()

    assert room.act(Merge(uid, by(), target)) is refusal
    assert room.counts() == before


# False alarm, closing, reopening.


def test_a_false_alarm_ends_the_ladder_and_is_nobodys_lapse(room: DutyBook) -> None:
    uid = UUID(room.take(a_call())["case_id"])

    room.act(Close(uid, by(), is_false_alarm=True))
    room.fire(just_after(DUE + HOUR))

    assert room.sendings == []
    assert room.row(alerts)["acknowledged_by"] == OFFICER
    assert room.owed(WRITTEN)["fulfilment"] == Fulfilment.WAIVED
    assert room.late_log() == []


def test_taken_back_what_was_waived_is_owed_again(room: DutyBook) -> None:
    uid = UUID(room.take(a_call())["case_id"])
    room.act(Close(uid, by(), is_false_alarm=True))

    room.act(Reopen(uid, by(after=2 * MINUTE)))
    acknowledged(room)
    room.fire(just_after(DUE + MINUTE))  # its clock stood still while the case was closed

    assert the_case(room, uid)["closed_at"] is None
    assert room.owed(WRITTEN)["fulfilment"] == Fulfilment.OPEN
    assert room.owed(WRITTEN)["timeliness"] == "overdue"


def test_a_new_emergency_for_what_was_called_a_false_alarm_pages(room: DutyBook) -> None:
    uid = a_case(room)
    room.act(Close(uid, by(), is_false_alarm=True))

    room.take(an_arrival("2", at=NIGHT + HOUR, **FIRE, case_id=str(uid)))

    assert OFFICER in room.called()
    assert "误报后又报" in room.sendings[0].title


def test_a_case_is_not_closed_while_an_alert_is_in_nobodys_hand(room: DutyBook) -> None:
    uid = a_case(room)

    assert room.act(Close(uid, by())) is Refusal.NOT_IN_HAND
    acknowledged(room)
    assert room.act(Close(uid, by())) == Acted(uid)
    assert room.act(Close(uid, by())) is Refusal.CLOSED


def test_a_person_of_another_desk_finds_no_such_case(room: DutyBook) -> None:
    uid = a_case(room)

    assert room.act(Close(uid, by("zhao-yulan"))) is Refusal.NOT_FOUND


# Offers.


def test_a_confirmed_offer_merges_the_case_that_held_only_that_item(room: DutyBook) -> None:
    offer = an_offer(room)

    room.act(AnswerOffer(offer, by(), is_confirmed=True))

    assert len({row["case_id"] for row in room.rows(submissions)}) == 1
    assert [row["closing"] for row in room.rows(cases)] == [None, Closing.MERGED]
    assert on_record(room, "offer_answered")[0]["is_confirmed"] is True


def test_a_declined_offer_leaves_both_and_is_not_asked_again(room: DutyBook) -> None:
    offer = an_offer(room)

    room.act(AnswerOffer(offer, by(), is_confirmed=False))

    assert len({row["case_id"] for row in room.rows(submissions)}) == 2
    assert room.act(AnswerOffer(offer, by(after=SECOND), is_confirmed=True)) is Refusal.ANSWERED


def test_a_quiet_follow_up_that_was_offered_joins_by_a_persons_word(room: DutyBook) -> None:
    fire = a_case(room)
    a_case(room, "2", **WALL)
    quiet = {"title": "续报", "body": "现场平稳，无新增情况。", "stage": Stage.FOLLOW_UP}
    room.take(an_arrival("3", at=NIGHT + HOUR, **quiet))
    offered = room.row(offers)

    room.act(AnswerOffer(offered["uid"], by(after=2 * HOUR), is_confirmed=True))

    assert offered["case_id"] != the_case(room, fire)["id"]
    assert room.rows(submissions, stage="follow_up")[0]["case_id"] == offered["case_id"]
    assert Duty.FOLLOW_UP_REPORT.value in {row["duty"] for row in room.rows(obligations)}
