"""A classified item was turned away: the officer moves without a leak. 涉密提示。"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from ledger.effects import Effects
from ledger.schema import alerts
from ledger.sheet import Sheet
from ledger.writer import Done
from notifiers import wording
from streams.alerting import Cause, NewAlert, open_alert
from streams.desk import Desk
from vocabulary.arrival import Marked

_MARKED = UUID("5c0b7b52-0a51-5d0a-8d0c-7d8f1f3c9e02")


@dataclass(frozen=True)
class Stub:
    """The act of calling the officer with a text that holds nothing of the item."""

    desk: Desk

    def call(self, connection: Connection, marked: Sequence[Marked]) -> list[Done]:
        """Open a content-free alert for each item turned away; the same item calls once."""
        return [self._call(connection, each) for each in marked]

    def _call(self, connection: Connection, each: Marked) -> Done:
        title, summary = wording.classified(each.received_at, self.desk.county.secrecy_phone)
        new = NewAlert(
            parent=uuid5(_MARKED, f"{each.unit_id}\n{each.digest.hex()}"),
            cause=Cause.CLASSIFIED,
            unit_id=each.unit_id,
            severity=None,
            title=title,
            summary=summary,
            is_drill=False,
            opened_at=each.received_at,
        )
        there = connection.execute(select(alerts.c.id).where(alerts.c.uid == new.uid)).first()
        if there is not None:
            return Done(None)
        sheet = Sheet(connection)
        sendings, owed = open_alert(sheet, self.desk, new)
        sheet.flush()
        return Done(None, Effects(sendings=tuple(sendings), next_step_at=owed.next_at))
