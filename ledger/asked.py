"""What units were asked to verify of what others told. 属地核实查询。"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from ledger.schema import obligations, submissions
from vocabulary.terms import Duty, Fulfilment, Stage

_ASKED = obligations.c.duty == Duty.TERRITORY_REPORT.value
_STANDING_ALONE = (Stage.NIL.value, Stage.PERIODIC.value)


def is_asked(connection: Connection, case_key: int, unit_id: str) -> bool:
    """Say whether a unit was ever asked about this case, however that ended."""
    query = select(obligations.c.id).where(
        obligations.c.case_id == case_key, _ASKED, obligations.c.owed_by == unit_id
    )
    return connection.execute(query.limit(1)).first() is not None


def unanswered(connection: Connection, case_key: int) -> Sequence[RowMapping]:
    """Return the questions about a case that are open, due first, held."""
    query = (
        select(obligations)
        .where(
            obligations.c.case_id == case_key,
            _ASKED,
            obligations.c.fulfilment == Fulfilment.OPEN.value,
        )
        .order_by(obligations.c.due_at, obligations.c.id)
    )
    return connection.execute(query.with_for_update()).mappings().all()


def answered_by(
    connection: Connection, case_key: int, submission_uids: Sequence[UUID]
) -> Sequence[RowMapping]:
    """Return the questions about a case that these items have answered, held."""
    query = select(obligations).where(
        obligations.c.case_id == case_key,
        _ASKED,
        obligations.c.fulfilled_by.in_([str(uid) for uid in submission_uids]),
        obligations.c.fulfilment == Fulfilment.MET.value,
    )
    return connection.execute(query.with_for_update()).mappings().all()


def answers(connection: Connection, case_key: int) -> dict[str, dict[str, Any]]:
    """Return by unit the first item that each has in a case."""
    query = (
        select(submissions)
        .where(
            submissions.c.case_id == case_key,
            submissions.c.is_proven.is_(True),
            submissions.c.stage.not_in(_STANDING_ALONE),
        )
        .order_by(submissions.c.counted_at.desc(), submissions.c.id.desc())
    )
    rows = connection.execute(query).mappings()
    return {row["owing_unit_id"]: dict(row) for row in rows}


def held(connection: Connection, uid: UUID) -> dict[str, Any] | None:
    """Return an obligation, held until the transaction ends, or None."""
    query = select(obligations).where(obligations.c.uid == uid).with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def case_of(connection: Connection, uid: UUID) -> int | None:
    """Return the case that an obligation belongs to, by its key; None where there is none."""
    query = select(obligations.c.case_id).where(obligations.c.uid == uid)
    key: int | None = connection.execute(query).scalar()
    return key
