"""A lane's worker, before a book that can go away and a carrier that writes down. 通道台架。"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.away import BookAwayError
from ledger.writer import Writer
from notifiers.carrier import Carrier
from notifiers.outcome import Delivered, Outcome, Unreachable
from streams.lane_worker import LaneWorker, Memo
from streams.records import Records
from tests.builders import NIGHT
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import (
    KEYS,
    an_envelope,
    of_the_gateway,
)
from vocabulary.message import Message

SOON, LONG = timedelta(seconds=0.05), timedelta(seconds=30)
AN_EMERGENCY = of_the_gateway(an_envelope())


class Ringing(Carrier):
    """Writes down what it carried, and whether the memo was on disk by then."""

    def __init__(self, memo: Path) -> None:
        super().__init__()
        self.memo = memo
        self.carried: list[tuple[str, Message, str]] = []
        self.refuses = 0

    async def deliver(self, url: str, message: Message, timeout: timedelta) -> Outcome:
        written = self.memo.read_text("ascii") if self.memo.is_file() else ""
        self.carried.append((url, message, written))
        if self.refuses:
            self.refuses -= 1
            return Unreachable("忙")
        return Delivered("ok")


@dataclass
class Lane:
    """A worker, and what stands around it. `is_away` takes the book away."""

    room: DutyBook
    worker: LaneWorker
    ringing: Ringing
    memo: Path
    exits: list[int] = field(default_factory=list)
    is_away: bool = False

    def again(self, **fields: Any) -> LaneWorker:
        """The worker as a supervisor starts it again, with what is on disk."""
        self.worker = LaneWorker(
            self.room.desk,
            self.worker.writer,
            Records(self.room.desk, KEYS),
            self.ringing,
            Memo(self.memo),
            lambda: NIGHT,
            exit=self.exits.append,
            **fields,
        )
        return self.worker

    async def hold(self, *records: Any) -> "asyncio.Task[None]":
        """Give records to the worker while the book is away."""
        self.is_away = True
        return asyncio.create_task(self.worker.absorb(records))


@pytest.fixture
async def lane(
    room: DutyBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Lane]:
    writer = Writer(room.book.writing, on_effects=lambda _: None)
    memo = tmp_path / "called" / "express.txt"
    ringing = Ringing(memo)
    records = Records(room.desk, KEYS)
    worker = LaneWorker(room.desk, writer, records, ringing, Memo(memo), lambda: NIGHT)
    here = Lane(room, worker, ringing, memo)
    here.again(call_after=LONG, patience=2 * LONG)
    do = writer.do

    async def do_unless_away(*work: Any) -> Any:
        if here.is_away:
            raise BookAwayError("away")
        return await do(*work)

    monkeypatch.setattr(writer, "do", do_unless_away)
    writer.start()
    yield here
    await writer.stop()


async def brought_back(lane: Lane, absorbing: "asyncio.Task[None]") -> None:
    lane.is_away = False
    await asyncio.wait_for(absorbing, 10)
