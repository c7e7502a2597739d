"""A county of a thousand units, and a book with a million open obligations. 大县与大账。"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from bench.room import Room
from ledger.book import FILE_NAME, open_book
from vocabulary.china_time import to_microseconds

_CHUNK = 50_000
_COLUMNS = (
    "id, uid, duty, owed_by, owed_to, opened_by, clock, counted_from, is_assumed, limit_seconds, "
    "due_at, source, confidence, is_drill, fulfilment, timeliness, step, next_at"
)
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


def write(room: Room, dues: list[Due], background: int, far: datetime, first_key: int = 1) -> None:
    """Write obligations into the room's book: `background` due from `far` on, and `dues`.

    Written directly, since what is measured is the clock on a large book and not its filling.
    """
    open_book(room.data).close()
    book = sqlite3.connect(room.data / FILE_NAME, isolation_level=None)
    book.execute("PRAGMA synchronous = OFF")
    book.execute("BEGIN")
    for start in range(0, background, _CHUNK):
        numbers = range(start, min(start + _CHUNK, background))
        later = (
            Due(number % 1000, far + timedelta(seconds=number % 2_000_000)) for number in numbers
        )
        book.executemany(
            _insert(), (_row(first_key + n, d) for n, d in zip(numbers, later, strict=True))
        )
    keys = range(first_key + background, first_key + background + len(dues))
    book.executemany(_insert(), (_row(key, due) for key, due in zip(keys, dues, strict=True)))
    book.execute("COMMIT")
    book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.close()


def _insert() -> str:
    marks = ", ".join("?" for _ in _COLUMNS.split(","))
    return f"INSERT INTO obligations ({_COLUMNS}) VALUES ({marks})"  # noqa: S608 (our own words)


def _row(key: int, due: Due) -> tuple[object, ...]:
    due_us = to_microseconds(due.due_at)
    next_us = to_microseconds(due.next_at) if due.next_at else due_us
    uid = uuid5(NAMESPACE_URL, f"bench {key}").bytes
    return (
        key,
        uid,
        "written_first_report",
        unit_id(due.unit),
        "县政府总值班室",
        "测速",
        "known",
        due_us - 3_600_000_000,
        0,
        3600,
        due_us,
        "测速用，不是规章",
        "D",
        0,
        "open",
        "pending",
        due.step,
        next_us,
    )
