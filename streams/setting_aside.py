"""What cannot be taken in is set aside whole, and someone is told. 隔离。

A row in the book, in the transaction that moves on past the record: so nothing is lost between
the two, and the relay publishes it to the quarantine topic. Classified content leaves a hash.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from ledger import cases, quarantine
from ledger.effects import Effects
from ledger.sheet import Sheet
from ledger.writer import Done
from notifiers import notice_wording
from streams import paging
from streams.alerting import Cause, NewAlert, open_alert
from streams.desk import Desk
from vocabulary.facts import SetAside
from vocabulary.identity import derived_uid
from vocabulary.record import Unreadable
from vocabulary.terms import Role

_QUARANTINE = UUID("0b9c5d0e-7a0f-5b52-9a3f-5f6d3c1b7a44")


@dataclass(frozen=True)
class SettingAside:
    """Writes what was set aside on a sheet."""

    desk: Desk

    def put(self, sheet: Sheet, found: Unreadable, now: datetime) -> Done:
        """Set one record aside; the same record twice is one row."""
        record = found.record
        uid = uuid5(_QUARANTINE, f"{record.topic}\n{record.partition}\n{record.offset}")
        if not quarantine.add(sheet, uid, found, hashlib.sha256(record.value).digest(), now):
            return Done(None)
        cases.note(sheet, SetAside(at=now, quarantine=uid, reason=found.reason), None)
        sendings, owed = open_alert(sheet, self.desk, self._attention(uid, found, now))
        sender = self._sender(found)
        if sender is not None:
            about = paging.About(derived_uid(uid, "sender"), "set_aside", paging.NOTICE, now)
            people = self.desk.directory.recipients((Role.CLERK,), sender, now)
            unit = self.desk.directory.unit_name(sender)
            told = notice_wording.set_aside(unit, found.reason, self.desk.county.duty_phone)
            sendings += paging.write(sheet, self.desk, about, people, lambda _: told)
        return Done(None, Effects(sendings=tuple(sendings), next_step_at=owed.next_at))

    def _sender(self, found: Unreadable) -> str | None:
        return found.unit_id if found.unit_id in self.desk.county.units else None

    def _attention(self, uid: UUID, found: Unreadable, now: datetime) -> NewAlert:
        sender = self._sender(found)
        who = self.desk.directory.unit_name(sender) if sender is not None else "来源不明"
        return NewAlert(
            parent=uid,
            cause=Cause.SET_ASIDE,
            unit_id=sender or self.desk.unit_id,
            severity=None,
            title=f"【关注】有一件报送无法接收，已隔离（{who}）",
            summary=f"原因：{found.reason}\n处理：jibao quarantine show {uid}",
            is_drill=False,
            opened_at=now,
        )
