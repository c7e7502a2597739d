"""What the desk asked units for, and how each stands. 约稿查询。"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, select

from ledger.schema import obligations
from ledger.solicitation_schema import solicitations, solicited
from vocabulary.identity import derived_uid
from vocabulary.terms import Fulfilment

_OF_A_UNIT = (
    "due_at",
    "fulfilment",
    "timeliness",
    "fulfilled_at",
    "fulfilled_by",
)


def obligation_uid(solicitation_uid: UUID, unit_id: str) -> UUID:
    """Return the id of what a unit owes for a solicitation."""
    return derived_uid(solicitation_uid, "solicited", unit_id)


def held(connection: Connection, uid: UUID) -> dict[str, Any] | None:
    """Return a solicitation's row, held until the transaction ends, or None."""
    query = select(solicitations).where(solicitations.c.uid == uid).with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def open_by(connection: Connection, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Return open obligations for solicitations, held."""
    query = select(obligations).where(where, obligations.c.fulfilment == Fulfilment.OPEN.value)
    rows = connection.execute(query.order_by(obligations.c.id).with_for_update()).mappings()
    return [dict(row) for row in rows]


def open_of(connection: Connection, solicitation_uid: UUID, unit_id: str) -> list[dict[str, Any]]:
    """Return what a unit still owes for a solicitation: one or none, held."""
    uid = obligation_uid(solicitation_uid, unit_id)
    return open_by(connection, obligations.c.uid == uid)


def all_open_of(connection: Connection, key: int) -> list[dict[str, Any]]:
    """Return what is still owed for a solicitation, by its key, held."""
    keys = select(solicited.c.obligation_id).where(solicited.c.solicitation_id == key)
    return open_by(connection, obligations.c.id.in_(keys))


def one(connection: Connection, uid: UUID) -> dict[str, Any] | None:
    """Return a solicitation with `units`: whom it asks and how each stands; or None."""
    found = _told(connection, select(solicitations).where(solicitations.c.uid == uid))
    return found[0] if found else None


def newest(
    connection: Connection, limit: int, *, unit_id: str | None = None
) -> list[dict[str, Any]]:
    """Return the solicitations made last, likewise; of a unit, those that ask it."""
    query = select(solicitations).order_by(solicitations.c.asked_at.desc()).limit(limit)
    if unit_id is not None:
        theirs = select(solicited.c.solicitation_id).where(solicited.c.unit_id == unit_id)
        query = query.where(solicitations.c.id.in_(theirs))
    return _told(connection, query)


def _told(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in connection.execute(query).mappings()]
    asked: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    joined = solicited.join(obligations, obligations.c.id == solicited.c.obligation_id)
    owed = (
        select(
            solicited.c.solicitation_id,
            solicited.c.unit_id,
            obligations.c.uid.label("obligation_uid"),
            *(obligations.c[name] for name in _OF_A_UNIT),
        )
        .select_from(joined)
        .where(solicited.c.solicitation_id.in_(list(asked)))
        .order_by(solicited.c.id)
    )
    for each in connection.execute(owed).mappings():
        asked[each["solicitation_id"]].append(dict(each))
    return [row | {"units": asked[row["id"]]} for row in rows]


def is_open(row: Mapping[str, Any]) -> bool:
    """Say whether a solicitation, with its `units`, still waits for anything."""
    return any(each["fulfilment"] == Fulfilment.OPEN.value for each in row["units"])
