"""Page for a case as it stands, where no item of its own calls. 就案卷呼叫。"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.effects import Effects
from ledger.sheet import Sheet
from notifiers import wording
from streams.alerting import Cause, NewAlert, open_alert
from streams.desk import Desk
from vocabulary.judgement import Casualties
from vocabulary.terms import Severity


@dataclass(frozen=True, slots=True)
class Paged:
    """What the page is about: `parent` names it, so that a replay finds the same alert."""

    parent: UUID
    cause: Cause
    at: datetime
    why: str
    before: Severity | None = None


def page_case(sheet: Sheet, desk: Desk, row: Mapping[str, Any], paged: Paged) -> Effects:
    """Open an alert for a case, by its row, and call the officer of its desk."""
    severity = severity_of(row)
    title, summary = wording.page(
        wording.Page(
            cause=paged.cause.value,
            is_drill=row["is_drill"],
            severity=severity,
            subtype=row["subtype"],
            unit=desk.directory.unit_name(row["unit_id"]),
            place=row["place"],
            excerpt=row["title"],
            received_at=row["opened_at"],
            casualties=Casualties(row["deaths"], row["injured"], row["missing"]),
            before=paged.before,
            why=paged.why,
        )
    )
    new = NewAlert(
        parent=paged.parent,
        cause=paged.cause,
        unit_id=row["unit_id"],
        severity=severity,
        title=title,
        summary=summary,
        is_drill=row["is_drill"],
        opened_at=paged.at,
        case_key=row["id"],
    )
    sendings, owed = open_alert(sheet, desk, new)
    return Effects(sendings=tuple(sendings), next_step_at=owed.next_at)


def severity_of(row: Mapping[str, Any]) -> Severity | None:
    """Return the grade that holds of a case now."""
    told = row["severity_provisional"]
    return None if told is None else Severity(told)
