"""The late log: what was late, missing or unknown, with its evidence. 迟报台账。

Append-only: the newest entry of an obligation is what holds, and those before it stay as its
history. Drills are never on it.
"""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ledger.schema import cases, late_log, obligations
from vocabulary.china_time import spoken
from vocabulary.names import DUTY_NAMES, TIMELINESS_NAMES
from vocabulary.terms import Duty, Timeliness

_ENTRIES_MAX = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def entries(
    connection: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    unit_id: str | None = None,
    timeliness: str | None = None,
    limit: int = _ENTRIES_MAX,
) -> list[dict[str, Any]]:
    """Return what is on the log, newest due first: one row an obligation, with its history.

    Args:
        since, until: the period of the due instant, half-open.
        unit_id: only what this unit owes.
        timeliness: only what stands so now (`late`, `missing`, `overdue`, `unknown`).
    """
    query = (
        select(
            late_log.c.obligation_id,
            late_log.c.at,
            late_log.c.timeliness,
            late_log.c.overrun_seconds,
            late_log.c.received_at,
            late_log.c.note,
            obligations.c.uid,
            obligations.c.duty,
            obligations.c.owed_by,
            obligations.c.owed_to,
            obligations.c.counted_from,
            obligations.c.is_assumed,
            obligations.c.due_at,
            obligations.c.fulfilment,
            obligations.c.fulfilled_by,
            obligations.c.severity,
            obligations.c.source,
            obligations.c.confidence,
            cases.c.uid.label("case_uid"),
            cases.c.title.label("case_title"),
        )
        .select_from(
            late_log.join(obligations, obligations.c.id == late_log.c.obligation_id).outerjoin(
                cases, cases.c.id == obligations.c.case_id
            )
        )
        .where(obligations.c.is_drill.is_(False))
        .order_by(obligations.c.due_at.desc(), late_log.c.obligation_id, late_log.c.id)
    )
    if since is not None:
        query = query.where(obligations.c.due_at >= since)
    if until is not None:
        query = query.where(obligations.c.due_at < until)
    if unit_id is not None:
        query = query.where(obligations.c.owed_by == unit_id)
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(query).mappings():
        entry = {
            name: row[name]
            for name in ("at", "timeliness", "overrun_seconds", "received_at", "note")
        }
        known = found.get(row["obligation_id"])
        if known is None:
            found[row["obligation_id"]] = _first(dict(row), entry)
        else:
            known.update(entry)
            known["history"].append(entry)
    rows = [row for row in found.values() if timeliness in (None, row["timeliness"])]
    return rows[:limit]


def _first(row: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "obligation_id": str(row["uid"]),
        "kind": row["duty"],
        "unit_id": row["owed_by"],
        "owed_to": row["owed_to"],
        "case_id": row["case_uid"] and str(row["case_uid"]),
        "case_title": row["case_title"],
        "severity": row["severity"],
        "counted_from": row["counted_from"],
        "is_assumed": row["is_assumed"],
        "due_at": row["due_at"],
        "fulfilment": row["fulfilment"],
        "fulfilled_by": row["fulfilled_by"],
        "source": row["source"],
        "confidence": row["confidence"],
        **entry,
        "history": [entry],
    }


def as_csv(rows: list[dict[str, Any]], unit_name: Callable[[str], str]) -> str:
    """Return the log as a table that Excel opens in Chinese and that runs no formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ("单位", "应报事项", "案卷", "起算", "到期", "收到", "超时（秒）", "认定", "依据", "说明")
    )
    for row in rows:
        writer.writerow(
            _safe(cell)
            for cell in (
                unit_name(row["unit_id"]),
                DUTY_NAMES[Duty(row["kind"])],
                row["case_title"] or "",
                spoken(row["counted_from"]),
                spoken(row["due_at"]),
                spoken(row["received_at"]) if row["received_at"] else "",
                str(row["overrun_seconds"]),
                TIMELINESS_NAMES[Timeliness(row["timeliness"])],
                row["source"],
                row["note"],
            )
        )
    return out.getvalue()


def _safe(cell: str) -> str:
    """A cell that begins like a formula is written as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
