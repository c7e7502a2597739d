"""Is the same item answered with the same receipt, wherever the first has come to? 重报。"""

import asyncio
from collections.abc import Sequence

import pytest

from ledger.schema import inbox, submissions
from tests.builders import FIRE, HOUR, MEETING, NIGHT, SECOND, WALL, an_arrival, from_the_inbox
from tests.streams.a_gateway import EXPRESS, SUBMISSIONS, Gateway, told
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import eventually
from vocabulary.arrival import Arrival, Conflict, Receipted
from vocabulary.terms import Verdict


async def test_a_repeat_is_answered_byte_for_byte_wherever_the_first_has_come_to(
    gateway: Gateway,
) -> None:
    first = await gateway.submit(an_arrival())
    again = Receipted(first.receipt, is_repeat=True)
    late = an_arrival(at=NIGHT + HOUR)

    assert await gateway.way_in.submit(late) == again  # on its way
    await eventually(lambda: gateway.room.rows(inbox), "it is in the inbox")
    gateway.way_in._told.clear()  # another gateway is asked
    assert await gateway.way_in.submit(late) == again
    gateway.judge_the_inbox()
    assert await gateway.way_in.submit(late) == again
    gateway.judge_the_log()
    assert await gateway.way_in.submit(late) == again
    assert len(gateway.brokers.records) == 1


@pytest.mark.parametrize("is_log_away", [True, False], ids=["by the inbox", "by the log"])
async def test_another_body_under_a_used_key_is_a_conflict_and_is_not_kept(
    gateway: Gateway, *, is_log_away: bool
) -> None:
    gateway.brokers.is_away = is_log_away
    await gateway.submit(an_arrival())

    answer = await gateway.way_in.submit(an_arrival(**WALL))
    gateway.judge_the_log()
    gateway.judge_the_inbox()
    judged = await gateway.way_in.submit(an_arrival(**WALL))

    assert answer == judged == Conflict(an_arrival().uid)
    assert gateway.room.row(submissions)["uid"] == an_arrival().uid


async def test_two_tries_at_one_moment_get_one_receipt(gateway: Gateway) -> None:
    tries: Sequence[Arrival] = [an_arrival(), an_arrival(at=NIGHT + SECOND)]

    first, second = await asyncio.gather(*(gateway.submit(each) for each in tries))

    assert first.receipt == second.receipt
    assert len(gateway.brokers.records) == 1


async def test_a_caller_that_goes_away_takes_nothing_along(gateway: Gateway) -> None:
    gateway.brokers.ack.clear()
    answering = asyncio.create_task(gateway.submit(an_arrival()))
    await eventually(lambda: gateway.brokers.records, "the brokers were asked")
    answering.cancel()
    gateway.brokers.is_away = True

    await eventually(lambda: gateway.room.rows(inbox), "it is in the inbox all the same")


async def test_a_batch_is_answered_line_by_line_in_its_order(gateway: Gateway) -> None:
    lines = [
        an_arrival("1", **MEETING),
        an_arrival("2", **FIRE),
        an_arrival("1", at=NIGHT + SECOND, **MEETING),
        an_arrival("2", **WALL),
    ]

    meeting, fire, again, other = await gateway.way_in.submit_batch(lines)

    assert isinstance(meeting, Receipted)
    assert isinstance(fire, Receipted)
    assert told(fire)["verdict"] == Verdict.EMERGENCY.value
    assert again == Receipted(meeting.receipt, is_repeat=True)
    assert other == Conflict(lines[1].uid)
    assert [record.topic for record in gateway.brokers.records] == [SUBMISSIONS, EXPRESS]


def test_what_came_by_the_inbox_first_keeps_its_receipt(room: DutyBook) -> None:
    (kept,) = room.keep(an_arrival())
    room.drain("express")

    (again,) = room.absorb(from_the_inbox(an_arrival(at=NIGHT + HOUR)))

    assert again.receipt == kept.receipt
