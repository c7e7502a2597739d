"""What stands behind a row of the late log: the report, its moments, who was told when. 凭据。"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, or_, select, union_all

from ledger.answers import portions
from ledger.doubting import way_of
from ledger.late_log_schema import chain, mentions
from ledger.schema import deliveries, submissions
from rules.stretches import Way
from vocabulary.proof import LinkKind
from vocabulary.terms import Clock, Duty, Stage

_EXCERPT = 120  # letters of the text; the whole of it stands on its receipt
_TOLD = ("cause", "recipient", "created_at", "state", "accepted_at", "accepted_by")


@dataclass(frozen=True, slots=True)
class Report:
    """The report that an obligation is measured by. 对应来件。"""

    uid: UUID
    title: str
    text: str
    way: Way
    heard_at: datetime | None = None  # when its unit had told of the case before


def reports_of(connection: Connection, owed: Sequence[Any]) -> dict[int, Report]:
    """Return by obligation the report that met it, else the unit's first one of the case.

    Args:
        connection: for reading.
        owed: rows of obligations, with `id` and all that obligations say.
    """
    found: dict[int, Report] = {}
    for portion in portions(owed):
        by_uid, by_case = _submissions(connection, portion)
        for row in portion:
            item = by_uid.get(row["fulfilled_by"]) or _of_case(by_case[row["case_id"]], row)
            if item is not None:
                found[row["id"]] = _report(item, row, by_case[row["case_id"]])
    return found


def origins_of(connection: Connection, owed: Sequence[Any]) -> dict[int, tuple[str, Report]]:
    """Return by what a desk owes upward the case's first report, and the unit that sent it."""
    upward = [row for row in owed if row["duty"] == Duty.UPWARD_REPORT.value]
    found: dict[int, tuple[str, Report]] = {}
    for portion in portions(upward):
        _, by_case = _submissions(connection, portion)
        for row in portion:
            if by_case[row["case_id"]]:
                first = min(by_case[row["case_id"]], key=lambda item: item["counted_at"])
                found[row["id"]] = first["owing_unit_id"], _report(first, row, [])
    return found


def notices_of(connection: Connection, keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return by obligation the texts sent about it, first to last, and when each arrived.

    A text that tells of many stands under each of them.
    """
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    told = [deliveries.c[name] for name in ("id", *_TOLD)]
    for portion in portions(keys):
        own = select(deliveries.c.obligation_id.label("about"), *told).where(
            deliveries.c.obligation_id.in_(portion)
        )
        mentioned = (
            select(mentions.c.obligation_id.label("about"), *told)
            .join(deliveries, deliveries.c.id == mentions.c.delivery_id)
            .where(mentions.c.obligation_id.in_(portion))
        )
        for row in connection.execute(union_all(own, mentioned).order_by("id")).mappings():
            found[row["about"]].append({name: row[name] for name in _TOLD})
    return found


def links_of(connection: Connection, entries: Sequence[int]) -> dict[int, int]:
    """Return by entry of the log its place on the chain; none of what is not yet chained."""
    found: dict[int, int] = {}
    for portion in portions(entries):
        query = select(chain.c.row_id, chain.c.number).where(
            chain.c.kind == LinkKind.ENTRY.value, chain.c.row_id.in_(portion)
        )
        found |= {link.row_id: link.number for link in connection.execute(query)}
    return found


def _submissions(
    connection: Connection, owed: Iterable[Any]
) -> tuple[dict[str, Any], dict[int | None, list[Any]]]:
    uids = [UUID(row["fulfilled_by"]) for row in owed if _is_uid(row["fulfilled_by"])]
    case_keys = {row["case_id"] for row in owed if row["case_id"] is not None}
    query = select(submissions).where(
        or_(submissions.c.uid.in_(uids), submissions.c.case_id.in_(case_keys))
    )
    by_uid: dict[str, Any] = {}
    by_case: dict[int | None, list[Any]] = defaultdict(list)
    for row in connection.execute(query.order_by(submissions.c.id)).mappings():
        by_uid[str(row["uid"])] = row
        if row["case_id"] is not None and row["is_proven"]:
            by_case[row["case_id"]].append(row)
    return by_uid, by_case


def _of_case(items: list[Any], owed: Any) -> Any:
    theirs = [item for item in items if item["owing_unit_id"] == owed["owed_by"]]
    if owed["fulfilled_at"] is not None:
        theirs = [item for item in theirs if item["counted_at"] == owed["fulfilled_at"]]
    return theirs[0] if theirs else None


def _report(item: Any, owed: Any, of_case: list[Any]) -> Report:
    """An item as the report of what is owed; a follow-up may know of what is new."""
    content, way = orjson.loads(item["content"]), way_of(item)
    if owed["clock"] == Clock.KNOWN.value and not owed["is_assumed"]:
        way = replace(way, known_at=way.known_at or owed["counted_from"])
    heard = [
        each["counted_at"]
        for each in of_case
        if item["stage"] == Stage.FIRST.value
        and each["owing_unit_id"] == item["owing_unit_id"]
        and each["counted_at"] < item["counted_at"]
    ]
    text = content.get("body") or ""
    title = content.get("title") or ""
    return Report(item["uid"], title, text[:_EXCERPT], way, min(heard, default=None))


def _is_uid(written: str | None) -> bool:
    try:
        UUID(written or "")
    except ValueError:
        return False
    return True
