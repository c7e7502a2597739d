"""Open an alert: the page, and the obligation to acknowledge it. 警报。"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ledger import cases, obligations
from ledger.effects import Sending
from ledger.schema import alerts
from ledger.sheet import Sheet
from notifiers import wording
from rules.obligations import Obligation, of_alert
from streams import paging
from streams.desk import Desk
from vocabulary.facts import AlertOpened
from vocabulary.identity import derived_uid
from vocabulary.terms import Duty, Role, Severity, Verdict


class Cause(StrEnum):
    """Why an alert was opened. 警报起因。"""

    OPENED = "opened"  # 新案
    RISEN = "risen"  # 等级上升
    GUESSED = "guessed"  # 推定并入已有案卷
    REGRADED = "regraded"  # 人工提级
    AFTER_CLOSING = "after_closing"  # 办结后又报
    SPLIT = "split"  # 分出另案
    AFTER_FALSE_ALARM = "after_false_alarm"  # 判为误报后又报
    ATTENTION = "attention"  # 关注件，先请过目
    UNSEEN = "unseen"  # 关注件无人过目
    CLASSIFIED = "classified"  # 涉密提示
    SET_ASIDE = "set_aside"  # 有件未能入账


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert about to be opened; `summary` is the page's text without anyone's link."""

    parent: UUID
    cause: Cause
    unit_id: str
    severity: Severity | None
    title: str
    summary: str
    is_drill: bool
    opened_at: datetime
    case_key: int | None = None
    is_repeat: bool = False

    @property
    def uid(self) -> UUID:
        """The alert's own id, the same at every replay."""
        return alert_uid(self.parent, self.cause)

    @property
    def level(self) -> Verdict:
        """An attention waits to be looked at; all else calls."""
        waits = self.cause in (Cause.ATTENTION, Cause.SET_ASIDE)
        return Verdict.ATTENTION if waits else Verdict.EMERGENCY


def alert_uid(parent: UUID, cause: Cause) -> UUID:
    """Return the id an alert has, or will have."""
    return derived_uid(parent, "alert", cause.value)


def open_alert(sheet: Sheet, desk: Desk, new: NewAlert) -> tuple[list[Sending], Obligation]:
    """Write the alert, what it obliges the desk to, and the first calls if it calls."""
    key = sheet.add(
        alerts,
        uid=new.uid,
        case_id=new.case_key,
        unit_id=new.unit_id,
        level=new.level.value,
        cause=new.cause.value,
        severity=new.severity and new.severity.value,
        title=new.title,
        summary=new.summary,
        is_drill=new.is_drill,
        opened_at=new.opened_at,
    )
    is_calling = new.level is Verdict.EMERGENCY
    duty = Duty.ACKNOWLEDGEMENT if is_calling else Duty.LOOK
    room = desk.room_of(new.unit_id)
    owed = of_alert(desk.rulebook, duty, room, new.opened_at, new.severity)
    obligations.add(
        sheet,
        owed,
        derived_uid(new.uid, duty.value),
        is_drill=new.is_drill,
        case_key=new.case_key,
        alert_key=key,
    )
    told = AlertOpened(at=new.opened_at, alert=new.uid, cause=new.cause.value)
    cases.note(sheet, told, new.case_key)
    if not is_calling:
        return [], owed
    return _call(sheet, desk, new, key), owed


def _call(sheet: Sheet, desk: Desk, new: NewAlert, key: int) -> list[Sending]:
    at_once = desk.rulebook.obligations[Duty.ACKNOWLEDGEMENT].ladder.at_once
    also = at_once.get(new.severity, ()) if new.severity else ()
    room = desk.room_of(new.unit_id)
    people = desk.directory.recipients((Role.DUTY_OFFICER, *also), room, new.opened_at)
    return paging.write(
        sheet,
        desk,
        paging.About(
            new.uid,
            paging.CALL,
            paging.ALERT,
            new.opened_at,
            alert_key=key,
            case_key=new.case_key,
            is_repeat=new.is_repeat,
        ),
        (*people, *desk.directory.rooms(room)),
        lambda recipient: wording.with_link(
            new.title, new.summary, desk.links.to_acknowledge(new.uid, recipient)
        ),
    )
