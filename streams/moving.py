"""Move items from one case to another, with what hangs on them. 移案。

Their alerts, and the debts of a unit that has no other item left behind, go along and keep their
clocks. Both cases are folded again from what they hold then.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select

from ledger import cases, submissions
from ledger.schema import alerts, deliveries, obligations, offers
from ledger.schema import cases as cases_table
from ledger.schema import submissions as submissions_table
from ledger.sheet import Sheet
from rules.case import Case, fold
from streams.alerting import Cause, alert_uid
from streams.desk import Desk
from streams.entries import entry_of_row
from vocabulary.identity import derived_uid
from vocabulary.terms import Duty


def move_all(connection: Connection, source: int, target: int) -> None:
    """Move everything of a case into another."""
    for table in (submissions_table, obligations, alerts, offers):
        connection.execute(table.update().where(table.c.case_id == source).values(case_id=target))
    _deliveries_follow(connection, target)


def move_some(
    connection: Connection, items: Sequence[RowMapping], source: int, target: int
) -> None:
    """Move some items of a case into another."""
    keys = [item["id"] for item in items]
    connection.execute(
        submissions_table.update().where(submissions_table.c.id.in_(keys)).values(case_id=target)
    )
    left = {item["owing_unit_id"] for item in submissions.of_case(connection, source)}
    gone = {item["owing_unit_id"] for item in items} - left
    connection.execute(
        alerts.update()
        .where(alerts.c.case_id == source, alerts.c.uid.in_(_alerts_of(items)))
        .values(case_id=target)
    )
    moved_alerts = select(alerts.c.id).where(alerts.c.case_id == target)
    connection.execute(
        obligations.update()
        .where(
            obligations.c.case_id == source,
            or_(
                obligations.c.alert_id.in_(moved_alerts),
                and_(obligations.c.alert_id.is_(None), _owed_for(items, gone)),
            ),
        )
        .values(case_id=target)
    )
    _deliveries_follow(connection, target)


def refold(sheet: Sheet, desk: Desk, key: int, **also: Any) -> Case | None:
    """Fold a case again from the items it holds now; a person's grade stays.

    Returns the case, or None where it holds nothing any more.
    """
    rows = submissions.of_case(sheet.connection, key)
    if not rows:
        sheet.change(cases_table, key, **also)
        return None
    case = fold(entry_of_row(desk, row) for row in rows)
    columns = cases.columns(case)
    if cases.held_by_key(sheet.connection, key)["graded_by"] is not None:
        del columns["severity_provisional"]
    sheet.change(cases_table, key, **columns, **also)
    return case


def _alerts_of(items: Sequence[RowMapping]) -> list[UUID]:
    return [alert_uid(item["uid"], cause) for item in items for cause in Cause]


def _owed_for(items: Sequence[RowMapping], gone: Collection[str]) -> ColumnElement[bool]:
    """What these items opened, and all that a unit owes that has no item left behind.

    What it was asked about another's item goes with that item alone.
    """
    opened = [derived_uid(item["uid"], duty.value) for item in items for duty in Duty]
    theirs = and_(
        obligations.c.owed_by.in_(sorted(gone)),
        obligations.c.duty != Duty.TERRITORY_REPORT.value,
    )
    return or_(obligations.c.uid.in_(opened), theirs)


def _deliveries_follow(connection: Connection, target: int) -> None:
    moved_alerts = select(alerts.c.id).where(alerts.c.case_id == target)
    owed = select(obligations.c.id).where(obligations.c.case_id == target)
    connection.execute(
        deliveries.update()
        .where(or_(deliveries.c.alert_id.in_(moved_alerts), deliveries.c.obligation_id.in_(owed)))
        .values(case_id=target)
    )
