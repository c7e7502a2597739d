"""What does an acknowledgement stop, and what not? 签收与撤回。"""

from uuid import UUID

from ledger.schema import alerts, deliveries, facts, submissions
from tests.builders import (
    BLAST,
    DIRECTOR,
    HOUR,
    LEADER,
    MINUTE,
    NIGHT,
    OFFICER,
    RUMOUR,
    SECOND,
    VICE,
    a_call,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.terms import Duty

TAKEN_AT = NIGHT + 2 * MINUTE


def the_alert(room: DutyBook) -> UUID:
    uid = room.row(alerts)["uid"]
    assert isinstance(uid, UUID)
    return uid


def test_an_acknowledgement_stops_the_ladder(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)

    room.fire(NIGHT + HOUR)

    assert room.called() == []
    owed = room.owed(Duty.ACKNOWLEDGEMENT)
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")
    assert (owed["fulfilled_at"], owed["fulfilled_by"]) == (TAKEN_AT, OFFICER)


def test_one_that_came_after_five_minutes_was_late(room: DutyBook) -> None:
    room.absorb(an_arrival())

    room.acknowledge(the_alert(room), OFFICER, NIGHT + 5 * MINUTE + SECOND)

    assert room.owed(Duty.ACKNOWLEDGEMENT)["timeliness"] == "late"


def test_calls_not_yet_made_are_cancelled(room: DutyBook) -> None:
    room.absorb(an_arrival(**BLAST))

    room.acknowledge(the_alert(room), LEADER, TAKEN_AT)

    calls = room.rows(deliveries, cause="call")
    assert {row["state"] for row in calls} == {"cancelled"}
    assert {row["next_at"] for row in calls} == {None}
    assert [s.recipient for s in room.claim(NIGHT + HOUR)] == [
        row["recipient"] for row in room.rows(deliveries, cause="hand")
    ]


def test_those_already_called_are_told_and_the_one_who_took_it_is_not(room: DutyBook) -> None:
    room.absorb(an_arrival(**BLAST))

    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)

    assert room.called() == [LEADER, DIRECTOR]
    assert "room:zhengfuban.wecom_room" in [sending.recipient for sending in room.sendings]
    assert "已由值班员冯建业签收处置" in room.sendings[0].title


def test_those_never_called_are_not_told(room: DutyBook) -> None:
    room.absorb(an_arrival())

    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)

    assert VICE not in room.called()
    assert room.called() == []


def test_the_clock_of_the_report_runs_on(room: DutyBook) -> None:
    room.take(a_call())

    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)

    owed = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert owed["fulfilment"] == "open"
    assert owed["next_at"] is not None


def test_the_item_shows_as_seen_by_the_duty_room(room: DutyBook) -> None:
    room.absorb(an_arrival())

    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)

    seen = room.row(submissions)
    assert (seen["seen_at"], seen["seen_by"]) == (TAKEN_AT, OFFICER)


def test_a_second_hand_changes_nothing(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)
    before = room.counts()

    standing = room.acknowledge(the_alert(room), LEADER, TAKEN_AT + MINUTE)

    assert standing is not None
    assert (standing.acknowledged_by, standing.is_change) == (OFFICER, False)
    assert room.counts() == before
    assert room.sendings == []


def test_an_alert_that_does_not_exist_has_no_standing(room: DutyBook) -> None:
    assert room.acknowledge(UUID(int=1), OFFICER, TAKEN_AT) is None


def test_one_taken_back_is_called_out_again_at_the_step_of_now(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.fire(just_after(NIGHT + 5 * MINUTE))
    room.acknowledge(the_alert(room), OFFICER, NIGHT + 6 * MINUTE)

    room.take_back(the_alert(room), OFFICER, NIGHT + 12 * MINUTE)
    told = room.called()
    assert room.next_step_at == NIGHT + 12 * MINUTE
    room.fire(just_after(NIGHT + 12 * MINUTE))

    assert told == [LEADER]
    assert room.called() == [DIRECTOR]
    assert room.row(alerts)["acknowledged_at"] is None
    assert room.fire(NIGHT + 13 * MINUTE).next_at == NIGHT + 15 * MINUTE


def test_one_taken_back_within_the_five_minutes_is_as_if_nothing_was(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)
    room.take_back(the_alert(room), OFFICER, TAKEN_AT + SECOND)

    room.fire(just_after(NIGHT + 5 * MINUTE))

    assert room.called() == [OFFICER, LEADER]
    assert room.owed(Duty.ACKNOWLEDGEMENT)["timeliness"] == "overdue"


def test_taking_back_what_nobody_took_changes_nothing(room: DutyBook) -> None:
    room.absorb(an_arrival())
    before = room.counts()

    standing = room.take_back(the_alert(room), OFFICER, TAKEN_AT)

    assert standing is not None
    assert not standing.is_change
    assert room.counts() == before


def test_a_taken_back_alert_can_be_taken_again(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)
    room.take_back(the_alert(room), OFFICER, TAKEN_AT + SECOND)

    standing = room.acknowledge(the_alert(room), LEADER, TAKEN_AT + MINUTE)

    assert standing is not None
    assert (standing.acknowledged_by, standing.is_change) == (LEADER, True)
    assert [fact["kind"] for fact in room.rows(facts)][-3:] == [
        "acknowledged",
        "taken_back",
        "acknowledged",
    ]


def test_a_weak_sign_given_back_before_it_paged_is_looked_at_again(room: DutyBook) -> None:
    room.absorb(an_arrival(**RUMOUR))
    room.acknowledge(the_alert(room), OFFICER, TAKEN_AT)
    room.take_back(the_alert(room), OFFICER, TAKEN_AT + MINUTE)

    room.fire(just_after(NIGHT + 15 * MINUTE))

    assert room.called() == [OFFICER]


def test_a_look_that_came_too_late_is_overdue_again_when_it_is_taken_back(room: DutyBook) -> None:
    room.absorb(an_arrival(**RUMOUR))
    room.fire(NIGHT + 16 * MINUTE)  # nobody looked: it pages
    room.acknowledge(the_alert(room), OFFICER, NIGHT + 17 * MINUTE)

    room.take_back(the_alert(room), OFFICER, NIGHT + 18 * MINUTE)

    look = room.owed(Duty.LOOK)
    assert (look["fulfilment"], look["timeliness"], look["next_at"]) == ("open", "overdue", None)
