"""Records of the log become items in the book. 日志接入。

One transaction holds the items, what was set aside and how far the partition has been judged:
so a batch that comes again changes nothing, and the clock knows what nobody has judged yet.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ledger import positions
from ledger.sheet import Sheet
from ledger.writer import Done
from streams.desk import Desk
from streams.intake import Intake, together
from streams.setting_aside import SettingAside
from streams.wire import Keys, read
from vocabulary.arrival import Arrival
from vocabulary.record import Record, Unreadable


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

    def absorb(self, connection: Connection, batches: Sequence[Batch]) -> list[Done]:
        """Take batches in, each wholly. `Done` holds how many items it had."""
        return [self._absorb(connection, batch) for batch in batches]

    def read(self, record: Record) -> Arrival | Unreadable:
        """Return the item of this county that a record holds, or why it holds none."""
        found = read(record, self.keys)
        if isinstance(found, Unreadable):
            return replace(found, is_classified=self._is_classified(record))
        if found.owing_unit_id not in self.desk.county.units:
            unknown = "本县没有这个报送单位"
            return Unreadable(record, unknown, is_classified=self._is_classified(record))
        if not found.answered and self._is_classified(record):  # a stranger's: no door looked
            told = "内容带有密级标志，正文未保存，请改用保密渠道"
            return Unreadable(record, told, found.unit_id, is_classified=True)
        return found

    def _absorb(self, connection: Connection, batch: Batch) -> Done:
        arrivals: list[Arrival] = []
        aside: list[Unreadable] = []
        for record in batch.records:
            found = self.read(record)
            if isinstance(found, Unreadable):
                aside.append(found)
            elif batch.unfit is not None:
                aside.append(Unreadable(record, batch.unfit, found.unit_id))
            else:
                arrivals.append(replace(found, is_called_already=found.uid in batch.called))
        done = Intake(self.desk).absorb(connection, arrivals)
        sheet = Sheet(connection)
        setting_aside = SettingAside(self.desk)
        done += [setting_aside.put(sheet, found, batch.now) for found in aside]
        sheet.flush()
        positions.advance(connection, _ends(batch.records), batch.now)
        return Done(len(arrivals), together(done))

    def _is_classified(self, record: Record) -> bool:
        """Look for a secrecy mark in the raw bytes: the log already holds them, we need not."""
        return self.desk.judge.is_classified(record.value.decode("utf-8", "replace"))


def _ends(records: Sequence[Record]) -> dict[positions.Place, int]:
    ends: dict[positions.Place, int] = {}
    for record in records:
        place = (record.topic, record.partition)
        ends[place] = max(ends.get(place, 0), record.offset + 1)
    return ends
