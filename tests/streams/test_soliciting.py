"""Does a unit owe what the desk asked it for, until it is withdrawn? 约稿。"""

from typing import Any
from uuid import UUID

import pytest

from ledger import solicitations
from ledger.schema import deliveries, facts, obligations
from ledger.solicitation_schema import solicitations as table
from tests.builders import (
    DESK,
    HOUR,
    ITS_CLERK,
    ITS_HEAD,
    ITS_OFFICER,
    LOWER_DESK,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SECOND,
    SUPERVISORS,
    THEIR_CLERK,
    TOWNSHIP,
    a_county_of_two_desks,
)
from tests.streams.asked_for import (
    DUE,
    THIS,
    WANTED,
    an_answer,
    ask,
    owed,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.settled import by
from vocabulary.solicitation import Solicited, Unsolicited, Withdraw

# It is asked for.


def test_each_unit_that_is_asked_owes_it_by_the_date(room: DutyBook) -> None:
    assert ask(room) == Solicited(THIS)

    found = owed(room)
    assert set(found) == {TOWNSHIP, NEIGHBOUR}
    assert {row["due_at"] for row in found.values()} == {DUE}
    assert {row["opened_by"] for row in found.values()} == {"约稿：冬季防火"}
    (told,) = room.rows(facts, kind="item_solicited")
    assert told["case_id"] is None


def test_their_clerks_are_told_at_once_what_by_when_and_how(room: DutyBook) -> None:
    ask(room)

    assert set(room.called()) == {ITS_CLERK, THEIR_CLERK}
    text = next(each for each in room.sendings if each.recipient == ITS_CLERK)
    assert text.title == "【约稿】青石镇：“冬季防火”，请于11月24日 07:12前报送"
    assert "排查、整改各写一段" in text.body


def test_asked_again_under_the_same_key_it_is_one(room: DutyBook) -> None:
    ask(room)
    before = room.counts()

    assert ask(room, at=NIGHT + MINUTE) == Solicited(THIS)
    assert room.counts() == before
    assert ask(room, subject="春耕备耕") is Unsolicited.KEY_USED


def test_a_unit_named_twice_owes_it_once(room: DutyBook) -> None:
    ask(room, TOWNSHIP, TOWNSHIP)

    assert len(room.rows(obligations, duty=WANTED.value)) == 1


@pytest.mark.parametrize(
    ("of", "why"),
    [
        ({"unit_ids": (TOWNSHIP, "nowhere")}, Unsolicited.NO_SUCH_UNIT),
        ({"unit_ids": (DESK,)}, Unsolicited.NO_SUCH_UNIT),
        ({"due_at": NIGHT + HOUR - SECOND}, Unsolicited.TOO_SOON),
        ({"person_id": "nobody"}, Unsolicited.NOT_FOUND),
    ],
    ids=["an unknown unit", "the desk itself", "a second too soon", "an unknown person"],
)
def test_what_cannot_be_asked_changes_nothing(
    room: DutyBook, of: dict[str, Any], why: Unsolicited
) -> None:
    assert ask(room, **({"unit_ids": (TOWNSHIP,)} | of)) is why
    assert owed(room) == {}
    assert room.rows(table) == []


def test_the_least_time_is_enough(room: DutyBook) -> None:
    assert ask(room, due_at=NIGHT + HOUR) == Solicited(THIS)


def test_a_desk_asks_its_own_units_alone_and_the_one_above_all(room: DutyBook) -> None:
    room.change_desk(county=a_county_of_two_desks())

    assert ask(room, TOWNSHIP, person_id=ITS_OFFICER) is Unsolicited.NO_SUCH_UNIT
    assert ask(room, NEIGHBOUR, person_id=ITS_OFFICER) == Solicited(THIS)
    assert ask(room, TOWNSHIP, NEIGHBOUR, uid=UUID(int=2)) == Solicited(UUID(int=2))
    assert {row["desk_id"] for row in room.rows(table)} == {LOWER_DESK, DESK}


# It is reminded of, and on the log, like any other.


def test_its_ladder_and_the_late_log_are_those_of_a_report(room: DutyBook) -> None:
    ask(room, TOWNSHIP)

    room.fire(just_after(DUE - 2 * HOUR))
    assert ITS_CLERK in room.called()
    assert any("约稿：冬季防火" in each.body for each in room.sendings)
    room.fire(just_after(DUE))
    assert {ITS_CLERK, OFFICER} <= set(room.called())
    room.fire(just_after(DUE + 24 * HOUR))
    assert {ITS_HEAD, *SUPERVISORS} <= set(room.called())

    (entry,) = (each for each in room.late_log() if each["kind"] == WANTED)
    assert (entry["timeliness"], entry["standing"]) == ("missing", "suspected")


# It is withdrawn.


def withdraw(room: DutyBook, **of: Any) -> Solicited | Unsolicited:
    return room.solicit(Withdraw(THIS, by(after=2 * HOUR, reason="已有专报", **of)))


def test_withdrawn_it_is_owed_no_more_and_what_came_stays_met(room: DutyBook) -> None:
    ask(room)
    room.take(an_answer())

    assert withdraw(room) == Solicited(THIS)

    found = owed(room)
    assert [found[unit]["fulfilment"] for unit in (TOWNSHIP, NEIGHBOUR)] == ["met", "waived"]
    assert room.called() == [THEIR_CLERK]
    assert "无须再报" in room.sendings[0].title
    told = room.row(table)
    assert (told["withdrawn_by"], told["withdrawn_for"]) == (OFFICER, "已有专报")
    assert room.rows(facts, kind="solicitation_withdrawn") != []


def test_what_was_overdue_before_says_so_on_the_log(room: DutyBook) -> None:
    ask(room, TOWNSHIP, due_at=NIGHT + HOUR)
    room.fire(just_after(NIGHT + HOUR))

    withdraw(room)

    (entry,) = (each for each in room.late_log() if each["kind"] == WANTED)
    assert "已有专报" in entry["note"]
    assert entry["standing"] == "none"


def test_a_notice_that_has_not_gone_out_is_cancelled(room: DutyBook) -> None:
    ask(room, TOWNSHIP)
    withdraw(room)

    states = {row["cause"]: row["state"] for row in room.rows(deliveries, recipient=ITS_CLERK)}
    assert states == {"solicited": "cancelled", "withdrawn": "pending"}


def test_it_is_not_withdrawn_twice_nor_once_all_have_answered(room: DutyBook) -> None:
    ask(room, TOWNSHIP)
    room.take(an_answer())

    assert withdraw(room) is Unsolicited.NOTHING_OPEN
    ask(room, NEIGHBOUR, uid=UUID(int=2))
    act = Withdraw(UUID(int=2), by())
    assert room.solicit(act) == Solicited(UUID(int=2))
    assert room.solicit(act) is Unsolicited.NOTHING_OPEN


@pytest.mark.parametrize("person", ["li-chunmei", "nobody"])
def test_who_is_of_no_desk_withdraws_nothing(room: DutyBook, person: str) -> None:
    ask(room)

    assert withdraw(room, person=person) is Unsolicited.NOT_FOUND


def test_an_item_after_the_withdrawal_is_an_item_like_any_other(room: DutyBook) -> None:
    ask(room, TOWNSHIP)
    withdraw(room)

    receipt = room.take(an_answer(after=3 * HOUR))

    assert receipt["obligations"] == []
    assert owed(room)[TOWNSHIP]["fulfilment"] == "waived"


# What the book tells of them.


def test_the_newest_come_first_with_how_each_unit_stands(room: DutyBook) -> None:
    ask(room)
    ask(room, NEIGHBOUR, uid=UUID(int=2), at=NIGHT + MINUTE, subject="春耕备耕")
    room.take(an_answer())

    with room.book.read() as connection:
        all_of_them = solicitations.newest(connection, 10)
        theirs = solicitations.newest(connection, 10, unit_id=TOWNSHIP)
    assert [each["subject"] for each in all_of_them] == ["春耕备耕", "冬季防火"]
    assert [each["subject"] for each in theirs] == ["冬季防火"]
    stands = {each["unit_id"]: each["fulfilment"] for each in all_of_them[1]["units"]}
    assert stands == {TOWNSHIP: "met", NEIGHBOUR: "open"}
