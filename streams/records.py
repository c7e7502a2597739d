"""Records of the log become items in the book. 日志接入。

One transaction holds the items, what was set aside and how far the partition has been judged:
so a batch that comes again changes nothing, and the clock knows what nobody has judged yet.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from ledger import positions
from ledger.sheet import Sheet
from ledger.writer import Done
from streams.classified import Stub
from streams.desk import Desk
from streams.intake import Intake, together
from streams.setting_aside import SettingAside
from streams.wire import Keys, read
from vocabulary.arrival import Arrival, Marked
from vocabulary.record import Record, Unreadable

CALL_AFTER = timedelta(seconds=5)  # in hand without the book: then the officer is called
_CLASSIFIED = "内容带有密级标志，正文未保存，请改用保密渠道"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in the order they were read, and the instant at which they are taken in.

    `unfit` says why these cannot be taken in though they can be read; `called` are the items for
    which the officer was called from memory while the book was away.
    """

    records: tuple[Record, ...]
    now: datetime
    unfit: str | None = None
    called: AbstractSet[UUID] = frozenset()


@dataclass(frozen=True)
class Records:
    """The act of taking records in, for the writer to do."""

    desk: Desk
    keys: Keys
    call_after: timedelta = CALL_AFTER  # as the house's clock counts it

    def absorb(self, connection: Connection, batches: Sequence[Batch]) -> list[Done]:
        """Take batches in, each wholly. `Done` holds how many items it had."""
        return [self._absorb(connection, batch) for batch in batches]

    def read(self, record: Record) -> Arrival | Unreadable:
        """Return the item of this county that a record holds, or why it holds none."""
        found = read(record, self.keys)
        is_looked_at = isinstance(found, Arrival) and found.answered  # at the door of the gateway
        if not is_looked_at and self._is_classified(record, found):
            return Unreadable(record, _CLASSIFIED, _sender(found), is_classified=True)
        if isinstance(found, Arrival) and found.owing_unit_id not in self.desk.county.units:
            return Unreadable(record, "本县没有这个报送单位")
        return found

    def _absorb(self, connection: Connection, batch: Batch) -> Done:
        # First a word with the book: should it hang, the officer is called meanwhile, and known so.
        positions.advance(connection, _ends(batch.records), batch.now)
        arrivals: list[Arrival] = []
        aside: list[Unreadable] = []
        for record in batch.records:
            found = self.read(record)
            if isinstance(found, Unreadable):
                aside.append(found)
            elif batch.unfit is not None:
                aside.append(Unreadable(record, batch.unfit, _sender(found)))
            else:
                arrivals.append(replace(found, is_called_already=self._may_be_called(found, batch)))
        done = Intake(self.desk).absorb(connection, arrivals)
        sheet = Sheet(connection)
        setting_aside = SettingAside(self.desk)
        done += [setting_aside.put(sheet, found, batch.now) for found in aside]
        sheet.flush()
        done += Stub(self.desk).call(
            connection, [self._marked(f) for f in aside if f.is_classified]
        )
        return Done(len(arrivals), together(done))

    def _may_be_called(self, arrival: Arrival, batch: Batch) -> bool:
        """Say whether the officer may have been called: from here, or by a worker now gone."""
        return arrival.uid in batch.called or batch.now - arrival.received_at > self.call_after

    def _marked(self, found: Unreadable) -> Marked:
        digest = hashlib.sha256(found.record.value).digest()
        return Marked(found.unit_id or self.desk.unit_id, found.record.at, digest)

    def _is_classified(self, record: Record, found: Arrival | Unreadable) -> bool:
        """Look for a secrecy mark in bytes and words: the log holds them, we need not."""
        return any(self.desk.judge.is_classified(text) for text in _texts(record, found))


def _texts(record: Record, found: Arrival | Unreadable) -> Iterator[str]:
    """Return a record as text in each way that it may be meant, and the words it was read as."""
    plain = record.value.decode("utf-8", "replace")
    yield plain
    if "\\u" in plain:
        yield _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), plain)
    if isinstance(found, Unreadable):
        yield record.value.decode("gb18030", "replace")
    else:
        yield from (v for v in found.submission.model_dump().values() if isinstance(v, str))


def _sender(found: Arrival | Unreadable) -> str | None:
    """Return who certainly sent it; whoever was only named in it is not told of it."""
    is_known = isinstance(found, Unreadable) or found.is_proven
    return found.unit_id if is_known else None


def _ends(records: Sequence[Record]) -> dict[positions.Place, int]:
    ends: dict[positions.Place, int] = {}
    for record in records:
        place = (record.topic, record.partition)
        ends[place] = max(ends.get(place, 0), record.offset + 1)
    return ends
