"""Open cases that an item may belong to, and the questions put to a person. 归案查询。"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select

from ledger.schema import cases, offers, submissions
from rules.joining import Traits

_NEAR_MAX = 20  # open cases of one territory that are looked at, newest first
_ALIKE_MAX = 10  # of the same kind, wherever


def near(
    connection: Connection, territories: Collection[str], since: datetime, *, is_drill: bool
) -> list[dict[str, Any]]:
    """Return open cases of these territories that were opened since then, newest first."""
    return _open(
        connection, cases.c.territory.in_(sorted(territories)), since, _NEAR_MAX, is_drill=is_drill
    )


def alike(
    connection: Connection, code: str, since: datetime, *, is_drill: bool
) -> list[dict[str, Any]]:
    """Return open cases of this very code, opened since then, newest first, wherever they are."""
    return _open(connection, cases.c.code == code, since, _ALIKE_MAX, is_drill=is_drill)


def _open(
    connection: Connection,
    where: ColumnElement[bool],
    since: datetime,
    limit: int,
    *,
    is_drill: bool,
) -> list[dict[str, Any]]:
    query = (
        select(cases)
        .where(
            where,
            cases.c.closed_at.is_(None),
            cases.c.opened_at >= since,
            cases.c.is_drill == is_drill,
        )
        .order_by(cases.c.opened_at.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def written(traits: Traits) -> str:
    """Return traits as they rest in a case's row."""
    return orjson.dumps(
        {
            "villages": sorted(traits.villages),
            "landmarks": sorted(traits.landmarks),
            "territories": sorted(traits.territories),
            "at": traits.at,
        }
    ).decode()


def traits_of(row: Mapping[str, Any]) -> Traits:
    """Return the traits of a case's row; a case of an earlier version has few."""
    told = orjson.loads(row["traits"] or "{}")
    return Traits(
        unit_id=row["unit_id"],
        code=row["code"],
        villages=frozenset(told.get("villages", ())),
        landmarks=frozenset(told.get("landmarks", ())),
        territories=frozenset(told.get("territories", ())),
        at=datetime.fromisoformat(told["at"]) if "at" in told else row["opened_at"],
    )


def reported(connection: Connection, case_keys: Collection[int]) -> Counter[tuple[int, str, str]]:
    """Return how many items of which unit and stage each of these cases has."""
    columns = (submissions.c.case_id, submissions.c.owing_unit_id, submissions.c.stage)
    query = (
        select(*columns, func.count())
        .where(submissions.c.case_id.in_(sorted(case_keys)))
        .group_by(*columns)
    )
    return Counter({(key, unit, stage): n for key, unit, stage, n in connection.execute(query)})


def reported_to(
    connection: Connection, unit_id: str, since: datetime, *, is_drill: bool
) -> list[dict[str, Any]]:
    """Return the open cases, opened since then, that a sender's newest items belong to."""
    newest = (
        select(submissions.c.case_id)
        .where(submissions.c.unit_id == unit_id)
        .order_by(submissions.c.id.desc())
        .limit(_NEAR_MAX)
    )
    return _open(connection, cases.c.id.in_(newest), since, _NEAR_MAX, is_drill=is_drill)


_SHOWN = (
    select(
        offers,
        submissions.c.uid.label("submission_uid"),
        submissions.c.owing_unit_id,
        submissions.c.case_id.label("its_case_id"),
        cases.c.uid.label("case_uid"),
        cases.c.title.label("case_title"),
    )
    .select_from(
        offers.join(submissions, submissions.c.id == offers.c.submission_id).join(
            cases, cases.c.id == offers.c.case_id
        )
    )
    .order_by(offers.c.id)
)


def offers_of_case(connection: Connection, case_key: int) -> Sequence[RowMapping]:
    """Return the open questions about a case: whose items may belong here, or its own elsewhere."""
    query = _SHOWN.where(
        offers.c.answered_at.is_(None),
        or_(offers.c.case_id == case_key, submissions.c.case_id == case_key),
    )
    return connection.execute(query).mappings().all()


def offer(connection: Connection, uid: UUID) -> RowMapping | None:
    """Return one question, held until the transaction ends, or None."""
    query = _SHOWN.where(offers.c.uid == uid).with_for_update(of=offers)
    return connection.execute(query).mappings().first()


def answer_moot(connection: Connection, case_key: int, person_id: str, at: datetime) -> None:
    """Answer the questions about a case whose items are in it by now."""
    here = select(submissions.c.id).where(submissions.c.case_id == case_key)
    connection.execute(
        offers.update()
        .where(
            offers.c.case_id == case_key,
            offers.c.answered_at.is_(None),
            offers.c.submission_id.in_(here),
        )
        .values(answered_at=at, answered_by=person_id, is_confirmed=True)
    )
