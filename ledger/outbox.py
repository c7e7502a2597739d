"""Facts that are not yet published, taken case by case. 待转发。"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, text, update

from ledger.postgres import lock_number
from ledger.schema import cases, facts

_NO_CASE = 0  # facts that belong to no case keep one order of their own


def take(connection: Connection, most_cases: int, most_facts: int) -> Sequence[RowMapping]:
    """Return unpublished facts of cases that nobody else is publishing, in order per case.

    Each case stays locked until `mark` ends the transaction, so that of two relays one waits.
    """
    connection.begin()
    waiting = connection.execute(
        select(facts.c.case_id).where(facts.c.published_at.is_(None)).distinct().limit(most_cases)
    ).scalars()
    ours = [key for key in sorted(waiting, key=_number) if _is_ours(connection, key)]
    if not ours:
        return []
    query = (
        select(facts, cases.c.uid.label("case_uid"))
        .select_from(facts.outerjoin(cases, cases.c.id == facts.c.case_id))
        .where(
            facts.c.published_at.is_(None),
            func.coalesce(facts.c.case_id, _NO_CASE).in_([_number(key) for key in ours]),
        )
        .order_by(facts.c.id)
        .limit(most_facts)
    )
    return connection.execute(query).mappings().all()


def mark(connection: Connection, keys: Sequence[int], at: datetime) -> None:
    """Mark facts as published and let their cases go."""
    if keys:
        connection.execute(update(facts).where(facts.c.id.in_(keys)).values(published_at=at))
    connection.commit()


def depth(connection: Connection) -> int:
    """Return how many facts wait to be published."""
    query = select(func.count()).select_from(facts).where(facts.c.published_at.is_(None))
    return connection.execute(query).scalar() or 0


def _number(case_key: int | None) -> int:
    return _NO_CASE if case_key is None else case_key


def _is_ours(connection: Connection, case_key: int | None) -> bool:
    number = {"number": lock_number(f"relay {_number(case_key)}")}
    locked = connection.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), number)
    return bool(locked.scalar())
