"""Where the time went: each hop's stretch of a report's way, and which one overran. 各环节用时。

Pure. What happened is known in the village (or the firm, or the school) before the unit hears of
it, in the unit before the desk does, and at the desk before it goes up. A limit that counts from
the incident runs through all of them, so each is measured by it from when it had the news itself:
a unit that was told late and passed it on in time did not overrun. A limit that counts from when
the unit knew, or the desk received, measures that hop alone. A hop that overran is a figure and
never a verdict; where the ends of a stretch are not both told it is unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.stretches import Way
from vocabulary.terms import Clock, Duty, Hop

_FROM_THE_INCIDENT = (Duty.PHONE_FIRST_REPORT, Duty.WRITTEN_FIRST_REPORT)


@dataclass(frozen=True, slots=True)
class Run:
    """An obligation as its clock ran. 一项的时钟。

    `until` is when it was met; of one that was not, up to when it was looked at. `is_late` is
    the clock's finding, our own outages considered.
    """

    duty: Duty
    unit_id: str
    clock: Clock
    counted_from: datetime
    limit: timedelta
    until: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class HopStretch:
    """One hop's stretch. `limit` is None where none measures it. 一个环节。"""

    hop: Hop
    unit_id: str | None
    length: timedelta | None
    limit: timedelta | None
    is_over: bool


def hops(run: Run, way: Way, origin_id: str | None = None) -> tuple[HopStretch, ...]:
    """Return the hops of one obligation, first to last.

    Args:
        run: the obligation.
        way: the moments of the report it is measured by; of the desk's own report upward, those
            of the report that made it owed.
        origin_id: the unit that sent that report, where it is not the one that owes.
    """
    return tuple(_hops(run, way, origin_id))


def overran(found: tuple[HopStretch, ...]) -> tuple[Hop, ...]:
    """Return the hops whose own stretch was over; none where each kept to its time."""
    return tuple(each.hop for each in found if each.is_over)


def _hops(run: Run, way: Way, origin_id: str | None) -> Iterator[HopStretch]:
    if run.duty is Duty.UPWARD_REPORT:
        yield _before(run, Hop.VILLAGE, None, way.occurred_at, way.known_at)
        yield _before(run, Hop.UNIT, origin_id, way.known_at, way.received_at)
        yield _last(run, Hop.DESK, way.received_at)
    elif run.duty in _FROM_THE_INCIDENT:
        yield _before(run, Hop.VILLAGE, None, way.occurred_at, way.known_at)
        yield _last(run, Hop.UNIT, way.known_at)
    else:
        yield _last(run, Hop.UNIT, None)


def _before(
    run: Run, hop: Hop, unit_id: str | None, start: datetime | None, end: datetime | None
) -> HopStretch:
    """A hop before the one that owes: measured where the clock ran from the incident."""
    length = _between(start, end)
    limit = run.limit if run.clock is Clock.OCCURRED else None
    is_over = run.is_late and limit is not None and length is not None and length > limit
    return HopStretch(hop, unit_id, length, limit, is_over)


def _last(run: Run, hop: Hop, start: datetime | None) -> HopStretch:
    """The hop that owes. Its own clock's finding holds, which knows of our outages."""
    if run.clock is not Clock.OCCURRED:
        length = _between(run.counted_from, run.until)
        return HopStretch(hop, run.unit_id, length, run.limit, run.is_late)
    length = _between(start, run.until)
    is_over = run.is_late and length is not None and length > run.limit
    return HopStretch(hop, run.unit_id, length, run.limit, is_over)


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return end - start if start is not None and end is not None and end >= start else None
