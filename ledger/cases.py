"""Cases and their timelines. 案卷。"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, or_, select

from ledger.joining import written
from ledger.postgres import hold
from ledger.schema import alerts, cases, facts, obligations, submissions
from ledger.sheet import Sheet
from rules.case import Case
from vocabulary.facts import AnyFact
from vocabulary.terms import Duty, Stage

_COLUMNS = {"kind", "at", "case_id"}  # a fact's own


def by_uid(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the named cases."""
    rows = connection.execute(select(cases).where(cases.c.uid.in_(uids))).mappings()
    return {row["uid"]: dict(row) for row in rows}


def held(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the named cases, held until the transaction ends: items fold into one in turn."""
    query = select(cases).where(cases.c.uid.in_(uids)).order_by(cases.c.id).with_for_update()
    return {row["uid"]: dict(row) for row in connection.execute(query).mappings()}


def uid_of(connection: Connection, key: int) -> UUID:
    """Return the id of a case."""
    uid: UUID = connection.execute(select(cases.c.uid).where(cases.c.id == key)).scalar_one()
    return uid


def held_by_key(connection: Connection, key: int) -> dict[str, Any]:
    """Return a case by its key, held until the transaction ends."""
    query = select(cases).where(cases.c.id == key).with_for_update()
    return dict(connection.execute(query).mappings().one())


def has_alert(connection: Connection, key: int) -> bool:
    """Say whether anyone was ever called for a case."""
    query = select(alerts.c.id).where(alerts.c.case_id == key).limit(1)
    return connection.execute(query).first() is not None


def open_alerts(connection: Connection, key: int) -> list[UUID]:
    """Return the alerts of a case that nobody has in hand."""
    query = select(alerts.c.uid).where(alerts.c.case_id == key, alerts.c.acknowledged_at.is_(None))
    return list(connection.execute(query.order_by(alerts.c.id)).scalars())


def hold_kinds(connection: Connection, kinds: Iterable[str]) -> None:
    """Hold the incidents of these kinds, so that one told by two units at once is found."""
    held_ones = [f"incident {kind}" for kind in sorted(set(kinds))]
    if held_ones:
        hold(connection, *held_ones)


def columns(case: Case) -> dict[str, Any]:
    """Return a folded case as the columns of its row."""
    return {
        "unit_id": case.unit_id,
        "title": case.title,
        "verdict": case.verdict.value,
        "category": case.category and case.category.value,
        "subtype": case.subtype,
        "code": case.code,
        "severity_provisional": case.severity_provisional and case.severity_provisional.value,
        "severity_final": case.severity_final and case.severity_final.value,
        "place": case.place,
        "deaths": case.casualties.deaths,
        "injured": case.casualties.injured,
        "missing": case.casualties.missing,
        "occurred_at": case.occurred_at,
        "opened_at": case.opened_at,
        "updated_at": case.updated_at,
        "is_drill": case.is_drill,
        "traits": case.traits and written(case.traits),
        "territory": case.traits and min(case.traits.territories, default=case.unit_id),
    }


def note(sheet: Sheet, fact: AnyFact, case_key: int | None) -> None:
    """Add a fact: to the case's timeline, and for other systems."""
    content = fact.model_dump_json(exclude=_COLUMNS)
    sheet.add(facts, case_id=case_key, kind=fact.kind, at=fact.at, content=content)


def alerts_in_hand_since(connection: Connection, key: int, at: datetime) -> list[UUID]:
    """Return the alerts of a case that were put in hand at that very instant."""
    query = select(alerts.c.uid).where(alerts.c.case_id == key, alerts.c.acknowledged_at == at)
    return list(connection.execute(query.order_by(alerts.c.id)).scalars())


def where_it_could_go(
    connection: Connection, case: Mapping[str, Any], limit: int
) -> Sequence[RowMapping]:
    """Return the other open cases changed last: of drills for a drill, of the real thing else."""
    query = select(cases).where(
        cases.c.closed_at.is_(None),
        cases.c.id != case["id"],
        cases.c.is_drill == case["is_drill"],
    )
    return (
        connection.execute(query.order_by(cases.c.updated_at.desc()).limit(limit)).mappings().all()
    )


def timeline(connection: Connection, case_key: int) -> list[dict[str, Any]]:
    """Return what happened to a case, in order."""
    rows = connection.execute(
        select(facts.c.kind, facts.c.at, facts.c.content)
        .where(facts.c.case_id == case_key)
        .order_by(facts.c.id)
    )
    return [{"kind": kind, "at": at, **orjson.loads(content)} for kind, at, content in rows]


def newest(
    connection: Connection, limit: int, *, unit_id: str | None = None
) -> Sequence[RowMapping]:
    """Return the cases changed last; with `unit_id`, of those that this unit reported to."""
    query = select(cases).order_by(cases.c.updated_at.desc()).limit(limit)
    if unit_id is not None:
        theirs = select(submissions.c.case_id).where(submissions.c.unit_id == unit_id)
        query = query.where(or_(cases.c.unit_id == unit_id, cases.c.id.in_(theirs)))
    return connection.execute(query).mappings().all()


_TELLING = (Stage.FIRST.value, Stage.FOLLOW_UP.value, Stage.FINAL.value)


def still_to_conclude(connection: Connection, case_key: int) -> set[str]:
    """Return the units that report of a case and whose last word in it is not a final report."""
    reporting = select(obligations.c.owed_by).where(
        obligations.c.case_id == case_key, obligations.c.duty == Duty.FOLLOW_UP_REPORT.value
    )
    told = (
        select(submissions.c.owing_unit_id, submissions.c.stage)
        .where(
            submissions.c.case_id == case_key,
            submissions.c.stage.in_(_TELLING),
            submissions.c.is_proven.is_(True),
        )
        .order_by(submissions.c.counted_at, submissions.c.id)
    )
    last = {row.owing_unit_id: row.stage for row in connection.execute(told)}
    return {
        unit_id
        for unit_id in connection.execute(reporting.distinct()).scalars()
        if last.get(unit_id) != Stage.FINAL.value
    }
