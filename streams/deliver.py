"""Carry committed texts to people and write down what came of it. 送达。

Woken at commit by the intents that were just written, with a sweep each second for safety.
Alerts go before notices. A channel that is silent for `next_channel_after` is left to its
answer while the next one starts; a late success is noted.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ledger import deliveries, flags
from ledger.book import Book, BookAwayError
from ledger.effects import Sending
from ledger.writer import Rank, Writer
from notifiers import wording
from notifiers.carrier import Carrier
from notifiers.outcome import Outcome, Refused
from notifiers.reason_codes import code_of, kind_of
from streams.desk import Desk
from streams.outbound import Answered, Outbound
from streams.waking import woken_within
from vocabulary import terms
from vocabulary.message import Message

log = structlog.get_logger()

_SWEEP = 1.0  # seconds
_AT_ONCE = 500
_SLICE = 25  # sends started before the loop gets its turn
_RETRY_WRITE = 0.2


@dataclass
class Deliver:
    """The loop side of delivery."""

    desk: Desk
    book: Book
    writer: Writer
    carrier: Carrier
    now: Callable[[], datetime]
    on_answer: Callable[[terms.Outcome, str, str], None]  # outcome, kind of channel, reason code
    is_muted: bool = False
    last_swept_at: datetime | None = None
    _acts: Outbound = field(init=False)
    _waiting: "asyncio.PriorityQueue[tuple[int, int, Sending]]" = field(
        default_factory=asyncio.PriorityQueue
    )
    _carrying: set["asyncio.Task[None]"] = field(default_factory=set)
    _numbers: "count[int]" = field(default_factory=count)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Make the acts."""
        self._acts = Outbound(self.desk)

    async def begin(self) -> None:
        """Learn whether the book is muted, before anything is taken to be carried."""
        self.is_muted, _ = await asyncio.to_thread(self._look)

    def take(self, sendings: Iterable[Sending]) -> None:
        """Take committed intents to carry; call it in the loop."""
        if self.is_muted:
            return
        for sending in sendings:
            self._waiting.put_nowait((sending.rank, next(self._numbers), sending))

    def wake(self) -> None:
        """Sweep now: another process wrote a text."""
        self._woken.set()

    async def run(self) -> None:
        """Carry until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pump())
            group.create_task(self._sweep())

    async def finish(self) -> None:
        """Wait for what is being carried, so that its outcome is written before the end."""
        if self._carrying:
            timeout = self.desk.rulebook.delivery.next_channel_after.total_seconds()
            await asyncio.wait(self._carrying, timeout=timeout)

    async def _pump(self) -> None:
        started = 0
        while True:
            _, _, sending = await self._waiting.get()
            task = asyncio.create_task(self._carry(sending))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
            started += 1
            if started % _SLICE == 0:
                await asyncio.sleep(0)

    async def _sweep(self) -> None:
        while True:
            is_due = self._woken.is_set()  # then there is no need to ask first
            self._woken.clear()
            try:
                was_muted = self.is_muted
                if was_muted or not is_due:
                    self.is_muted, is_due = await asyncio.to_thread(self._look)
                if was_muted and not self.is_muted and not self.book.is_shared:
                    await self.writer.do(self._acts.free, self.now(), Rank.URGENT)
                    is_due = True
                if is_due and not self.is_muted:
                    await self.writer.do(self._acts.claim, (self.now(), _AT_ONCE), Rank.URGENT)
                self.last_swept_at = self.now()
            except (BookAwayError, DBAPIError) as error:
                with contextlib.suppress(OSError):  # the log may lie on the same full disk
                    log.warning("book_away", part="deliver", cause=type(error).__name__)
            await woken_within(self._woken, _SWEEP)

    def _look(self) -> tuple[bool, bool]:
        with self.book.read() as connection:
            return flags.is_muted(connection), self._is_due(connection)

    def _is_due(self, connection: Connection) -> bool:
        next_at = deliveries.next_at(connection)
        return next_at is not None and next_at <= self.now()

    async def _carry(self, sending: Sending) -> None:
        channels = self.desk.directory.channels(sending.recipient)
        channel = next((c for c in channels if c.channel_id == sending.channel_id), None)
        if channel is None:
            await self._write(sending, Refused("通讯录中已无此渠道"), "")
            return
        rule = self.desk.rulebook.delivery
        if self.now() > sending.lease_until:
            return  # frozen meanwhile: another may have taken it over, and the sweep knows
        message = Message(sending.title, sending.body)
        if sending.is_repeat:
            message = wording.repeated(message)
        silences: list[asyncio.Task[None]] = []  # a timer costs less than a task that waits for one
        timer = asyncio.get_running_loop().call_later(
            rule.next_channel_after.total_seconds(),
            lambda: silences.append(asyncio.create_task(self._write(sending, None, channel.url))),
        )
        try:
            outcome = await self.carrier.deliver(channel.url, message, rule.send_timeout)
        finally:
            timer.cancel()
        for silence in silences:
            await silence
        await self._write(sending, outcome, channel.url)

    async def _write(self, sending: Sending, outcome: Outcome | None, url: str) -> None:
        """Write an outcome, however long the book is away; None is silence so far."""
        kind = outcome.kind if outcome is not None else terms.Outcome.UNKNOWN
        reason = "" if outcome is None else getattr(outcome, "reason", "")
        answered = Answered(sending, kind, reason, self.now(), is_silent=outcome is None)
        if outcome is not None:
            self.on_answer(kind, kind_of(url), code_of(reason))
        while True:
            try:
                await self.writer.do(self._acts.answer, answered, Rank.URGENT)
            except BookAwayError:
                await asyncio.sleep(_RETRY_WRITE)
            else:
                return
