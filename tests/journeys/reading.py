"""What the book says, read beside the process that writes it. 读台账。"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vocabulary.china_time import to_microseconds


@dataclass(frozen=True)
class Reader:
    """Reads one book; each question sees what is committed then."""

    path: Path

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def count(self, table: str, where: str = "1", *values: object) -> int:
        """Return how many rows there are."""
        return int(self.rows(f"SELECT count(*) n FROM {table} WHERE {where}", *values)[0]["n"])

    def is_sound(self) -> bool:
        """Say whether SQLite finds no fault in the file."""
        return bool(self.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}])

    def deliveries(self, title: str) -> list[dict[str, Any]]:
        """Return the texts whose title holds these words, in order."""
        return self.rows("SELECT * FROM deliveries WHERE instr(title, ?) > 0 ORDER BY id", title)

    def attempts(self, title: str, recipient: str) -> list[dict[str, Any]]:
        """Return what was tried to bring such texts to someone, in order."""
        return self.rows(
            "SELECT a.*, d.cause FROM attempts a JOIN deliveries d ON d.id = a.delivery_id"
            " WHERE instr(d.title, ?) > 0 AND d.recipient = ? ORDER BY a.id",
            title,
            recipient,
        )

    def is_quiet(self, now: datetime) -> bool:
        """Say whether nothing waits to be judged, called or sent for the first time."""
        is_first_try = "state = 'pending' AND round = 0"
        return not (
            self.count("inbox")
            or self.count("deliveries", f"({is_first_try}) OR next_at <= ?", to_microseconds(now))
            or self.count("obligations", "next_at <= ?", to_microseconds(now))
        )


def book_in(folder: Path) -> Reader:
    """Return a reader of the book in a data folder."""
    return Reader(folder / "jibao.sqlite3")


def change(folder: Path, statement: str, *values: object) -> None:
    """Change a book that no process has open: time travel, for tests."""
    with closing(sqlite3.connect(folder / "jibao.sqlite3")) as connection, connection:
        connection.execute(statement, values)
