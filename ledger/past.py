"""What a book holds of a span of time, for who wants to live it again. 往日。"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from ledger.schema import alerts, cases, heartbeats, late_log, obligations, outages, submissions
from vocabulary.judgement import JUDGEMENT, Judgement


def received(connection: Connection, since: datetime, until: datetime) -> Iterator[RowMapping]:
    """Yield the items received in [since, until), as they came in."""
    yield from connection.execute(
        select(submissions)
        .where(submissions.c.received_at >= since, submissions.c.received_at < until)
        .order_by(submissions.c.received_at, submissions.c.id)
    ).mappings()


def taken_in_hand(connection: Connection, since: datetime, until: datetime) -> Sequence[RowMapping]:
    """Return the alerts that were acknowledged in [since, until)."""
    return (
        connection.execute(
            select(alerts.c.uid, alerts.c.acknowledged_at, alerts.c.acknowledged_by).where(
                alerts.c.acknowledged_at >= since, alerts.c.acknowledged_at < until
            )
        )
        .mappings()
        .all()
    )


def outages_in(connection: Connection, since: datetime, until: datetime) -> Sequence[RowMapping]:
    """Return our own outages that ended in [since, until)."""
    query = select(outages).where(outages.c.to_at >= since, outages.c.to_at < until)
    return connection.execute(query.order_by(outages.c.to_at)).mappings().all()


def lived(connection: Connection) -> tuple[datetime, datetime] | None:
    """Return when this house first listened and when it was last heard of; None: never."""
    query = select(func.min(heartbeats.c.founded_at), func.max(heartbeats.c.seen_at))
    founded_at, seen_at = connection.execute(query).one()
    return None if founded_at is None else (founded_at, seen_at)


def judged(
    connection: Connection, since: datetime, until: datetime
) -> dict[str, tuple[RowMapping, Judgement]]:
    """Return the items received in [since, until) with their judgement, by id."""
    rows = received(connection, since, until)
    return {str(row["uid"]): (row, JUDGEMENT.validate_json(row["judgement"])) for row in rows}


def opened_alerts(
    connection: Connection, since: datetime, until: datetime
) -> dict[str, dict[str, Any]]:
    """Return the alerts opened in [since, until), by id."""
    query = select(alerts).where(alerts.c.opened_at >= since, alerts.c.opened_at < until)
    rows = connection.execute(query.order_by(alerts.c.opened_at, alerts.c.id)).mappings()
    return {str(row["uid"]): dict(row) for row in rows}


def owed(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return the obligations, drills left out, by id: with case title and newest overrun."""
    newest = (
        select(late_log.c.obligation_id, func.max(late_log.c.id).label("id"))
        .group_by(late_log.c.obligation_id)
        .subquery()
    )
    query = (
        select(obligations, cases.c.title.label("case_title"), late_log.c.overrun_seconds)
        .select_from(
            obligations.outerjoin(cases, cases.c.id == obligations.c.case_id)
            .outerjoin(newest, newest.c.obligation_id == obligations.c.id)
            .outerjoin(late_log, late_log.c.id == newest.c.id)
        )
        .where(obligations.c.is_drill.is_(False))
        .order_by(obligations.c.due_at, obligations.c.id)
    )
    return {str(row["uid"]): dict(row) for row in connection.execute(query).mappings()}
