"""A book that can go away: then neither page nor writer reaches it. 台账可离场。"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ledger.book import Book


@dataclass(frozen=True)
class AwayAtTimes(Book):
    """While `away` is set nobody can read it."""

    away: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        if self.away.is_set():
            raise OperationalError("", None, ConnectionError())
        with self.reading.connect() as connection:
            yield connection
