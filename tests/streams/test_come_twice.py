"""What comes twice is one item, and what is in hand is never kept back. 重复与在手。"""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from ledger.schema import submissions
from streams.faust_app import _Hand
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import SET_ASIDE, absorbed, an_envelope, of_the_gateway
from vocabulary.record import Record
from vocabulary.submission import Submission


def test_an_item_without_a_key_that_the_log_brings_twice_is_one(room: DutyBook) -> None:
    record = of_the_gateway(an_envelope(is_keyed=False))

    absorbed(room, record)
    absorbed(room, record)

    assert len(room.rows(submissions)) == 1
    assert room.rows(SET_ASIDE) == []


def test_a_text_that_no_postgresql_takes_is_refused_at_the_door() -> None:
    with pytest.raises(ValidationError, match=r"U\+0000"):
        Submission(body="起火\0")


async def test_what_waits_for_company_that_never_comes_is_passed_on_and_acknowledged() -> None:
    taken: list[Record] = []
    acknowledged: list[Any] = []

    async def absorb(records: tuple[Record, ...]) -> None:
        taken.extend(records)

    async def ack(event: Any) -> None:
        assert taken, "acknowledged before it was in the book"
        acknowledged.append(event)

    hand = _Hand(SimpleNamespace(ack=ack), absorb)
    event: Any = SimpleNamespace(message=a_message())
    hand.events.append(event)
    beside = asyncio.create_task(hand.hold_nothing_back())
    await asyncio.sleep(0.3)
    beside.cancel()

    assert [(record.value, record.is_dated_by_broker) for record in taken] == [(b"{}", False)]
    assert acknowledged == [event]


def a_message() -> Any:
    told = {
        "topic": "jibao.express.v1",
        "partition": 0,
        "offset": 7,
        "timestamp": 1.0,
        "timestamp_type": 0,
    }
    return SimpleNamespace(**told, value=b"{}", key=None, headers=[])
