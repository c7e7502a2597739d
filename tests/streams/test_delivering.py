"""What becomes of a text on its way? 送达。

An officer has three channels, tried in order: the app, a text message, a telephone call. Every
attempt is in the book before it is made.
"""

from dataclasses import replace

import pytest

from ledger.effects import Sending
from ledger.schema import alerts, attempts, deliveries
from notifiers.directory import Directory
from streams.outbound import Answered
from tests.builders import DIRECTOR, LEADER, MEETING, MINUTE, NIGHT, OFFICER, SECOND, an_arrival
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.terms import Duty, Outcome

REFUSED, DELIVERED, UNKNOWN = Outcome.REFUSED, Outcome.DELIVERED, Outcome.UNKNOWN
SOON = NIGHT + SECOND
LEASE, FIRST_WAIT = 20 * SECOND, 10 * SECOND


def paged(room: DutyBook) -> Sending:
    """The first attempt at the officer on duty."""
    room.absorb(an_arrival())
    return next(sending for sending in room.sendings if sending.recipient == OFFICER)


def the_page(room: DutyBook) -> dict[str, object]:
    return room.row(deliveries, recipient=OFFICER, cause="call")


def refuse_the_round(room: DutyBook, sending: Sending, outcome: Outcome = REFUSED) -> None:
    """All channels of a person fail, one after another."""
    while True:
        room.answer(sending, outcome, SOON)
        if not room.sendings:
            return
        (sending,) = room.sendings


def test_an_attempt_is_in_the_book_before_it_is_made(room: DutyBook) -> None:
    sending = paged(room)

    attempt = room.row(attempts, id=sending.attempt_id)
    assert attempt["outcome"] is None
    assert attempt["owner"] == "this process"
    assert attempt["lease_until"] == NIGHT + LEASE


def test_what_a_channel_took_is_accepted_and_not_tried_again(room: DutyBook) -> None:
    sending = paged(room)

    room.answer(sending, DELIVERED, SOON)

    page = the_page(room)
    assert (page["state"], page["accepted_by"]) == ("accepted", f"{OFFICER}.app")
    assert page["accepted_at"] == SOON
    assert OFFICER not in [s.recipient for s in room.claim(NIGHT + 10 * MINUTE)]


@pytest.mark.parametrize("outcome", [REFUSED, Outcome.UNREACHABLE, UNKNOWN])
def test_a_channel_that_fails_is_followed_by_the_next_at_once(
    room: DutyBook, outcome: Outcome
) -> None:
    sending = paged(room)

    room.answer(sending, outcome, SOON)

    (following,) = room.sendings
    assert following.channel_id == f"{OFFICER}.sms"
    assert following.body == sending.body


def test_a_silent_channel_is_followed_by_the_next_and_its_late_success_is_noted(
    room: DutyBook,
) -> None:
    sending = paged(room)
    room.answer(sending, UNKNOWN, NIGHT + 5 * SECOND, is_silent=True)
    (following,) = room.sendings
    assert room.row(attempts, id=sending.attempt_id)["outcome"] is None

    room.answer(sending, DELIVERED, NIGHT + 9 * SECOND)
    room.answer(following, REFUSED, NIGHT + 10 * SECOND)

    assert room.row(attempts, id=sending.attempt_id)["outcome"] == "delivered"
    page = the_page(room)
    assert (page["state"], page["accepted_by"]) == ("accepted", f"{OFFICER}.app")
    assert room.sendings == []


def test_a_late_refusal_of_a_channel_that_was_left_changes_nothing(room: DutyBook) -> None:
    sending = paged(room)
    room.answer(sending, UNKNOWN, NIGHT + 5 * SECOND, is_silent=True)

    room.answer(sending, REFUSED, NIGHT + 9 * SECOND)

    assert room.sendings == []
    assert the_page(room)["channel"] == 1


def test_when_all_channels_fail_the_next_person_is_called_at_once(room: DutyBook) -> None:
    refuse_the_round(room, paged(room))
    assert room.next_step_at == SOON

    room.fire(just_after(SOON))

    assert room.called() == [OFFICER, LEADER]
    assert room.owed(Duty.ACKNOWLEDGEMENT)["timeliness"] == "pending"
    assert room.fire(NIGHT + MINUTE).next_at == NIGHT + 10 * MINUTE


def test_and_this_one_is_tried_again_after_a_while(room: DutyBook) -> None:
    refuse_the_round(room, paged(room))

    assert OFFICER not in [s.recipient for s in room.claim(SOON + FIRST_WAIT - SECOND)]
    again = next(s for s in room.claim(SOON + FIRST_WAIT) if s.recipient == OFFICER)

    assert (again.round, again.channel_id) == (1, f"{OFFICER}.app")
    assert not again.is_repeat


def test_a_person_is_not_skipped_while_another_was_reached(room: DutyBook) -> None:
    refuse_the_round(room, paged(room))
    room.fire(just_after(SOON))
    to_officer, to_leader = (s for s in room.sendings if not s.recipient.startswith("room:"))
    room.answer(to_leader, DELIVERED, SOON)

    refuse_the_round(room, to_officer)

    assert room.next_step_at is None
    room.fire(NIGHT + MINUTE)
    assert DIRECTOR not in room.called()


def test_a_room_that_fails_calls_nobody_in_its_place(room: DutyBook) -> None:
    room.absorb(an_arrival())
    to_officer, to_room, _ = room.sendings
    room.answer(to_officer, REFUSED, SOON)

    room.answer(to_room, REFUSED, SOON)

    assert (room.sendings, room.next_step_at) == ([], None)


def test_when_all_rounds_are_used_up_it_has_failed_for_all_to_see(room: DutyBook) -> None:
    sending, now = paged(room), SOON
    for _ in room.desk.rulebook.delivery.backoff:
        refuse_the_round(room, sending)
        now += 10 * MINUTE
        sending = next(s for s in room.claim(now) if s.recipient == OFFICER)

    refuse_the_round(room, sending)

    page = the_page(room)
    assert (page["state"], page["next_at"]) == ("failed", None)


def test_an_attempt_without_an_answer_makes_the_next_a_possible_repeat(room: DutyBook) -> None:
    refuse_the_round(room, paged(room), UNKNOWN)

    again = next(s for s in room.claim(SOON + FIRST_WAIT) if s.recipient == OFFICER)

    assert again.is_repeat


def test_what_a_dead_process_began_is_sent_again_and_marked(room: DutyBook) -> None:
    sending = paged(room)
    room.change_desk(owner="the next process")

    freed = room.free_the_dead(NIGHT + 3 * SECOND)
    again = next(s for s in room.claim(NIGHT + 3 * SECOND) if s.recipient == OFFICER)

    assert freed == 3
    assert again.is_repeat
    assert again.channel_id == sending.channel_id
    assert room.row(attempts, id=sending.attempt_id)["outcome"] == "unknown"
    assert room.row(attempts, id=again.attempt_id)["owner"] == "the next process"


def test_what_this_process_carries_is_not_freed(room: DutyBook) -> None:
    paged(room)

    assert room.free_the_dead(SOON) == 0
    assert room.claim(NIGHT + LEASE - SECOND) == []


def test_a_lease_that_has_run_out_is_taken_over(room: DutyBook) -> None:
    paged(room)

    assert all(sending.is_repeat for sending in room.claim(NIGHT + LEASE))
    assert room.called() == [OFFICER]


def test_an_answer_after_an_acknowledgement_is_noted_and_goes_no_further(
    room: DutyBook,
) -> None:
    sending = paged(room)
    room.acknowledge(room.row(alerts)["uid"], OFFICER, SOON)

    room.answer(sending, REFUSED, SOON)

    assert room.sendings == []
    assert the_page(room)["state"] == "cancelled"
    assert room.row(attempts, id=sending.attempt_id)["outcome"] == "refused"


def test_two_answers_for_one_text_in_one_transaction_end_as_accepted(room: DutyBook) -> None:
    first = paged(room)
    room_sending = next(s for s in room.sendings if s.recipient != OFFICER)
    room.answer(first, UNKNOWN, NIGHT + 5 * SECOND, is_silent=True)
    (second,) = room.sendings

    room.do(
        room.outbound.answer,
        [
            Answered(room_sending, DELIVERED, "", SOON),
            Answered(second, REFUSED, "", SOON),
            Answered(first, DELIVERED, "", SOON),
        ],
    )

    page = the_page(room)
    assert (page["state"], page["next_at"]) == ("accepted", None)


def test_a_person_who_left_the_directory_is_failed_and_not_tried_for_ever(
    room: DutyBook,
) -> None:
    refuse_the_round(room, paged(room))
    county = room.desk.county
    others = {name: each for name, each in county.people.items() if name != OFFICER}
    without = replace(county, people=others)
    room.change_desk(county=without, directory=Directory(without))

    room.claim(NIGHT + 10 * MINUTE)

    assert the_page(room)["state"] == "failed"


def test_a_routine_item_writes_no_delivery(room: DutyBook) -> None:
    room.absorb(an_arrival(**MEETING))

    assert room.rows(deliveries) == []
