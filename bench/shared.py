"""A duty room in one process whose book is a PostgreSQL of its own. 一体、PostgreSQL 台账。"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import text

from app.laptop.lacking import LackingError
from app.laptop.postgres import Postgres
from bench.processes import StartError
from bench.room import Room
from ledger.book import Book, open_book

_SETTINGS: Mapping[str, str] = {"shared_buffers": "1GB", "max_wal_size": "4GB"}


@dataclass
class SharedRoom(Room):
    """The same process as on SQLite; the server is started at first need, ended by the ground."""

    @cached_property
    def database_url(self) -> str:
        """The address of its book."""
        server = Postgres(self.ground.folder / f"{self.data.name}-postgres", settings=_SETTINGS)
        try:
            server.start()
        except LackingError as error:
            raise StartError(str(error)) from error
        self.ground.closing.callback(server.close)
        return server.url

    @property
    def environment(self) -> dict[str, str]:
        """What its process is told beyond its options."""
        return super().environment | {"JIBAO_DATABASE_URL": self.database_url}

    def about(self) -> dict[str, Any]:
        """Return what it consists of, for `settings`."""
        with self._book() as book, book.read() as connection:
            version = connection.execute(text("SHOW server_version")).scalar()
        return {"parts": ["up"], "book": f"PostgreSQL {version}", "postgres": dict(_SETTINGS)}

    def file_mb(self) -> float:
        """Return how large the database is."""
        with self._book() as book, book.read() as connection:
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar()
        return round((size or 0) / 1e6, 1)

    def open(self) -> Book:
        """Open its book."""
        return open_book(self.data, self.database_url)
