"""Hand items to the log; into the inbox where the log is slow. 投递。

The answer is given once the log has acknowledged, or the inbox row is durable. An emergency that
the log took but that is not in the book two seconds later goes to the inbox too: copies of one
item are one item, and a page does not wait for a broker that is being replaced.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Protocol
from uuid import UUID

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError

from ledger import submissions
from ledger.book import Book, BookAwayError
from ledger.writer import Rank, Writer
from rules.lane import Lane
from rules.obligations import of_first_report
from streams.desk import Desk
from streams.intake import Intake
from streams.receipt import Placed, by_inbox, receipt_of
from streams.records import CALL_AFTER
from streams.repeats import again
from streams.topics import LANE_TOPICS
from streams.watermark import AT_THE_GATEWAY
from streams.wire import Keys, sealed
from vocabulary.arrival import Answer, Arrival, Conflict, Receipted
from vocabulary.judgement import Judgement
from vocabulary.record import Envelope
from vocabulary.terms import Stage, Verdict

log = structlog.get_logger()
WAIT = timedelta(seconds=2)
_AWAY_SECONDS = 3.0  # before the log is tried again
_AGAIN_SECONDS = 0.5
_MARGIN_SECONDS = 1.0
_GATHER_SECONDS = 0.05  # of what is followed: so many are looked for by one question
_REMEMBERED = 10_000  # receipts given for what may still be on its way to the book


class Log(Protocol):
    """What is asked of a Kafka producer."""

    async def send_and_wait(
        self, topic: str, value: bytes, key: bytes, headers: list[tuple[str, bytes]]
    ) -> object:
        """Return once the brokers have it, as many as the topic demands."""
        ...


@dataclass
class Producing:
    """The gateway's way in, where there is a log."""

    desk: Desk
    book: Book
    writer: Writer
    log: Log
    keys: Keys
    on_path: Callable[[str], None] = lambda path: None  # noqa: ARG005
    _in_hand: dict[UUID, tuple[Arrival, "asyncio.Task[Answer]"]] = field(default_factory=dict)
    _followed: list[tuple[float, Arrival]] = field(default_factory=list)  # since when, in order
    _following: "asyncio.Task[None] | None" = None
    _told: dict[UUID, submissions.Kept] = field(default_factory=dict)  # the latest last
    _away_until: float = 0.0

    async def submit(self, arrival: Arrival) -> Answer:
        """Keep one item and answer.

        Raises:
            BookAwayError: neither log nor inbox could take it.
        """
        (answer,) = await self.submit_batch([arrival])
        return answer

    async def submit_batch(self, arrivals: list[Arrival]) -> list[Answer]:
        """Keep a batch, each line on its lane, in order; answers in order.

        Raises:
            BookAwayError: neither log nor inbox could take one of them.
        """
        began = monotonic()
        kept = await self._kept_before([a.uid for a in arrivals if a.is_keyed])
        return await asyncio.gather(
            *[self._once(each, kept.get(each.uid), began) for each in arrivals]
        )

    def has_log_failed(self) -> bool:
        """Say whether the log refused an item a moment ago, so that it is not tried just now."""
        return monotonic() < self._away_until

    def _once(
        self, arrival: Arrival, before: submissions.Kept | None, began: float
    ) -> Awaitable[Answer]:
        """Keep an item; where the same one is in hand already, it has the answer of that."""
        if arrival.uid in self._in_hand:
            return _as_the_first(arrival, *self._in_hand[arrival.uid])
        before = before or self._told.get(arrival.uid)  # told of while the book was asked
        submitting = asyncio.create_task(self._submit(arrival, before, began))
        self._in_hand[arrival.uid] = arrival, submitting
        submitting.add_done_callback(lambda _: self._in_hand.pop(arrival.uid))
        return asyncio.shield(submitting)  # a caller that goes away undoes nothing

    async def _submit(
        self, arrival: Arrival, before: submissions.Kept | None, began: float
    ) -> Answer:
        if before is not None:
            answered: Answer = again(arrival, before).value
            return answered
        judgement = self.desk.judge_or_ask(arrival.submission, arrival.received_at)
        receipt = receipt_of(arrival, judgement, self._placed(arrival, judgement))
        told = replace(arrival, verdict_at_door=judgement.verdict, answered=receipt)
        is_urgent = judgement.verdict is Verdict.EMERGENCY
        lane = Lane.EXPRESS if is_urgent else self.desk.lane(arrival.submission)
        if not await self._onto_log(told, lane, began):
            return await self._into_inbox_soon(replace(told, answered=by_inbox(receipt)), began)
        self._remember(told)
        if is_urgent:
            self._follow(told)
        return Receipted(receipt)

    async def finish(self) -> None:
        """Wait for the emergencies that are being followed into the book."""
        if self._following is not None:
            await asyncio.wait({self._following}, timeout=2 * WAIT.total_seconds())

    def _placed(self, arrival: Arrival, judgement: Judgement) -> Placed:
        """What the receipt can say before the book has been asked."""
        made = arrival.submission
        if judgement.verdict is not Verdict.EMERGENCY or made.stage is not Stage.FIRST:
            return Placed()
        clocks = self.desk.arrived(arrival, judgement)
        owed = of_first_report(self.desk.rulebook, self.desk.county.profile, clocks)
        return Placed(owed=owed)

    async def _kept_before(self, uids: Sequence[UUID]) -> dict[UUID, submissions.Kept]:
        here = {uid: self._told[uid] for uid in uids if uid in self._told}
        asked = [uid for uid in uids if uid not in here]
        if not asked:
            return here
        try:
            asking = asyncio.to_thread(self._kept, asked)
            return here | await asyncio.wait_for(asking, WAIT.total_seconds() / 2)
        except (TimeoutError, DBAPIError):
            return here  # the book is away: intake compares the bodies later

    def _remember(self, told: Arrival) -> None:
        """Keep a receipt at hand: a repeat may come before the item is in the book."""
        kept = submissions.Kept(told.body_hash, told.answered, told.received_at)
        self._told[told.uid] = kept
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]

    def _kept(self, uids: Sequence[UUID]) -> dict[UUID, submissions.Kept]:
        with self.book.read() as connection:
            return submissions.kept_or_waiting(connection, uids)

    async def _onto_log(self, arrival: Arrival, lane: Lane, began: float) -> bool:
        envelope = Envelope(
            uid=arrival.uid,
            unit_id=arrival.unit_id,
            received_at=arrival.received_at,
            submission=arrival.submission,
            rulebook=self.desk.rulebook.digest,
            verdict=arrival.verdict_at_door or Verdict.ROUTINE,
            receipt=arrival.answered,
            is_keyed=arrival.is_keyed,
        )
        value, headers = sealed(envelope, self.keys)
        left = began + WAIT.total_seconds() - monotonic()
        if left <= 0 or self.has_log_failed():
            return False  # it was away a moment ago: one try in a while is enough
        key = arrival.unit_id.encode()
        sending = self.log.send_and_wait(LANE_TOPICS[lane], value, key=key, headers=headers)
        try:
            await asyncio.wait_for(sending, left)
        except (TimeoutError, KafkaError) as error:
            self._away_until = monotonic() + _AWAY_SECONDS
            log.warning("log_away", cause=type(error).__name__)
            return False
        self.on_path("log")
        return True

    async def _into_inbox_soon(self, arrival: Arrival, began: float) -> Answer:
        """Keep an item in the inbox, or refuse it: the clock counts on it being either by then.

        Raises:
            BookAwayError: it was not durable in time. It may become so: a repeat is harmless.
        """
        left = began + AT_THE_GATEWAY.total_seconds() - _MARGIN_SECONDS - monotonic()
        try:
            return await asyncio.wait_for(self._into_inbox(arrival), max(left, 0))
        except TimeoutError as error:
            raise BookAwayError("neither log nor inbox took it in time") from error

    async def _into_inbox(self, arrival: Arrival) -> Answer:
        answers = await self.writer.do(Intake(self.desk).keep, [arrival], Rank.URGENT)
        self.on_path("inbox")
        answer: Answer = answers[0]
        return answer

    def _follow(self, arrival: Arrival) -> None:
        self._followed.append((monotonic(), arrival))
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._until_in_the_book())

    async def _until_in_the_book(self) -> None:
        """Look after two seconds for all that are followed, in the order in which they came.

        Together, because a unit's written report must not overtake the call that made it due.
        """
        trying_since: float | None = None
        while self._followed:
            first = self._followed[0][0] + WAIT.total_seconds()
            await asyncio.sleep(max(0.0, first - monotonic()) + _GATHER_SECONDS)
            ripe = [
                each for each in self._followed if each[0] + WAIT.total_seconds() <= monotonic()
            ]
            trying_since = trying_since or monotonic()
            try:
                await self._into_the_book(ripe, trying_since)
            except (BookAwayError, DBAPIError) as error:
                log.warning("book_away", cause=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            except Exception as error:  # noqa: BLE001 (the log has them: they only lose their haste)
                log.error("not_followed", cause=type(error).__name__)
            del self._followed[: len(ripe)]
            trying_since = None

    async def _into_the_book(
        self, followed: Sequence[tuple[float, Arrival]], trying_since: float
    ) -> None:
        """Put into the inbox what is missing; where the book was away, a worker may have called."""
        kept = await asyncio.to_thread(self._kept, [arrival.uid for _, arrival in followed])
        was_away = monotonic() - trying_since > _MARGIN_SECONDS
        called = monotonic() - CALL_AFTER.total_seconds() + _MARGIN_SECONDS
        missing = [
            replace(arrival, is_called_already=was_away and since < called)
            for since, arrival in followed
            if arrival.uid not in kept
        ]
        if missing:
            await self.writer.do(Intake(self.desk).keep, missing, Rank.URGENT)
        for _ in missing:
            self.on_path("inbox")


async def _as_the_first(arrival: Arrival, first: Arrival, answering: Awaitable[Answer]) -> Answer:
    answer = await asyncio.shield(answering)
    if isinstance(answer, Conflict):
        return answer
    if arrival.body_hash != first.body_hash:
        return Conflict(arrival.uid)
    return Receipted(answer.receipt, is_repeat=True)
