"""Cases and their timelines. 案卷。"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, bindparam, select

from ledger.columns import Instant
from ledger.postgres import hold
from ledger.schema import cases, facts
from ledger.sheet import Sheet
from rules.case import Case
from vocabulary.facts import AnyFact

_COLUMNS = {"kind", "at", "case_id"}  # a fact's own


def by_uid(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the named cases."""
    rows = connection.execute(select(cases).where(cases.c.uid.in_(uids))).mappings()
    return {row["uid"]: dict(row) for row in rows}


def held(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the named cases, held until the transaction ends: items fold into one in turn."""
    query = select(cases).where(cases.c.uid.in_(uids)).order_by(cases.c.id).with_for_update()
    return {row["uid"]: dict(row) for row in connection.execute(query).mappings()}


def hold_codes(connection: Connection, codes: Iterable[str]) -> None:
    """Hold the incidents of these codes, so that one told by two units at once is found."""
    held_ones = [f"incident {code}" for code in sorted(set(codes))]
    if held_ones:
        hold(connection, *held_ones)


_ALIKE = (
    select(cases.c.id, cases.c.uid, cases.c.title, cases.c.unit_id)
    .where(
        cases.c.code == bindparam("code"),
        cases.c.closed_at.is_(None),
        cases.c.opened_at >= bindparam("since", type_=Instant),
        cases.c.is_drill == bindparam("is_drill"),
    )
    .order_by(cases.c.opened_at.desc())
    .limit(1)
)


def alike(
    connection: Connection, code: str, since: datetime, *, is_drill: bool
) -> RowMapping | None:
    """Return the newest open case of the same code since then: an item may belong to it."""
    asked = {"code": code, "since": since, "is_drill": is_drill}
    return connection.execute(_ALIKE, asked).mappings().first()


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
    }


def note(sheet: Sheet, fact: AnyFact, case_key: int | None) -> None:
    """Add a fact: to the case's timeline, and for other systems."""
    content = fact.model_dump_json(exclude=_COLUMNS)
    sheet.add(facts, case_id=case_key, kind=fact.kind, at=fact.at, content=content)


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
    """Return the cases changed last; with `unit_id`, of those that this unit opened."""
    query = select(cases).order_by(cases.c.updated_at.desc()).limit(limit)
    if unit_id is not None:
        query = query.where(cases.c.unit_id == unit_id)
    return connection.execute(query).mappings().all()
