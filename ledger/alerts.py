"""Alerts as they are read. 警报查询。"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from ledger.schema import alerts, cases, obligations


def find_alerts(
    connection: Connection,
    *,
    is_open: bool | None,
    limit: int,
    desks: Collection[str] | None = None,
) -> Sequence[RowMapping]:
    """Return alerts, newest first, each with its case's id; None asks for open and closed ones.

    With `desks`, those of these duty rooms only.
    """
    query = select(alerts, cases.c.uid.label("case_uid")).select_from(
        alerts.outerjoin(cases, cases.c.id == alerts.c.case_id)
    )
    query = of_desks(query, desks)
    if is_open is not None:
        closed = alerts.c.acknowledged_at.is_not(None)
        query = query.where(~closed if is_open else closed)
    return (
        connection.execute(query.order_by(alerts.c.opened_at.desc()).limit(limit)).mappings().all()
    )


def of_desks(query: Any, desks: Collection[str] | None) -> Any:
    """Narrow a query of alerts to those that these duty rooms owe an answer for; None: all."""
    if desks is None:
        return query
    owed = select(obligations.c.id).where(
        obligations.c.alert_id == alerts.c.id, obligations.c.owed_by.in_(desks)
    )
    return query.where(owed.exists())
