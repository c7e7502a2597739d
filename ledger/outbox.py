"""Facts that are not yet published, taken case by case. 待转发。"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, text, update

from ledger.postgres import lock_number, take_time
from ledger.schema import cases, facts

_TRY_LOCKS = text(
    "SELECT number FROM unnest(CAST(:numbers AS bigint[])) AS number "
    "WHERE pg_try_advisory_xact_lock(number)"
)
_NO_CASE = 0  # facts that belong to no case keep one order of their own


def take(connection: Connection, most_cases: int, most_facts: int) -> Sequence[RowMapping]:
    """Return unpublished facts of cases that nobody else is publishing, in order per case.

    Each case stays locked until `mark` ends the transaction, so that of two relays one waits.
    """
    connection.begin()
    take_time(connection)
    waiting = connection.execute(
        select(facts.c.case_id).where(facts.c.published_at.is_(None)).distinct().limit(most_cases)
    ).scalars()
    ours = _ours(connection, sorted(waiting, key=_number))
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


def _ours(connection: Connection, case_keys: Sequence[int | None]) -> list[int | None]:
    """Return the cases whose lock could be had, asked for in one question."""
    numbers = {lock_number(f"relay {_number(key)}"): key for key in case_keys}
    locked = connection.execute(_TRY_LOCKS, {"numbers": list(numbers)}).scalars()
    return [numbers[number] for number in locked]
