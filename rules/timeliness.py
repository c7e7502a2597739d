"""Was it in time? 时效认定。

Pure: no clock, no network, no book. “Within” (内) includes the last instant. What this house
did not hear is nobody's fault: an outage that ended before the due instant moves it by as
much, and one that covers it leaves `unknown`, for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vocabulary.terms import Timeliness


@dataclass(frozen=True, slots=True)
class Outage:
    """A span in which this house did not listen, half-open. 本系统中断。"""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """From when a unit's clock ran to when its report was due; `cutoff` after due it is missing."""

    counted_from: datetime
    due_at: datetime
    cutoff: timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """How a report stands, and by how much it is over. 时效认定结果。"""

    timeliness: Timeliness
    overrun: timedelta = timedelta(0)


def extended_due(window: Window, outages: Iterable[Outage]) -> datetime | None:
    """Return the due instant moved by our own outages, or None where one covers it."""
    due = window.due_at
    for outage in sorted(outages, key=lambda each: each.starts):
        if outage.ends <= window.counted_from:
            continue
        if outage.starts > due:
            break
        if outage.ends > due:
            return None
        due += outage.ends - max(outage.starts, window.counted_from)
    return due


def judge_received(window: Window, counted_at: datetime, outages: Iterable[Outage] = ()) -> Finding:
    """Judge a report by the moment it counts from: `received_at`, or `called_at` for a call.

    An outage that began later changes nothing about it, however late it is judged.
    """
    if counted_at <= window.due_at:
        return Finding(Timeliness.ON_TIME)
    due = extended_due(window, (each for each in outages if each.starts < counted_at))
    if due is None:
        return Finding(Timeliness.UNKNOWN)
    if counted_at <= due:
        return Finding(Timeliness.ON_TIME)
    return Finding(Timeliness.LATE, counted_at - due)


def judge_unreceived(window: Window, now: datetime, outages: Iterable[Outage] = ()) -> Finding:
    """Judge a report that has not come by `now`, all that came before being known."""
    if now <= window.due_at:
        return Finding(Timeliness.PENDING)
    due = extended_due(window, outages)
    if due is None:
        return Finding(Timeliness.UNKNOWN)
    if now <= due:
        return Finding(Timeliness.PENDING)
    over = now - due
    return Finding(Timeliness.MISSING if over > window.cutoff else Timeliness.OVERDUE, over)
