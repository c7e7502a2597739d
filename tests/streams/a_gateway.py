"""The gateway's way in, before brokers and a book that can be slow or away. 网关台架。"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
import pytest
from aiokafka.errors import KafkaConnectionError

from ledger.away import BookAwayError
from ledger.writer import Writer
from streams import produce
from streams.produce import Producing
from tests.builders import an_arrival
from tests.streams.away import AwayAtTimes
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import KEYS, a_record, absorbed
from vocabulary.arrival import Arrival, Receipted
from vocabulary.record import Record

EXPRESS, SUBMISSIONS = "jibao.express.v1", "jibao.submissions.v1"


@dataclass
class Brokers:
    """What a producer sees of them; `ack` is cleared where they do not answer."""

    records: list[Record] = field(default_factory=list)
    asked: int = 0
    is_away: bool = False
    ack: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_and_wait(
        self, topic: str, value: bytes, key: bytes, headers: list[tuple[str, bytes]]
    ) -> None:
        self.asked += 1
        if self.is_away:
            raise KafkaConnectionError
        record = a_record(value, offset=self.asked, topic=topic, headers=dict(headers))
        self.records.append(record)
        await self.ack.wait()


@dataclass
class Gateway:
    """The way in, and what stands around it."""

    room: DutyBook
    book: AwayAtTimes
    brokers: Brokers
    way_in: Producing

    async def submit(self, arrival: Arrival) -> Receipted:
        answer = await self.way_in.submit(arrival)
        assert isinstance(answer, Receipted), answer
        return answer

    def judge_the_log(self) -> None:
        absorbed(self.room, *self.brokers.records)

    def judge_the_inbox(self) -> None:
        self.room.drain("express")
        self.room.drain("submissions")


@pytest.fixture
async def gateway(room: DutyBook, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    monkeypatch.setattr(produce, "WAIT", timedelta(seconds=0.5))
    book = AwayAtTimes(room.book.writing, room.book.reading)
    writer = Writer(room.book.writing, on_effects=lambda _: None)
    do = writer.do

    async def do_unless_away(*work: Any) -> Any:
        if book.away.is_set():
            raise BookAwayError("away")
        return await do(*work)

    monkeypatch.setattr(writer, "do", do_unless_away)
    brokers = Brokers()
    brokers.ack.set()
    writer.start()
    room.desk.judge(an_arrival().submission)  # its first word takes its time
    here = Gateway(room, book, brokers, Producing(room.desk, book, writer, brokers, KEYS))
    yield here
    book.away.clear()
    await here.way_in.finish()
    await writer.stop()


def told(answer: Receipted) -> dict[str, Any]:
    receipt: dict[str, Any] = orjson.loads(answer.receipt)
    return receipt
