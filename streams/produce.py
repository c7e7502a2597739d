"""Hand items to the log; into the inbox where the log is slow. 投递。

The answer is given once the log has acknowledged, or the inbox row is durable. An emergency that
the log took but that is not in the book two seconds later goes to the inbox too: copies of one
item are one item, and a page does not wait for a broker that is being replaced.
"""

import asyncio
from collections.abc import Callable, Sequence
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
from rules.obligations import Arrived, of_first_report
from streams.desk import Desk
from streams.intake import Intake, again
from streams.lane_worker import CALL_AFTER
from streams.receipt import Placed, receipt_of
from streams.topics import LANE_TOPICS
from streams.wire import Keys, sealed
from vocabulary.arrival import Answer, Arrival, Receipted
from vocabulary.judgement import Judgement
from vocabulary.record import Envelope
from vocabulary.terms import Stage, Verdict

log = structlog.get_logger()
WAIT = timedelta(seconds=2)
_AWAY_SECONDS = 3.0  # before the log is tried again
_AGAIN_SECONDS = 0.5
_MARGIN_SECONDS = 1.0
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
    _following: set["asyncio.Task[None]"] = field(default_factory=set)
    _told: dict[UUID, submissions.Kept] = field(default_factory=dict)  # the latest last
    _away_until: float = 0.0
    _is_log_known: bool = False

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
        kept = await self._kept_before([a.uid for a in arrivals if a.is_keyed])
        return list(
            await asyncio.gather(*(self._submit(each, kept.get(each.uid)) for each in arrivals))
        )

    def is_log_well(self) -> bool:
        """Say whether the log took what was last offered to it."""
        return self._is_log_known and monotonic() >= self._away_until

    async def _submit(self, arrival: Arrival, before: submissions.Kept | None) -> Answer:
        if before is not None:
            answered: Answer = again(arrival, before).value
            return answered
        judgement = self.desk.judge_or_ask(arrival.submission)
        receipt = receipt_of(arrival, judgement, self._placed(arrival, judgement))
        told = replace(arrival, verdict_at_door=judgement.verdict, answered=receipt)
        is_urgent = judgement.verdict is Verdict.EMERGENCY
        lane = Lane.EXPRESS if is_urgent else self.desk.lane(arrival.submission)
        if not await self._onto_log(told, lane):
            return await self._into_inbox(told)
        self._remember(told)
        if is_urgent:
            self._follow(told)
        return Receipted(receipt)

    async def finish(self) -> None:
        """Wait for the emergencies that are being followed into the book."""
        if self._following:
            await asyncio.wait(self._following, timeout=2 * WAIT.total_seconds())

    def _placed(self, arrival: Arrival, judgement: Judgement) -> Placed:
        """What the receipt can say before the book has been asked."""
        made = arrival.submission
        if judgement.verdict is not Verdict.EMERGENCY or made.stage is not Stage.FIRST:
            return Placed()
        clocks = Arrived.of(arrival, judgement.severity)
        owed = of_first_report(self.desk.rulebook, self.desk.county.profile, clocks)
        return Placed(owed=owed)

    async def _kept_before(self, uids: Sequence[UUID]) -> dict[UUID, submissions.Kept]:
        here = {uid: self._told[uid] for uid in uids if uid in self._told}
        asked = [uid for uid in uids if uid not in here]
        if not asked:
            return here
        try:
            asking = asyncio.to_thread(self._kept, asked)
            return here | await asyncio.wait_for(asking, WAIT.total_seconds())
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

    async def _onto_log(self, arrival: Arrival, lane: Lane) -> bool:
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
        if monotonic() < self._away_until:
            return False  # it was away a moment ago: one try in a while is enough
        key = arrival.unit_id.encode()
        sending = self.log.send_and_wait(LANE_TOPICS[lane], value, key=key, headers=headers)
        try:
            await asyncio.wait_for(sending, WAIT.total_seconds())
        except (TimeoutError, KafkaError) as error:
            self._away_until = monotonic() + _AWAY_SECONDS
            log.warning("log_away", cause=type(error).__name__)
            return False
        self._is_log_known = True
        self.on_path("log")
        return True

    async def _into_inbox(self, arrival: Arrival) -> Answer:
        answers = await self.writer.do(Intake(self.desk).keep, [arrival], Rank.URGENT)
        self.on_path("inbox")
        answer: Answer = answers[0]
        return answer

    def _follow(self, arrival: Arrival) -> None:
        task = asyncio.create_task(self._until_in_the_book(arrival))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _until_in_the_book(self, arrival: Arrival) -> None:
        """Look after two seconds; while the book is away a worker may have called from memory."""
        called_at = monotonic() + CALL_AFTER.total_seconds()
        await asyncio.sleep(WAIT.total_seconds())
        while True:
            may_be_called = monotonic() > called_at - _MARGIN_SECONDS
            told = replace(arrival, is_called_already=may_be_called)
            try:
                if not await asyncio.to_thread(self._kept, [arrival.uid]):
                    await self._into_inbox(told)
            except (BookAwayError, DBAPIError) as error:
                log.warning("book_away", cause=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return
