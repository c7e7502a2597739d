"""What was set aside, whole, for a person. 隔离件。"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, func, select

from ledger.log_schema import quarantine
from ledger.sheet import Sheet
from vocabulary.record import Record, Unreadable


def add(sheet: Sheet, uid: UUID, found: Unreadable, digest: bytes, at: datetime) -> bool:
    """Write what was set aside; of classified content only the hash. False where it is there."""
    there = select(quarantine.c.id).where(quarantine.c.uid == uid)
    if sheet.connection.execute(there).first() is not None:
        return False
    record = found.record
    sheet.add(
        quarantine,
        uid=uid,
        at=at,
        reason=found.reason,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        unit_id=found.unit_id,
        content=None if found.is_classified else record.value,
        headers=None if found.is_classified else _written(record),
        content_hash=digest,
        received_at=record.at,
    )
    return True


def _written(record: Record) -> str:
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers.items()}
    return orjson.dumps(headers).decode()


def record_of(row: RowMapping) -> Record:
    """Return the record that was set aside, as it was."""
    headers = orjson.loads(row["headers"] or "{}")
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        at=row["received_at"],
        value=row["content"] or b"",
        headers={name: value.encode() for name, value in headers.items()},
    )


def waiting(connection: Connection, limit: int) -> Sequence[RowMapping]:
    """Return what was set aside and not yet taken in by a retry, oldest first."""
    query = (
        select(quarantine)
        .where(quarantine.c.retried_at.is_(None))
        .order_by(quarantine.c.id)
        .limit(limit)
    )
    return connection.execute(query).mappings().all()


def depth(connection: Connection) -> int:
    """Return how many records wait for a person."""
    query = select(func.count()).select_from(quarantine).where(quarantine.c.retried_at.is_(None))
    return connection.execute(query).scalar() or 0


def by_uid(connection: Connection, uid: UUID) -> RowMapping | None:
    """Return one record that was set aside."""
    return connection.execute(select(quarantine).where(quarantine.c.uid == uid)).mappings().first()


def retried(connection: Connection, uid: UUID, at: datetime) -> None:
    """Mark one as taken in."""
    connection.execute(quarantine.update().where(quarantine.c.uid == uid).values(retried_at=at))
