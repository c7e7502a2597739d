"""How long each stretch of a report's way took. 四快各段用时。

Pure. A stretch whose ends are not both told is unknown, and unknown is never nought; one that
would end before it began is a slip of somebody's clock and is not counted either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vocabulary.terms import Stretch


@dataclass(frozen=True, slots=True)
class Way:
    """The five moments of a report's way, as far as they were told. 一件的经过时刻。"""

    occurred_at: datetime | None
    known_at: datetime | None
    drafted_at: datetime | None
    approved_at: datetime | None
    received_at: datetime | None


def stretches(way: Way) -> Mapping[Stretch, timedelta | None]:
    """Return the length of each stretch; None where it cannot be known."""
    return {
        Stretch.FOUND: _between(way.occurred_at, way.known_at),
        Stretch.WRITTEN: _between(way.known_at, way.drafted_at),
        Stretch.APPROVED: _between(way.drafted_at, way.approved_at),
        Stretch.SENT: _between(way.approved_at, way.received_at),
    }


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return end - start if start is not None and end is not None and end >= start else None
