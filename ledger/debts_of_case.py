"""What is owed of one case, held until the transaction ends. 案卷的应报事项。"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from ledger.schema import obligations
from vocabulary.terms import Duty, Fulfilment

_FIRST = (Duty.PHONE_FIRST_REPORT.value, Duty.WRITTEN_FIRST_REPORT.value)
_REPORTS = [duty.value for duty in Duty if duty.is_report]


def reports(connection: Connection, case_key: int, fulfilment: Fulfilment) -> Sequence[RowMapping]:
    """Return the units' reports owed for a case that stand so, held."""
    query = select(obligations).where(
        obligations.c.case_id == case_key,
        obligations.c.duty.in_(_REPORTS),
        obligations.c.fulfilment == fulfilment.value,
    )
    return connection.execute(query.with_for_update()).mappings().all()


def upward(connection: Connection, case_key: int, owed_to: str) -> list[dict[str, Any]]:
    """Return what a desk still owes of one case to one recipient above, held."""
    rows = connection.execute(
        select(obligations)
        .where(
            obligations.c.case_id == case_key,
            obligations.c.duty == Duty.UPWARD_REPORT.value,
            obligations.c.owed_to == owed_to,
            obligations.c.fulfilment == Fulfilment.OPEN.value,
        )
        .with_for_update()
    ).mappings()
    return [dict(row) for row in rows]


def assumed(connection: Connection, case_key: int, unit_id: str) -> list[dict[str, Any]]:
    """Return a unit's first reports of a case whose clock had to assume when it knew, held."""
    query = select(obligations).where(
        obligations.c.case_id == case_key,
        obligations.c.owed_by == unit_id,
        obligations.c.is_assumed.is_(True),
        obligations.c.duty.in_(_FIRST),
        obligations.c.fulfilment != Fulfilment.WAIVED.value,
    )
    return [dict(row) for row in connection.execute(query.with_for_update()).mappings()]
