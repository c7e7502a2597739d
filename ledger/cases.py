"""Cases and their timelines. 案卷。"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, bindparam, select

from ledger.columns import Instant
from ledger.schema import cases, facts
from ledger.sheet import Sheet
from rules.case import Case


def by_uid(connection: Connection, uids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the named cases."""
    rows = connection.execute(select(cases).where(cases.c.uid.in_(uids))).mappings()
    return {row["uid"]: dict(row) for row in rows}


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


def note(sheet: Sheet, kind: str, at: datetime, case_key: int | None, **content: Any) -> None:
    """Add a fact: to the case's timeline, and for other systems."""
    sheet.add(
        facts, case_id=case_key, kind=kind, at=at, content=orjson.dumps(content).decode("utf-8")
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
    """Return the cases changed last; with `unit_id`, of those that this unit opened."""
    query = select(cases).order_by(cases.c.updated_at.desc()).limit(limit)
    if unit_id is not None:
        query = query.where(cases.c.unit_id == unit_id)
    return connection.execute(query).mappings().all()
