"""How instants and ids rest in a column. 列类型。

Instants are whole microseconds since 1970 UTC: they sort, compare and index as the integers
they are, alike in SQLite and PostgreSQL. Ids are sixteen bytes in SQLite and a native uuid in
PostgreSQL.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Dialect, LargeBinary, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from vocabulary.china_time import from_microseconds, to_microseconds


class Instant(TypeDecorator[datetime]):
    """An aware datetime; read back as Beijing writes it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write the instant."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read the instant."""
        return None if value is None else from_microseconds(value)


class Uid(TypeDecorator[UUID]):
    """A derived id."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column for this database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | bytes | None:
        """Write the id."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        """Read the id."""
        if value is None or dialect.name == "postgresql":
            return value  # type: ignore[no-any-return]
        return UUID(bytes=value)


def writer_of(column: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what turns a value into what the driver takes; None where it is that already."""
    if isinstance(column, Instant):
        return _microseconds
    if isinstance(column, Uid) and dialect.name != "postgresql":
        return _bytes
    return None


def _microseconds(value: datetime | None) -> int | None:
    return None if value is None else to_microseconds(value)


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes
