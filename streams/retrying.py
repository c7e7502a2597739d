"""Take in again what was set aside, once someone has mended why. 重新接收。"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from ledger import quarantine
from streams.desk import Desk
from streams.intake import Intake
from streams.records import Records
from streams.wire import Keys
from vocabulary.record import Unreadable


@dataclass(frozen=True)
class Retrying:
    """The act of taking one record in again, whose hour of receipt stays what it was."""

    desk: Desk
    keys: Keys

    def retry(self, connection: Connection, row: RowMapping, now: datetime) -> str | None:
        """Take a record in; returns why it still cannot be, or None where it is in the book."""
        if row["content"] is None:
            return "内容带有密级标志，未保存"
        found = Records(self.desk, self.keys).read(quarantine.record_of(row))
        if isinstance(found, Unreadable):
            return found.reason
        Intake(self.desk).absorb(connection, [found])
        quarantine.retried(connection, row["uid"], now)
        return None
