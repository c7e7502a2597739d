"""Texts to people: written before they are sent, and what came of it. 送达。"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, or_, select, union

from ledger.late_log_schema import mentions
from ledger.schema import alerts, attempts, deliveries, obligations
from ledger.sheet import Sheet
from vocabulary.terms import DeliveryState, Fulfilment, Outcome

_PENDING = DeliveryState.PENDING.value
_ALERT = 0  # the rank of an alert's text


def due(connection: Connection, now: datetime, limit: int) -> Sequence[RowMapping]:
    """Return pending deliveries whose instant has come, alerts before notices."""
    return (
        connection.execute(
            select(deliveries)
            .where(deliveries.c.next_at.is_not(None), deliveries.c.next_at <= now)
            .order_by(deliveries.c.rank, deliveries.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .mappings()
        .all()
    )


_NEXT_AT = (
    select(deliveries.c.next_at)
    .where(deliveries.c.next_at.is_not(None))
    .order_by(deliveries.c.next_at)
    .limit(1)
)


def next_at(connection: Connection) -> datetime | None:
    """Return when the next pending delivery wants attention."""
    return connection.execute(_NEXT_AT).scalar()


def oldest_alert_waiting(connection: Connection) -> datetime | None:
    """Return since when the oldest text of an alert waits that nobody has received or failed."""
    query = select(func.min(deliveries.c.created_at)).where(
        deliveries.c.next_at.is_not(None), deliveries.c.rank == _ALERT
    )
    return connection.execute(query).scalar()


def unanswered(connection: Connection, keys: Sequence[int]) -> dict[int, int]:
    """Return, by delivery, its newest attempt that was cut short before an outcome."""
    rows = connection.execute(
        select(attempts.c.delivery_id, attempts.c.id)
        .where(attempts.c.delivery_id.in_(keys), attempts.c.outcome.is_(None))
        .order_by(attempts.c.id)
    )
    return {delivery_key: attempt_key for delivery_key, attempt_key in rows}  # noqa: C416


_BY_KEYS = (
    select(deliveries)
    .where(deliveries.c.id.in_(bindparam("keys", expanding=True)))
    .order_by(deliveries.c.id)
    .with_for_update()
)


def by_keys(connection: Connection, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return deliveries by key, held until the transaction ends."""
    rows = connection.execute(_BY_KEYS, {"keys": list(keys)}).mappings()
    return {row["id"]: dict(row) for row in rows}


_OF_ALERT = (
    select(deliveries)
    .where(deliveries.c.alert_id == bindparam("alert_key"))
    .order_by(deliveries.c.id)
)


def free_the_dead(connection: Connection, now: datetime, owner: str) -> int:
    """Let deliveries go on whose sender is dead: this process alone holds the book.

    Returns how many. What was begun and not answered is repeated, and marked so.
    """
    dead = select(attempts.c.delivery_id).where(
        attempts.c.outcome.is_(None), attempts.c.owner != owner
    )
    changed = connection.execute(
        deliveries.update()
        .where(deliveries.c.state == _PENDING, deliveries.c.id.in_(dead))
        .values(next_at=now)
    )
    return changed.rowcount


def settle(
    sheet: Sheet, attempt_key: int, outcome: Outcome, reason: str, answered_at: datetime
) -> None:
    """Write what one attempt came to."""
    sheet.change(
        attempts, attempt_key, outcome=outcome.value, reason=reason, answered_at=answered_at
    )


def of_alert(connection: Connection, alert_key: int) -> Sequence[RowMapping]:
    """Return the deliveries of an alert, in order."""
    return connection.execute(_OF_ALERT, {"alert_key": alert_key}).mappings().all()


def held_of_alert(connection: Connection, alert_key: int) -> Sequence[RowMapping]:
    """Return the deliveries of an alert, in order, held until the transaction ends."""
    query = _OF_ALERT.with_for_update()
    return connection.execute(query, {"alert_key": alert_key}).mappings().all()


def attempts_of(connection: Connection, delivery_keys: Sequence[int]) -> Sequence[RowMapping]:
    """Return the attempts of these deliveries, in order."""
    return (
        connection.execute(
            select(attempts)
            .where(attempts.c.delivery_id.in_(delivery_keys))
            .order_by(attempts.c.id)
        )
        .mappings()
        .all()
    )


def open_alerts(connection: Connection, limit: int) -> Sequence[RowMapping]:
    """Return alerts that nobody has acknowledged, newest first."""
    return (
        connection.execute(
            select(alerts)
            .where(alerts.c.acknowledged_at.is_(None))
            .order_by(alerts.c.opened_at.desc())
            .limit(limit)
        )
        .mappings()
        .all()
    )


def cancel_needless(connection: Connection, keys: Sequence[int]) -> None:
    """Cancel the texts about these obligations that have not gone out, if they tell of none open.

    By what the book holds: what closed them is written before.
    """
    also = select(mentions.c.delivery_id).where(mentions.c.obligation_id.in_(keys))
    waiting = select(deliveries.c.id).where(
        or_(deliveries.c.obligation_id.in_(keys), deliveries.c.id.in_(also)),
        deliveries.c.state == _PENDING,
    )
    texts = set(connection.execute(waiting.with_for_update()).scalars())
    if not texts:
        return
    is_open = obligations.c.fulfilment == Fulfilment.OPEN.value
    needed = union(
        select(deliveries.c.id)
        .join(obligations, obligations.c.id == deliveries.c.obligation_id)
        .where(deliveries.c.id.in_(texts), is_open),
        select(mentions.c.delivery_id)
        .join(obligations, obligations.c.id == mentions.c.obligation_id)
        .where(mentions.c.delivery_id.in_(texts), is_open),
    )
    texts -= set(connection.execute(needed).scalars())
    connection.execute(
        deliveries.update()
        .where(deliveries.c.id.in_(texts))
        .values(state=DeliveryState.CANCELLED.value, next_at=None)
    )
