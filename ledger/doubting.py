"""Which moments of items are doubted, read over what was sent. 来件的时刻存疑。

Nothing of it is kept: it follows from the item as it rests, and from what its unit had told of
the same case before.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, select

from ledger.schema import submissions
from rules.doubts import DoubtRule, doubts
from rules.stretches import Way
from vocabulary.doubt import Doubt
from vocabulary.terms import Stage

_MOMENTS = ("occurred_at", "known_at", "drafted_at", "approved_at")


def way_of(item: Any) -> Way:
    """Return the moments of an item's row, as stated; ours is what it counts from."""
    content = orjson.loads(item["content"])
    occurred, known, drafted, approved = (
        datetime.fromisoformat(told) if (told := content.get(name)) else None for name in _MOMENTS
    )
    return Way(occurred, known, drafted, approved, item["counted_at"])


def of_items(items: Iterable[Any], rule: DoubtRule) -> dict[UUID, list[Doubt]]:
    """Return by item of one case what is doubted about it."""
    found, heard = {}, dict[str, datetime]()
    for item in sorted(items, key=lambda each: each["counted_at"]):
        unit_id = item["owing_unit_id"]
        found[item["uid"]] = _of(item, rule, heard.get(unit_id))
        if item["is_proven"]:
            heard.setdefault(unit_id, item["counted_at"])
    return found


def of_one(connection: Connection, item: Mapping[str, Any], rule: DoubtRule) -> list[Doubt]:
    """Return what is doubted about one item."""
    return _of(item, rule, heard_before(connection, item))


def heard_before(connection: Connection, item: Mapping[str, Any]) -> datetime | None:
    """Return when its unit had first told of the case before this item, where it had."""
    if item["case_id"] is None:
        return None
    query = select(func.min(submissions.c.counted_at)).where(
        submissions.c.case_id == item["case_id"],
        submissions.c.owing_unit_id == item["owing_unit_id"],
        submissions.c.counted_at < item["counted_at"],
        submissions.c.is_proven,
    )
    return connection.execute(query).scalar()


def _of(item: Any, rule: DoubtRule, heard_at: datetime | None) -> list[Doubt]:
    """A follow-up may know of what is new; a first report tells of the incident itself."""
    is_first = item["stage"] == Stage.FIRST.value
    return list(doubts(way_of(item), rule, heard_at if is_first else None))
