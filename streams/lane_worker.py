"""From a lane's records to the book, however long the book is away. 通道处理。

What may not be acknowledged ends in `os._exit`, never in an exception: Faust commits the batch
of an agent that raised. An emergency in hand for more than five seconds is told to the officer
from the roster in memory; its id is fsync'd to a local file first, so that it is told once.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog

from ledger.away import BookAwayError
from ledger.writer import Rank, Writer
from notifiers import wording
from notifiers.carrier import Carrier
from streams.alerting import Cause, alert_uid
from streams.desk import Desk
from streams.records import CALL_AFTER, Batch, Records
from vocabulary.arrival import Arrival
from vocabulary.record import Record, Unreadable
from vocabulary.terms import Outcome, Role, Verdict

log = structlog.get_logger()

EXIT_AGAIN = 75  # EX_TEMPFAIL: start me again
PATIENCE = timedelta(seconds=20)
_RETRY_SECONDS = 0.2


@dataclass
class Memo:
    """Ids of emergencies that were called from memory, on disk before the call. 备忘。"""

    path: Path
    uids: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read what an earlier life has called; a line cut short by its death is none."""
        if self.path.exists():
            for line in self.path.read_text("ascii", "replace").split():
                with suppress(ValueError):
                    self.uids.add(UUID(line))

    def add(self, uid: UUID) -> None:
        """Write an id down, durably."""
        self.uids.add(uid)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(f"{uid}\n")
            file.flush()
            os.fsync(file.fileno())


@dataclass
class LaneWorker:
    """One lane's way into the book."""

    desk: Desk
    writer: Writer
    records: Records
    carrier: Carrier
    memo: Memo
    now: Callable[[], datetime]
    exit: Callable[[int], None] = os._exit
    call_after: timedelta = CALL_AFTER
    patience: timedelta = PATIENCE
    in_hand_since: datetime | None = None
    _hands: int = 0

    async def absorb(self, records: tuple[Record, ...]) -> None:
        """Take records in; returns only once they are in the book."""
        records = tuple(self._dated(each) for each in records)
        self._hands += 1
        self.in_hand_since = self.in_hand_since or self.now()
        watching = asyncio.create_task(self._watch(records))
        try:
            await self._until_written(records)
        except Exception as error:  # noqa: BLE001 (neither book nor quarantine: nothing may go on)
            log.error("giving_back_unacknowledged", cause=type(error).__name__)
            self.exit(EXIT_AGAIN)
        finally:
            watching.cancel()
            self._hands -= 1
            self.in_hand_since = self.in_hand_since if self._hands else None

    def _dated(self, record: Record) -> Record:
        if record.is_dated_by_broker:
            return record
        log.warning("topic_dated_by_senders", topic=record.topic, mend="LogAppendTime")
        return replace(record, at=self.now())

    async def _until_written(self, records: tuple[Record, ...]) -> None:
        while True:
            try:
                await self._write(records)
            except BookAwayError:
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    async def _watch(self, records: tuple[Record, ...]) -> None:
        """Call the officer where the book stays away; give up in the end, unacknowledged."""
        await asyncio.sleep(self.call_after.total_seconds())
        calling = asyncio.create_task(self._call_from_memory(records))
        try:
            await asyncio.sleep((self.patience - self.call_after).total_seconds())
        finally:
            calling.cancel()
        log.error("giving_back_unacknowledged", records=len(records))
        self.exit(EXIT_AGAIN)

    async def _write(self, records: tuple[Record, ...]) -> None:
        batch = Batch(records, self.now(), called=self.memo.uids)
        try:
            await self.writer.do(self.records.absorb, batch, Rank.URGENT)
        except BookAwayError:
            raise
        except Exception as error:  # noqa: BLE001 (one bad record must not hold up its neighbours)
            if len(records) > 1:
                for record in records:
                    await self._write((record,))
                return
            cause = type(error).__name__
            log.error("setting_aside", cause=cause)
            unfit = replace(batch, unfit=f"处理时出错（{cause}）")
            await self.writer.do(self.records.absorb, unfit, Rank.URGENT)

    async def _call_from_memory(self, records: tuple[Record, ...]) -> None:
        for record in records:
            found = self.records.read(record)
            if isinstance(found, Unreadable) or found.uid in self.memo.uids:
                continue
            if self._is_emergency(found):
                self._write_down(found.uid)
                try:
                    await self._call(found)
                except Exception as error:  # noqa: BLE001 (the next one is called all the same)
                    log.error("not_called_from_memory", cause=type(error).__name__)

    def _write_down(self, uid: UUID) -> None:
        try:
            self.memo.add(uid)
        except OSError as error:  # a disk that is full as well: twice is better than never
            log.error("memo_not_written", cause=type(error).__name__)

    def _is_emergency(self, arrival: Arrival) -> bool:
        if arrival.verdict_at_door is Verdict.EMERGENCY:
            return True
        judged = self.desk.judge_or_ask(arrival.submission, arrival.received_at)
        return judged.verdict is Verdict.EMERGENCY

    async def _call(self, arrival: Arrival) -> None:
        judgement = self.desk.judge_or_ask(arrival.submission, arrival.received_at)
        made = arrival.submission
        title, summary = wording.page(
            wording.Page(
                cause=Cause.OPENED.value,
                is_drill=made.is_drill,
                severity=judgement.severity,
                subtype=judgement.subtype,
                unit=self.desk.directory.unit_name(arrival.owing_unit_id),
                place=made.place,
                excerpt=made.title or made.body[:40],
                received_at=arrival.received_at,
                casualties=judgement.casualties,
                why="台账暂不可用，先凭内存中的值班表呼叫",
                is_proven=arrival.is_proven,
            )
        )
        uid, now = alert_uid(arrival.uid, Cause.OPENED), self.now()
        timeout = self.desk.rulebook.delivery.next_channel_after
        room = self.desk.room_of(arrival.owing_unit_id)
        for person in self.desk.directory.recipients((Role.DUTY_OFFICER,), room, now):
            link = self.desk.links.to_acknowledge(uid, person)
            message = wording.with_link(title, summary, link)
            for channel in self.desk.directory.channels(person):
                outcome = await self.carrier.deliver(channel.url, message, timeout)
                if outcome.kind is Outcome.DELIVERED:
                    break
        log.warning("called_from_memory", submission=str(arrival.uid))
