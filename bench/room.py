"""A duty room and a phone to measure: the shipped county, led to our phone. 被测值班室。"""

import os
import secrets
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

import rulebook
from app.clock import WallClock
from bench.processes import JIBAO, ROOT, Ground, free_port
from ledger import tokens
from ledger.book import FILE_NAME, Book, open_book
from ledger.schema import inbox, submissions
from ledger.schema import tokens as tokens_table
from rulebook import county as county_files
from rules.county import County
from rules.duty import on_duty
from vocabulary.terms import Role, UnitKind

_PAGE = 50_000  # messages asked for at a time


@dataclass
class Phone:
    """A running receiver, and what it has taken since it was last asked."""

    port: int
    _seen: int = 0

    def messages(self) -> list[dict[str, Any]]:
        """Return what came since the last time, oldest first."""
        found: list[dict[str, Any]] = []
        while True:
            url = f"http://127.0.0.1:{self.port}/messages?after={self._seen}&limit={_PAGE}"
            with urllib.request.urlopen(url, timeout=60) as answer:
                page: list[dict[str, Any]] = orjson.loads(answer.read())
            if not page:
                return found
            self._seen = page[-1]["number"]
            found += page


@dataclass
class Room:
    """A duty room in one process, on SQLite. 一体值班室。"""

    ground: Ground
    county_folder: Path
    phone: Phone
    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its process is told beyond its options."""
        return {"JIBAO_PHONE": f"127.0.0.1:{self.phone.port}"}

    @cached_property
    def county(self) -> County:
        """The county as the room reads it."""
        return county_files.load(self.county_folder, os.environ | self.environment)

    def about(self) -> dict[str, Any]:
        """Return what it consists of, for `settings`."""
        return {"parts": ["up"], "book": "SQLite"}

    def tokens(self) -> list[str]:
        """Make and return a token for each township."""
        townships = [u for u in self.county.units.values() if u.kind is UnitKind.TOWNSHIP]
        return self.tokens_of([unit.unit_id for unit in townships])

    def tokens_of(self, unit_ids: Sequence[str]) -> list[str]:
        """Make and return a token for each of these units."""
        made = [secrets.token_urlsafe(32) for _ in unit_ids]
        rows = [
            {"hash": tokens.hash_of(token), "principal": f"unit:{unit_id}", "created_at": now()}
            for token, unit_id in zip(made, unit_ids, strict=True)
        ]
        with self._book() as book, book.writing.begin() as connection:
            connection.execute(tokens_table.insert(), rows)
        return made

    def file_mb(self) -> float:
        """Return how large the book is."""
        return round((self.data / FILE_NAME).stat().st_size / 1e6, 1)

    def start(self, *, is_awaited: bool = True) -> None:
        """Start `jibao up`; wait until it is ready unless told not to."""
        options = ("--data", str(self.data), "--county", str(self.county_folder))
        command = (*JIBAO, "up", *options, "--port", str(self.port))
        self.process = self.ground.start("up", command, self.environment)
        if is_awaited:
            self.wait()

    def wait(self) -> None:
        """Wait until the room says that it is ready."""
        assert self.process is not None
        self.ground.wait_until_up("up", self.process, f"{self.url}/-/ready")

    def stop(self) -> None:
        """End the process in good order."""
        assert self.process is not None
        self.ground.end(self.process)

    def officers(self, now: datetime) -> set[str]:
        """Return who is on duty at the desk; the first channel addresses them by id."""
        return {p.person_id for p in on_duty(self.county, Role.DUTY_OFFICER, now)}

    def hold_back(self) -> None:
        """Let routine items wait, where they would be judged before a queue could form."""

    def let_go(self) -> None:
        """Let routine items be judged again."""

    def waiting(self) -> int:
        """Return how many items wait to be judged."""
        with self._book() as book, book.read() as connection:
            return _count(connection, inbox)

    def held(self) -> int:
        """Return how many items the book holds, judged or waiting."""
        with self._book() as book, book.read() as connection:
            return _count(connection, submissions) + _count(connection, inbox)

    @contextmanager
    def _book(self) -> Iterator[Book]:
        book = self.open()
        try:
            yield book
        finally:
            book.close()

    def open(self) -> Book:
        """Open its book."""
        return open_book(self.data)


def _count(connection: Connection, table: Any) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar() or 0


def now() -> datetime:
    """Return the hour, by the clock that all processes of this machine share."""
    return WallClock().now()


def now_us() -> int:
    """Return microseconds since 1970: what a client notes before it sends."""
    return time.time_ns() // 1_000  # noqa: TID251 (a stopwatch, not a judgement)


def digest_of_law() -> str:
    """Return which rulebook was measured."""
    return rulebook.load(ROOT / "rulebook").digest


def bearer(token: str) -> Mapping[str, str]:
    """Return the headers of a caller."""
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
