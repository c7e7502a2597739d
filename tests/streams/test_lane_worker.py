"""The book is away and a record is in hand: is it kept, is the officer called, once? 通道处理。

Seconds are shortened; the carrier is one that writes down whom it rang.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.schema import deliveries, submissions
from streams.intake import Intake
from streams.lane_worker import EXIT_AGAIN, LaneWorker, Memo
from streams.records import Records
from tests.builders import HOUR, MEETING, NIGHT, OFFICER, an_arrival
from tests.streams.a_lane import AN_EMERGENCY, LONG, SOON, Lane, brought_back
from tests.streams.log_records import (
    BARE,
    SET_ASIDE,
    a_record,
)
from tests.streams.open_room import eventually
from vocabulary.arrival import Arrival

# Waiting for the book.


async def test_it_returns_once_the_records_are_in_the_book(lane: Lane) -> None:
    await lane.worker.absorb((AN_EMERGENCY, a_record(b"garbage", offset=6)))

    assert len(lane.room.rows(submissions)) == len(lane.room.rows(SET_ASIDE)) == 1
    assert lane.worker.in_hand_since is None


async def test_what_its_sender_dated_counts_from_when_it_is_read(lane: Lane) -> None:
    dated_back = replace(a_record(), at=NIGHT - HOUR, is_dated_by_broker=False)

    await lane.worker.absorb((dated_back,))

    assert lane.room.row(submissions)["received_at"] == lane.worker.now() == NIGHT


async def test_it_waits_for_the_book_and_goes_on_by_itself(lane: Lane) -> None:
    absorbing = await lane.hold(AN_EMERGENCY)
    await asyncio.sleep(0.05)
    assert not absorbing.done()
    assert lane.worker.in_hand_since == NIGHT

    await brought_back(lane, absorbing)

    assert len(lane.room.rows(submissions)) == 1
    assert lane.exits == []
    assert lane.ringing.carried == []


# The call from memory.


async def test_an_emergency_in_hand_for_too_long_is_told_to_the_officer_from_memory(
    lane: Lane,
) -> None:
    lane.again(call_after=SOON, patience=LONG)
    absorbing = await lane.hold(a_record(BARE | MEETING, offset=4), AN_EMERGENCY)

    await eventually(lambda: lane.ringing.carried, "the officer is rung")
    await brought_back(lane, absorbing)

    ((_, message, written),) = lane.ringing.carried
    assert "和平路一居民楼起火" in message.title
    assert "台账暂不可用" in message.body
    assert "签收：http://zb.example/a/" in message.body
    assert str(an_arrival().uid) in written, "its id is on disk before the telephone rings"


async def test_the_page_from_the_book_says_that_it_may_be_a_repeat(lane: Lane) -> None:
    lane.again(call_after=SOON, patience=LONG)
    absorbing = await lane.hold(AN_EMERGENCY)
    await eventually(lambda: lane.ringing.carried, "the officer is rung")

    await brought_back(lane, absorbing)

    assert lane.room.row(deliveries, recipient=OFFICER)["is_repeat"] is True


async def test_who_was_called_before_the_worker_died_is_not_called_by_the_next_life(
    lane: Lane,
) -> None:
    lane.again(call_after=SOON, patience=2 * SOON)
    first = await lane.hold(AN_EMERGENCY)
    await eventually(lambda: lane.exits, "it gives up")
    first.cancel()

    lane.again(call_after=SOON, patience=LONG)
    second = await lane.hold(AN_EMERGENCY)
    await asyncio.sleep(0.2)
    await brought_back(lane, second)

    assert len(lane.ringing.carried) == 1
    assert lane.room.row(deliveries, recipient=OFFICER)["is_repeat"] is True


async def test_an_id_that_a_death_cut_short_is_no_id(lane: Lane) -> None:
    lane.memo.parent.mkdir()
    lane.memo.write_text(f"{UUID(int=1)}\n{an_arrival().uid}"[:-4], "ascii")

    assert Memo(lane.memo).uids == {UUID(int=1)}


async def test_the_next_channel_is_rung_where_one_does_not_take_it(lane: Lane) -> None:
    lane.again(call_after=SOON, patience=LONG)
    lane.ringing.refuses = 1
    absorbing = await lane.hold(AN_EMERGENCY)

    await eventually(lambda: len(lane.ringing.carried) == 2, "the next channel is rung")
    await brought_back(lane, absorbing)

    assert len({url for url, _, _ in lane.ringing.carried}) == 2


async def test_what_calls_nobody_from_the_book_calls_nobody_from_memory(lane: Lane) -> None:
    lane.again(call_after=SOON, patience=LONG)
    absorbing = await lane.hold(a_record(BARE | MEETING), a_record(b"garbage", offset=6))

    await asyncio.sleep(0.2)
    await brought_back(lane, absorbing)

    assert lane.ringing.carried == []
    assert not lane.memo.exists()


async def test_a_disk_that_is_full_too_does_not_keep_the_officer_from_being_called(
    lane: Lane,
) -> None:
    lane.memo.parent.write_text("a file where the folder should be")
    lane.again(call_after=SOON, patience=3 * SOON)
    absorbing = await lane.hold(AN_EMERGENCY)

    await eventually(lambda: lane.exits, "it gives up in the end")
    await brought_back(lane, absorbing)

    assert len(lane.ringing.carried) == 1


# The end of patience.


async def test_after_its_patience_it_ends_unacknowledged_to_be_started_again(lane: Lane) -> None:
    lane.again(call_after=SOON, patience=3 * SOON)
    absorbing = await lane.hold(AN_EMERGENCY)

    await eventually(lambda: lane.exits, "it gives up")
    assert not absorbing.done(), "a batch that is given back is never acknowledged"
    await brought_back(lane, absorbing)

    assert lane.exits == [EXIT_AGAIN]


async def test_a_channel_that_hangs_does_not_lengthen_its_patience(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(lane.ringing, "deliver", hang)
    lane.again(call_after=SOON, patience=3 * SOON)
    absorbing = await lane.hold(AN_EMERGENCY)

    await eventually(lambda: lane.exits, "it gives up")
    await brought_back(lane, absorbing)


# A record that cannot be taken in.


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intake has a fault of ours at one item, and at no other."""
    absorb: Callable[..., Any] = Intake.absorb

    def faulty(intake: Intake, connection: object, arrivals: list[Arrival]) -> object:
        if any(arrival.submission.title == "坏件" for arrival in arrivals):
            raise RuntimeError("a fault of ours")
        return absorb(intake, connection, arrivals)

    monkeypatch.setattr(Intake, "absorb", faulty)


@pytest.mark.usefixtures("stumbling")
async def test_one_bad_record_does_not_hold_up_its_neighbours(lane: Lane) -> None:
    bad = a_record({**BARE, "title": "坏件"}, offset=6)

    await lane.worker.absorb((AN_EMERGENCY, bad, a_record(offset=7)))

    assert len(lane.room.rows(submissions)) == 2
    row = lane.room.row(SET_ASIDE)
    assert (row["content"], row["reason"]) == (bad.value, "处理时出错（RuntimeError）")
    assert lane.exits == []


async def test_where_not_even_setting_aside_works_nothing_is_acknowledged(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    class GoneError(BaseException):
        """The process is no more."""

    def die(code: int) -> None:
        lane.exits.append(code)
        raise GoneError

    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Records, "absorb", fail)
    lane.worker.exit = die

    with pytest.raises(GoneError):
        await lane.worker.absorb((AN_EMERGENCY,))
    assert lane.exits == [EXIT_AGAIN]


def test_by_default_the_process_itself_ends(lane: Lane) -> None:
    assert LaneWorker.exit is os._exit
