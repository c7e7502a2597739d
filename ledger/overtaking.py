"""A written report that was judged before the call that makes it due. 后报先到。

The log and the inbox are two ways: what came later on one may be in the book first.
"""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select

from ledger.columns import Instant
from ledger.schema import cases, obligations, submissions
from vocabulary.terms import Duty, Fulfilment

_OVERTAKING = (
    select(obligations.c.id, obligations.c.fulfilled_at, submissions.c.uid.label("submission"))
    .select_from(
        cases.join(obligations, obligations.c.case_id == cases.c.id).join(
            submissions, submissions.c.case_id == cases.c.id
        )
    )
    .where(
        cases.c.code == bindparam("code"),
        cases.c.closed_at.is_(None),
        cases.c.opened_at > bindparam("since", type_=Instant),
        cases.c.unit_id == bindparam("unit_id"),
        cases.c.is_drill == bindparam("is_drill"),
        obligations.c.duty == Duty.WRITTEN_FIRST_REPORT.value,
        obligations.c.fulfilment == Fulfilment.MET.value,
        obligations.c.fulfilled_by.is_(None),  # by the very item that opened the case
        submissions.c.received_at == cases.c.opened_at,
    )
    .order_by(cases.c.opened_at)
    .limit(1)
)


def overtaking(
    connection: Connection, unit_id: str, code: str, since: datetime, *, is_drill: bool
) -> RowMapping | None:
    """Return the unit's written report that came after `since` and was judged before its call."""
    asked = {"unit_id": unit_id, "code": code, "since": since, "is_drill": is_drill}
    return connection.execute(_OVERTAKING, asked).mappings().first()
