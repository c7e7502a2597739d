"""A county of a thousand units, and a book with a million open obligations. 大县与大账。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection

from bench.filling import filling, highest, multiply
from bench.room import Room
from ledger.schema import obligations
from vocabulary.terms import Duty, Fulfilment, Timeliness

_OVERDUE_STEP = 1  # of the ladder of reports: a nudge, then the due instant


@dataclass(frozen=True, slots=True)
class Due:
    """One obligation to write: whose, due when, at which step of its ladder, stepping when."""

    unit: int
    due_at: datetime
    step: int = _OVERDUE_STEP
    next_at: datetime | None = None


def unit_id(number: int) -> str:
    """Return the id of a made unit."""
    return f"unit-{number:04d}"


def clerk_id(number: int) -> str:
    """Return the id of its clerk: what the phone sees as the addressee."""
    return f"clerk-{number:04d}"


def grow(folder: Path, units: int) -> None:
    """Add units to a county's files, each with a clerk reached by the app and with a head."""
    with (folder / "units.yaml").open("a", encoding="utf-8") as file:
        for number in range(units):
            file.write(
                f"  - {{id: {unit_id(number)}, name: 第{number}单位, kind: bureau, "
                "superior: zhengfuban}\n"
            )
    with (folder / "people.yaml").open("a", encoding="utf-8") as file:
        for number in range(units):
            about = f"unit: {unit_id(number)}, mobile: '129{number:08d}'"
            file.write(
                f"  - {{id: {clerk_id(number)}, name: 员{number}, {about}, roles: [clerk], "
                "title: 信息员, channels: [app]}\n"
                f"  - {{id: head-{number:04d}, name: 长{number}, {about}, roles: [unit_head], "
                "title: 负责人, channels: [app]}\n"
            )


def write(room: Room, dues: Sequence[Due]) -> None:
    """Write obligations into the book of a room that does not run."""
    with filling(room) as connection:
        _insert(connection, dues)


def write_many(room: Room, count: int, far: datetime) -> None:
    """Write `count` open obligations of a thousand units, due from `far` on, four a second."""
    last = far + timedelta(seconds=count / 4)
    with filling(room, obligations) as connection:
        key = _insert(connection, [Due(0, last)])
        units = "'unit-' || substr(CAST(10000 + n % 1000 AS text), 2)"
        own = {"owed_by": units}
        multiply(connection, obligations, key, count - 1, apart_us=250_000, own=own)


def _insert(connection: Connection, dues: Sequence[Due]) -> int:
    """Write them. Returns the first one's key."""
    first = highest(connection, obligations) + 1
    rows = [_row(first + number, due) for number, due in enumerate(dues)]
    connection.execute(obligations.insert(), rows)
    return first


def _row(key: int, due: Due) -> dict[str, Any]:
    return {
        "id": key,
        "uid": uuid5(NAMESPACE_URL, f"bench {key}"),
        "duty": Duty.WRITTEN_FIRST_REPORT.value,
        "owed_by": unit_id(due.unit),
        "owed_to": "县政府总值班室",
        "opened_by": "测速",
        "clock": "known",
        "counted_from": due.due_at - timedelta(hours=1),
        "is_assumed": False,
        "limit_seconds": 3600,
        "due_at": due.due_at,
        "source": "测速用，不是规章",
        "confidence": "D",
        "is_drill": False,
        "fulfilment": Fulfilment.OPEN.value,
        "timeliness": Timeliness.PENDING.value,
        "step": due.step,
        "next_at": due.next_at or due.due_at,
    }
