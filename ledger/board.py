"""What the duty desk looks at: alerts, calls, what is owed, what is new. 值班看板查询。"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from ledger import deliveries
from ledger.alerts import of_desks
from ledger.schema import alerts, cases, obligations, submissions
from ledger.schema import deliveries as calls_table
from ledger.solicitation_schema import solicitations, solicited
from vocabulary.judgement import JUDGEMENT
from vocabulary.terms import Duty, Fulfilment

_REPORTS = [duty.value for duty in Duty if duty.is_report]
_OPEN = Fulfilment.OPEN.value


def open_alerts(
    connection: Connection, limit: int, desks: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Return alerts that nobody has in hand, newest first, each with `due_at` and its calls.

    With `desks`, those of these duty rooms only.
    """
    query = of_desks(_alerts(), desks).where(alerts.c.acknowledged_at.is_(None))
    rows = connection.execute(query.limit(limit)).mappings()
    return _with_calls(connection, rows.all())


def taken_alerts(
    connection: Connection, since: datetime, limit: int, desks: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Return alerts opened since then that someone has in hand, newest first, with their calls."""
    rows = connection.execute(
        of_desks(_alerts(), desks)
        .where(alerts.c.acknowledged_at.is_not(None), alerts.c.opened_at >= since)
        .limit(limit)
    ).mappings()
    return _with_calls(connection, rows.all())


def alerts_of_case(connection: Connection, case_key: int) -> list[dict[str, Any]]:
    """Return a case's alerts, newest first, with their calls."""
    rows = connection.execute(_alerts().where(alerts.c.case_id == case_key)).mappings()
    return _with_calls(connection, rows.all())


def alert(connection: Connection, alert_uid: Any) -> dict[str, Any] | None:
    """Return one alert with its case's id, or None."""
    row = connection.execute(_alerts().where(alerts.c.uid == alert_uid)).mappings().first()
    return dict(row) if row else None


def reports_owed(connection: Connection, due_before: datetime, limit: int) -> list[dict[str, Any]]:
    """Return units' reports not yet in and due before then, oldest due first, with the case."""
    rows = connection.execute(
        _obligations()
        .where(
            obligations.c.fulfilment == _OPEN,
            obligations.c.duty.in_(_REPORTS),
            obligations.c.due_at < due_before,
        )
        .order_by(obligations.c.due_at)
        .limit(limit)
    ).mappings()
    return [dict(row) for row in rows]


def reports_owed_by(connection: Connection, unit_id: str, limit: int) -> list[dict[str, Any]]:
    """Return what one unit owes, oldest due first, with the case."""
    rows = connection.execute(
        _obligations()
        .where(
            obligations.c.owed_by == unit_id,
            obligations.c.duty.in_(_REPORTS),
            obligations.c.fulfilment == _OPEN,
        )
        .order_by(obligations.c.due_at)
        .limit(limit)
    ).mappings()
    return [dict(row) for row in rows]


def reports_of_item(
    connection: Connection, case_key: int | None, unit_id: str, submission_uid: str
) -> list[dict[str, Any]]:
    """Return the reports that a unit's item met or made owed, as they stand now."""
    in_case = obligations.c.case_id == case_key
    met = obligations.c.fulfilled_by == submission_uid
    rows = connection.execute(
        _obligations()
        .where(
            obligations.c.owed_by == unit_id,
            obligations.c.duty.in_(_REPORTS),
            in_case if case_key is not None else met,
        )
        .order_by(obligations.c.due_at)
        .limit(50)
    ).mappings()
    return [dict(row) for row in rows]


def recent_cases(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Return the cases changed last, each with the reasons of its first item."""
    rows = [
        dict(row)
        for row in connection.execute(
            select(cases).order_by(cases.c.updated_at.desc()).limit(limit)
        ).mappings()
    ]
    firsts = (
        select(func.min(submissions.c.id))
        .where(submissions.c.case_id.in_([row["id"] for row in rows]))
        .group_by(submissions.c.case_id)
    )
    judged = connection.execute(
        select(submissions.c.case_id, submissions.c.judgement).where(submissions.c.id.in_(firsts))
    )
    reasons = {key: JUDGEMENT.validate_json(judgement).reasons for key, judgement in judged}
    return [row | {"reasons": reasons.get(row["id"], ())} for row in rows]


def count_opened(connection: Connection, since: datetime) -> int:
    """Return how many cases were opened since then; a case changes last when it opens or after."""
    return (
        connection.execute(
            select(func.count())
            .select_from(cases)
            .where(cases.c.updated_at >= since, cases.c.opened_at >= since)
        ).scalar()
        or 0
    )


def _alerts() -> Any:
    """Alerts with the case's id, and the instant by which the desk owes its answer."""
    owed = (
        select(func.max(obligations.c.due_at))
        .where(obligations.c.alert_id == alerts.c.id)
        .correlate(alerts)
        .scalar_subquery()
    )
    return (
        select(alerts, cases.c.uid.label("case_uid"), owed.label("due_at"))
        .select_from(alerts.outerjoin(cases, cases.c.id == alerts.c.case_id))
        .order_by(alerts.c.opened_at.desc())
    )


def _obligations() -> Any:
    """Obligations with their case, or what was solicited."""
    asked = solicited.join(solicitations, solicitations.c.id == solicited.c.solicitation_id)
    return select(
        obligations,
        cases.c.uid.label("case_uid"),
        cases.c.title.label("case_title"),
        solicitations.c.uid.label("solicitation_uid"),
        solicitations.c.subject,
    ).select_from(
        obligations.outerjoin(cases, cases.c.id == obligations.c.case_id).outerjoin(
            asked, solicited.c.obligation_id == obligations.c.id
        )
    )


def _with_calls(connection: Connection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    calls = calls_of(connection, [row["id"] for row in rows])
    return [dict(row) | {"calls": calls[row["id"]]} for row in rows]


def calls_of(connection: Connection, alert_keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return by alert who was called and what came of it, each with its `attempts` in order."""
    rows = connection.execute(
        select(calls_table).where(calls_table.c.alert_id.in_(alert_keys)).order_by(calls_table.c.id)
    ).mappings()
    calls: dict[int, list[dict[str, Any]]] = defaultdict(list)
    by_key: dict[int, dict[str, Any]] = {}
    for row in rows:
        by_key[row["id"]] = dict(row) | {"attempts": []}
        calls[row["alert_id"]].append(by_key[row["id"]])
    for attempt in deliveries.attempts_of(connection, list(by_key)):
        by_key[attempt["delivery_id"]]["attempts"].append(dict(attempt))
    return calls
