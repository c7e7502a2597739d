"""Which stated moments contradict each other, and what can be believed instead. 时刻存疑。

Pure. A sender's clock may be wrong, a date may be a slip of the pen, and an hour may be chosen:
none of that is told apart here. What contradicts is shown, and a clock counts from what can be
believed. Whoever says that he knew early is believed against himself, but not to have known of what
had not happened yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.limits import Source
from rules.stretches import Way
from vocabulary.doubt import Doubt


@dataclass(frozen=True, slots=True)
class DoubtRule:
    """How far a clock may be off unremarked, and how long ago is too long. 存疑的界限。"""

    skew: timedelta
    far_off: timedelta
    source: Source


def doubts(way: Way, rule: DoubtRule, heard_at: datetime | None = None) -> tuple[Doubt, ...]:
    """Return what contradicts among the moments of an item, each once; nothing of what is untold.

    Args:
        way: the moments as they were stated; `received_at` is ours.
        rule: what is let pass.
        heard_at: when the unit had told us of the same incident before, where it had.
    """
    return tuple(dict.fromkeys(_doubts(way, rule, heard_at)))


def believed_occurred_at(way: Way) -> datetime | None:
    """Return when it happened as stated; None where that would be after we were told of it."""
    if way.occurred_at is None or way.received_at is None:
        return way.occurred_at
    return way.occurred_at if way.occurred_at <= way.received_at else None


def believed_known_at(way: Way, heard_at: datetime | None = None) -> datetime | None:
    """Return when the unit knew, as far as it can be believed; None where it did not say.

    Never after we were told, by this item or before; never before it happened.
    """
    if way.known_at is None:
        return None
    told = [moment for moment in (way.received_at, heard_at) if moment is not None]
    known_at = min([way.known_at, *told])
    occurred_at = believed_occurred_at(way)
    is_before = occurred_at is not None and known_at < occurred_at
    return min([occurred_at, *told]) if is_before and occurred_at is not None else known_at


def _doubts(way: Way, rule: DoubtRule, heard_at: datetime | None) -> Iterator[Doubt]:
    stated = (way.occurred_at, way.known_at, way.drafted_at, way.approved_at)
    for moment in stated:
        if _is_after(moment, way.received_at, rule.skew):
            yield Doubt.AHEAD
    for moment in stated:
        if _is_after(way.received_at, moment, rule.far_off):
            yield Doubt.FAR_OFF
    if _is_after(way.occurred_at, way.known_at, rule.skew):
        yield Doubt.BEFORE_OCCURRED
    if _is_after(way.known_at, heard_at, rule.skew):
        yield Doubt.AFTER_REPORTED
    if _is_after(way.known_at, way.drafted_at, rule.skew) or _is_after(
        way.drafted_at, way.approved_at, rule.skew
    ):
        yield Doubt.OUT_OF_ORDER


def _is_after(later: datetime | None, earlier: datetime | None, by: timedelta) -> bool:
    """Say whether the one lies after the other by more than is let pass."""
    return later is not None and earlier is not None and later - earlier > by
