"""Alerts as they are read. 警报查询。"""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

from ledger.schema import alerts, cases


def find_alerts(
    connection: Connection, *, is_open: bool | None, limit: int
) -> Sequence[RowMapping]:
    """Return alerts, newest first, each with its case's id; None asks for open and closed ones."""
    query = select(alerts, cases.c.uid.label("case_uid")).select_from(
        alerts.outerjoin(cases, cases.c.id == alerts.c.case_id)
    )
    if is_open is not None:
        closed = alerts.c.acknowledged_at.is_not(None)
        query = query.where(~closed if is_open else closed)
    return (
        connection.execute(query.order_by(alerts.c.opened_at.desc()).limit(limit)).mappings().all()
    )
