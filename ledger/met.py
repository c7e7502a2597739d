"""Which obligations a submission met, and whether the late log tells of them. 由何件履行。"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from ledger.schema import late_log, obligations
from vocabulary.terms import Fulfilment


def is_on_log(connection: Connection, key: int) -> bool:
    """Say whether the late log has an entry of this obligation."""
    query = select(late_log.c.id).where(late_log.c.obligation_id == key).limit(1)
    return connection.execute(query).first() is not None


def is_noted(connection: Connection, key: int, beginning: str) -> bool:
    """Say whether the late log has an entry of this obligation whose note begins so."""
    query = select(late_log.c.id).where(
        late_log.c.obligation_id == key, late_log.c.note.startswith(beginning)
    )
    return connection.execute(query.limit(1)).first() is not None


def met_by(
    connection: Connection, submission: Mapping[str, Any], own: Collection[UUID], since: datetime
) -> list[dict[str, Any]]:
    """Return the obligations that a submission met: of its case, or its unit's due since then.

    Args:
        submission: its row.
        own: the ids of those that it opened itself; it met those that name no other report.
        since: those that were due before it came are asked for only within its case.
    """
    by_it = obligations.c.fulfilled_by == str(submission["uid"])
    theirs = and_(
        obligations.c.owed_by == submission["owing_unit_id"],
        obligations.c.due_at.between(since, submission["counted_at"]),
    )
    of_case = obligations.c.case_id == submission["case_id"]
    queries = [
        select(obligations).where(of_case, by_it),
        select(obligations).where(theirs, by_it),
        select(obligations).where(
            obligations.c.uid.in_(own),
            obligations.c.fulfilment == Fulfilment.MET.value,
            obligations.c.fulfilled_by.is_(None),
        ),
    ]
    rows = (row for query in queries for row in connection.execute(query).mappings())
    return [dict(row) for row in {row["id"]: row for row in rows}.values()]
