"""A book as rows that two duty rooms can have in common: by derived ids, without our own hours.

两本台账逐行比对。Integer keys are replaced by the derived id that they stand for. Left out is what
a room decides by when it happened to look: see `test_the_same_day`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from ledger.book import open_book
from ledger.late_log import entries as late_entries
from ledger.schema import alerts, cases, deliveries, facts, late_log, obligations, submissions

Row: TypeAlias = dict[str, Any]
_LINK = re.compile(r"https?://\S+")
_CAUGHT_UP = re.compile(
    "【补发】|本条应于.*迟发.*\n|中断期间的时限不计迟报，事项仍须报送。\n"
    r"|，已超时(\d+(天|小时|分钟|分|秒))+"  # a house that is a moment behind is over by more
)
_HOURS = re.compile(r"\d+月\d+日|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?|\d+(天|小时|分钟|分|秒)")
_OURS = {
    "submissions": ("received_at", "counted_at", "seen_at", "receipt", "answered"),
    "cases": ("opened_at", "updated_at", "traits"),  # traits: when it happened, else was received
    "alerts": ("opened_at", "acknowledged_at"),
    "obligations": ("fulfilled_at", "next_at", "counted_from", "due_at"),
    "deliveries": ("uid", "next_at", "created_at", "accepted_at"),
    "late_log": ("at", "overrun_seconds", "received_at"),
    "facts": ("at", "published_at"),
}
_STATED = ("known", "occurred")  # clocks that run from an hour which the unit stated


def rows_of(folder: Path, url: str = "") -> dict[str, list[Row]]:
    """Return the book in `folder`, or at `url`, table by table, each in an order of its own."""
    book = open_book(folder, url)
    try:
        with book.read() as connection:
            return _rows(connection)
    finally:
        book.close()


def _rows(connection: sa.Connection) -> dict[str, list[Row]]:
    named = {
        column: {row.id: str(row.uid) for row in connection.execute(sa.select(table))}
        for column, table in (
            ("case_id", cases),
            ("alert_id", alerts),
            ("obligation_id", obligations),
        )
    }
    trimmed: dict[str, Callable[[Row], Row]] = {
        "obligations": _obligation,
        "deliveries": _delivery,
        "late_log": _texts_trimmed,
        "facts": _texts_trimmed,
        "alerts": _texts_trimmed,
    }
    found = {"stories": _stories(connection), "what holds": _what_holds(connection)}
    for table in (submissions, cases, alerts, obligations, deliveries, late_log, facts):
        rows = connection.execute(sa.select(table).order_by(table.c.id)).mappings()
        trim = trimmed.get(table.name, dict)
        found[table.name] = _sorted([_common(trim(dict(row)), table.name, named) for row in rows])
    return found


def _stories(connection: sa.Connection) -> list[Row]:
    """Return the kinds of facts of each case, in the order in which they are told."""
    told: dict[str, list[str]] = defaultdict(list)
    query = sa.select(cases.c.uid, facts.c.kind).join(facts, facts.c.case_id == cases.c.id)
    for uid, kind in connection.execute(query.order_by(facts.c.id)):
        told[str(uid)].append(kind)
    return _sorted([{"uid": uid, "kinds": kinds} for uid, kinds in told.items()])


def _what_holds(connection: sa.Connection) -> list[Row]:
    """Return what the late log says of each obligation now, and said before."""
    return _sorted(
        [
            {
                "uid": entry["obligation_id"],
                "timeliness": str(entry["timeliness"]),
                "before": [str(earlier["timeliness"]) for earlier in entry["history"]],
            }
            for entry in late_entries(connection)
        ]
    )


def _common(row: Row, table: str, named: dict[str, dict[int, str]]) -> Row:
    row |= {column: names[row[column]] for column, names in named.items() if row.get(column)}
    left_out = {"id", *_OURS[table]}
    return {name: _plain(value) for name, value in row.items() if name not in left_out}


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else str(value)


def _obligation(row: Row) -> Row:
    """An hour that the unit or the law stated is compared; one that we set is ours.

    Up to a fixed hour the limit is as long as our own instant leaves it.
    """
    if row["clock"] in _STATED and not row["is_assumed"]:
        row |= {"runs_from": row["counted_from"], "runs_until": row["due_at"]}
    elif int(row["limit_seconds"]) % 60:
        row |= {"limit_seconds": "to an hour", "runs_until": row["due_at"]}
    return row


def _delivery(row: Row) -> Row:
    """A notice's id holds the instant of its step: what it is about and to whom names it here."""
    return _texts_trimmed(row)


def _texts_trimmed(row: Row) -> Row:
    """Links are signed anew and hours are ours: a text is compared without them."""
    for name in ("title", "body", "summary", "note", "content"):
        if isinstance(row.get(name), str):
            bare = _CAUGHT_UP.sub("", row[name])
            row[name] = _HOURS.sub("…", _LINK.sub("…", bare))
    return row


def _sorted(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [(name, row[name]) for name in sorted(row)])
