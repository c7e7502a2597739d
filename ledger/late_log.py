"""The late log as a supervisor reads it: who, how late, under which article. 迟报台账查询。

The log is append-only. What holds of an obligation is its newest entry; the earlier ones stay
beside it as its history. Drills never came onto it. Periods are taken by the due instant, so
that a later correction does not move a row from one month to the next.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from ledger.schema import cases, late_log, obligations
from vocabulary.china_time import BEIJING
from vocabulary.names import DUTY_NAMES, FULFILMENT_NAMES, TIMELINESS_NAMES
from vocabulary.terms import Duty, Fulfilment, Timeliness

ROWS_MAX = 5_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the system's own code page
_ENTRY = ("at", "timeliness", "overrun_seconds", "received_at", "note")
_OWED = (
    "owed_to",
    "opened_by",
    "case_title",
    "severity",
    "clock",
    "counted_from",
    "is_assumed",
    "limit_seconds",
    "due_at",
    "fulfilment",
    "source",
    "confidence",
)
_HEADINGS = (
    "单位",
    "应报事项",
    "案卷",
    "应报至",
    "起算时刻",
    "应报时刻",
    "收到时刻",
    "超时",
    "超时秒数",
    "时效",
    "履行",
    "依据",
    "可信度",
    "说明",
    "经过",
    "凭据",
)


def entries(
    connection: Connection,
    since: datetime | None,
    until: datetime | None,
    *,
    unit_id: str | None = None,
    timeliness: str | None = None,
    limit: int = ROWS_MAX,
) -> list[dict[str, Any]]:
    """Return the newest entry of each obligation on the log, latest due first.

    Args:
        since: due at this instant or later; None is without limit.
        until: due before this instant; None is without limit.
        unit_id: of this unit alone.
        timeliness: whose newest entry says so.
        limit: how many at most.

    Returns:
        One dict a row. `history` holds the earlier entries, oldest first; `evidence` is the id
        of the submission that met the obligation, or None.
    """
    query = _newest()
    if since is not None:
        query = query.where(obligations.c.due_at >= since)
    if until is not None:
        query = query.where(obligations.c.due_at < until)
    if unit_id is not None:
        query = query.where(obligations.c.owed_by == unit_id)
    if timeliness is not None:
        query = query.where(late_log.c.timeliness == timeliness)
    ordered = query.order_by(obligations.c.due_at.desc(), late_log.c.id.desc()).limit(limit)
    rows = connection.execute(ordered).mappings().all()
    histories = _histories(connection, rows)
    return [_entry(row, histories[row["obligation_id"]]) for row in rows]


def as_csv(rows: Iterable[dict[str, Any]], unit_name: Callable[[str], str]) -> str:
    """Return the log as a table for Excel: marked as UTF-8, and no cell can be a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for row in rows:
        writer.writerow([harmless(cell) for cell in _cells(row, unit_name)])
    return _BYTE_ORDER_MARK + sheet.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and never runs: a formula gets a quote before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _newest() -> Select[Any]:
    others = late_log.alias("others")
    newest = (
        select(func.max(others.c.id))
        .where(others.c.obligation_id == late_log.c.obligation_id)
        .scalar_subquery()
    )
    return (
        select(
            late_log,
            obligations.c.uid.label("obligation_uid"),
            obligations.c.duty,
            obligations.c.owed_by,
            obligations.c.owed_to,
            obligations.c.opened_by,
            obligations.c.clock,
            obligations.c.counted_from,
            obligations.c.is_assumed,
            obligations.c.limit_seconds,
            obligations.c.due_at,
            obligations.c.source,
            obligations.c.confidence,
            obligations.c.severity,
            obligations.c.fulfilment,
            obligations.c.fulfilled_by,
            cases.c.uid.label("case_uid"),
            cases.c.title.label("case_title"),
        )
        .select_from(
            late_log.join(obligations, obligations.c.id == late_log.c.obligation_id).outerjoin(
                cases, cases.c.id == obligations.c.case_id
            )
        )
        .where(late_log.c.id == newest, obligations.c.is_drill.is_(False))
    )


def _histories(
    connection: Connection, rows: Sequence[RowMapping]
) -> dict[int, list[dict[str, Any]]]:
    """Return the entries before the newest, by obligation, oldest first; asked in portions."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    newest = {row["obligation_id"]: row["id"] for row in rows}
    keys = list(newest)
    for start in range(0, len(keys), 500):
        portion = keys[start : start + 500]
        query = select(late_log).where(late_log.c.obligation_id.in_(portion))
        for row in connection.execute(query.order_by(late_log.c.id)).mappings():
            if row["id"] != newest[row["obligation_id"]]:
                entry = {name: row[name] for name in _ENTRY}
                found[row["obligation_id"]].append(entry)
    return found


def _entry(row: RowMapping, history: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "obligation_id": str(row["obligation_uid"]),
        "unit_id": row["owed_by"],
        "kind": row["duty"],
        "case_id": row["case_uid"] and str(row["case_uid"]),
        **{name: row[name] for name in (*_OWED, *_ENTRY)},
        "evidence": row["fulfilled_by"],
        "history": history,
    }


def _cells(row: dict[str, Any], unit_name: Callable[[str], str]) -> list[str]:
    seconds = row["overrun_seconds"]
    return [
        unit_name(row["unit_id"]),
        DUTY_NAMES[Duty(row["kind"])],
        row["case_title"] or "",
        row["owed_to"],
        _written(row["counted_from"]) + ("（推定）" if row["is_assumed"] else ""),
        _written(row["due_at"]),
        _written(row["received_at"]),
        str(timedelta(seconds=seconds)) if seconds else "",
        str(seconds),
        TIMELINESS_NAMES[Timeliness(row["timeliness"])],
        FULFILMENT_NAMES[Fulfilment(row["fulfilment"])],
        row["source"],
        row["confidence"],
        row["note"],
        "；".join(_told(entry) for entry in row["history"]),
        row["evidence"] or "",
    ]


def _told(entry: dict[str, Any]) -> str:
    name = TIMELINESS_NAMES[Timeliness(entry["timeliness"])]
    return f"{_written(entry['at'])} {name} {entry['note']}"


def _written(instant: datetime | None) -> str:
    return f"{instant.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}" if instant else ""
