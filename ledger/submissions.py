"""What was received, and the receipts under which it rests. 报送件。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, func, select, union_all

from ledger.schema import cases, inbox, submissions


@dataclass(frozen=True, slots=True)
class Kept:
    """What already rests under an id: the hash of its body, its receipt, its lane's row."""

    body_hash: bytes
    receipt: str | None  # None: in the inbox, answered unjudged
    received_at: datetime


_KEPT = select(
    submissions.c.uid,
    submissions.c.body_hash,
    func.coalesce(submissions.c.answered, submissions.c.receipt),
    submissions.c.received_at,
).where(submissions.c.uid.in_(bindparam("uids", expanding=True)))
_WAITING = select(inbox.c.uid, inbox.c.body_hash, inbox.c.answered, inbox.c.received_at).where(
    inbox.c.uid.in_(bindparam("uids", expanding=True))
)


def kept(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Return those of `uids` that were judged already."""
    rows = connection.execute(_KEPT, {"uids": list(uids)})
    return {uid: Kept(body_hash, receipt, at) for uid, body_hash, receipt, at in rows}


def waiting(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Return those of `uids` that are in the inbox."""
    rows = connection.execute(_WAITING, {"uids": list(uids)})
    return {uid: Kept(body_hash, answered, at) for uid, body_hash, answered, at in rows}


_ANYWHERE = union_all(_KEPT, _WAITING)


def kept_or_waiting(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Return those of `uids` that are in the book or in its inbox, by one question."""
    rows = connection.execute(_ANYWHERE, {"uids": list(uids)})
    return {uid: Kept(body_hash, answered, at) for uid, body_hash, answered, at in rows}


_OF_LANE = (
    select(inbox)
    .where(inbox.c.lane == bindparam("lane"))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def next_of_lane(connection: Connection, lane: str, limit: int) -> Sequence[RowMapping]:
    """Return the oldest inbox rows of a lane that nobody else has in hand, as they were received.

    Their keys tell only how they came in here: of several gateways, each has keys of its own.
    """
    rows = connection.execute(_OF_LANE, {"lane": lane, "most": limit}).mappings()
    return sorted(rows, key=lambda row: row["received_at"])


SET_ASIDE = "set_aside"  # a lane that nobody drains: kept whole, for a person


def set_aside(connection: Connection, key: int) -> None:
    """Move an item that cannot be taken in out of its lane's way."""
    connection.execute(inbox.update().where(inbox.c.id == key).values(lane=SET_ASIDE))


def answer_with(connection: Connection, uid: UUID, receipt: str) -> None:
    """Keep the receipt that was really given: a copy by another way was judged before it."""
    connection.execute(
        submissions.update().where(submissions.c.uid == uid).values(answered=receipt)
    )


_LEAVE = inbox.delete().where(inbox.c.id.in_(bindparam("keys", expanding=True)))


def leave_inbox(connection: Connection, keys: Iterable[int]) -> None:
    """Take rows out of the inbox, in the transaction that judged them."""
    connection.execute(_LEAVE, {"keys": list(keys)})


_OLDEST_WAITING = (
    select(inbox.c.received_at)
    .where(inbox.c.lane != SET_ASIDE)
    .order_by(inbox.c.received_at)
    .limit(1)
)


def oldest_waiting(connection: Connection) -> datetime | None:
    """Return the earliest `received_at` that waits to be judged."""
    return connection.execute(_OLDEST_WAITING).scalar()


def count_waiting(connection: Connection) -> int:
    """Return how many items wait to be judged."""
    return (
        connection.execute(
            select(func.count()).select_from(inbox).where(inbox.c.lane != SET_ASIDE)
        ).scalar()
        or 0
    )


def of_case(connection: Connection, case_key: int) -> Sequence[RowMapping]:
    """Return a case's items, oldest first."""
    return (
        connection.execute(
            select(submissions)
            .where(submissions.c.case_id == case_key)
            .order_by(submissions.c.received_at, submissions.c.id)
        )
        .mappings()
        .all()
    )


def by_keys(connection: Connection, keys: Sequence[int]) -> Sequence[RowMapping]:
    """Return items by their keys."""
    query = select(submissions).where(submissions.c.id.in_(keys)).order_by(submissions.c.id)
    return connection.execute(query).mappings().all()


def one(connection: Connection, uid: UUID) -> dict[str, Any] | None:
    """Return one item with its case's id, or None."""
    row = (
        connection.execute(
            select(submissions, cases.c.uid.label("case_uid"))
            .select_from(submissions.outerjoin(cases, cases.c.id == submissions.c.case_id))
            .where(submissions.c.uid == uid)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def one_waiting(connection: Connection, uid: UUID) -> dict[str, Any] | None:
    """Return one item that is in the inbox and not yet judged, or None."""
    row = connection.execute(select(inbox).where(inbox.c.uid == uid)).mappings().first()
    return dict(row) if row else None


def recent_of_unit(connection: Connection, unit_id: str, limit: int) -> Sequence[RowMapping]:
    """Return a unit's newest items."""
    return (
        connection.execute(
            select(submissions)
            .where(submissions.c.unit_id == unit_id)
            .order_by(submissions.c.id.desc())
            .limit(limit)
        )
        .mappings()
        .all()
    )
