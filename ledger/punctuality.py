"""What the book tells of each unit's punctuality in a period. 报送时效取数。

A report belongs to the period in which it was due. Drills are left out, and what a person waived
(a false alarm): it was never to be reported.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, select, text

from ledger import answers, evidence
from ledger.columns import Instant
from ledger.late_log_schema import LAPSED
from ledger.schema import obligations
from rules import lapses
from rules.lapses import LapseCount
from rules.punctuality import Told
from rules.stretches import stretches
from vocabulary.terms import AnswerKind, Duty, Fulfilment, Stretch, Timeliness

_REPORTS = [duty.value for duty in Duty if duty.is_report]
_SUSPECTED = [word.value for word in Timeliness if lapses.suspected(word) is not None]

_LAPSES = (
    select(
        obligations.c.owed_by,
        func.count(),
        func.sum(case((obligations.c.timeliness == Timeliness.LATE.value, 1), else_=0)),
    )
    .where(
        obligations.c.owed_by.in_(bindparam("unit_ids", expanding=True)),
        obligations.c.due_at >= bindparam("since", type_=Instant),
        text(LAPSED),
        ~answers.is_waived(obligations.c.id),
    )
    .group_by(obligations.c.owed_by)
)


def told_of_units(
    connection: Connection, since: datetime, until: datetime, unit_id: str | None = None
) -> dict[str, Told]:
    """Return by unit what it owed in [since, until) and how it came; of one unit, or of all."""
    found: dict[str, Told] = defaultdict(Told)
    for unit, timeliness, count in connection.execute(
        _counted(since, until, unit_id, obligations.c.timeliness)
    ):
        found[unit].tally[Timeliness(timeliness)] = count
    rulings = answers.rulings()
    waived = (
        _counted(since, until, unit_id)
        .join(rulings, rulings.c.obligation_id == obligations.c.id)
        .where(rulings.c.kind == AnswerKind.WAIVER.value, obligations.c.timeliness.in_(_SUSPECTED))
    )
    for unit, count in connection.execute(waived):
        found[unit].waived = count
    for unit, word, length in _lengths(connection, since, until, unit_id):
        found[unit].lengths.setdefault(word, []).append(length)
    return dict(found)


def lapses_of_units(
    connection: Connection, unit_ids: Collection[str], since: datetime
) -> dict[str, LapseCount]:
    """Return by unit how often it was late or silent with what was due from `since` on.

    What a supervisor waived is not counted. One question for some hundred units, answered from
    an index of the lapses alone: it is asked when a thousand fall due together.
    """
    found: dict[str, LapseCount] = {}
    for portion in answers.portions(sorted(unit_ids)):
        rows = connection.execute(_LAPSES, {"unit_ids": portion, "since": since})
        found |= {unit: LapseCount(late, count - late) for unit, count, late in rows}
    return found


def _counted(since: datetime, until: datetime, unit_id: str | None, *by: Any) -> Select[Any]:
    query = select(obligations.c.owed_by, *by, func.count()).group_by(obligations.c.owed_by, *by)
    return _due(query, since, until, unit_id)


def _due(query: Select[Any], since: datetime, until: datetime, unit_id: str | None) -> Select[Any]:
    query = query.where(
        obligations.c.due_at >= since,
        obligations.c.due_at < until,
        obligations.c.duty.in_(_REPORTS),
        obligations.c.is_drill.is_(False),
        obligations.c.fulfilment != Fulfilment.WAIVED.value,
    )
    return query if unit_id is None else query.where(obligations.c.owed_by == unit_id)


def _lengths(
    connection: Connection, since: datetime, until: datetime, unit_id: str | None
) -> list[tuple[str, Stretch, timedelta]]:
    """Return the stretches of each report about a case, once however many duties it met.

    What our own outage left undecided is left out here too: we did not listen then.
    """
    query = _due(select(obligations), since, until, unit_id).where(
        obligations.c.case_id.is_not(None),
        obligations.c.fulfilled_at.is_not(None),
        obligations.c.timeliness != Timeliness.UNKNOWN.value,
    )
    owed = connection.execute(query).mappings().all()
    reports = evidence.reports_of(connection, owed)
    once = {reports[row["id"]].uid: row for row in owed if row["id"] in reports}
    return [
        (row["owed_by"], word, length)
        for row in once.values()
        for word, length in stretches(reports[row["id"]].way).items()
        if length is not None
    ]
