"""How punctual a unit was in a period: rates, lengths, and how they stand to a target. 报送时效。

Pure. What our own outage left undecided, what a supervisor waived and what is not yet due
count neither for a unit nor against it; where nothing counts there is no rate, and no light.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from rules.rulebook import Goal, Targets
from vocabulary.terms import Light, Stretch, Timeliness

_AGAINST = (Timeliness.LATE, Timeliness.OVERDUE, Timeliness.MISSING)
_MEDIAN, _P90 = 50, 90


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long one stretch took: of how many reports, in the middle, and of nine in ten."""

    count: int
    median: timedelta
    p90: timedelta
    light: Light


@dataclass(frozen=True, slots=True)
class Punctuality:
    """One unit's figures of one period. `on_time_rate` is of 1; None where nothing counts."""

    tally: Mapping[Timeliness, int]
    waived: int
    on_time_rate: float | None
    light: Light | None
    stretches: Mapping[Stretch, Lengths | None]


@dataclass
class Told:
    """What the book tells of one unit. `waived` are among the lapses of `tally`."""

    tally: dict[Timeliness, int] = field(default_factory=dict)
    waived: int = 0
    lengths: dict[Stretch, list[timedelta]] = field(default_factory=dict)


def punctuality(told: Told, targets: Targets) -> Punctuality:
    """Return a unit's figures."""
    on_time = told.tally.get(Timeliness.ON_TIME, 0)
    against = sum(told.tally.get(word, 0) for word in _AGAINST) - told.waived
    rate = on_time / (on_time + against) if on_time + against else None
    return Punctuality(
        tally={word: told.tally.get(word, 0) for word in Timeliness},
        waived=told.waived,
        on_time_rate=rate,
        light=None if rate is None else _light_of_rate(rate, targets.on_time),
        stretches={
            word: _lengths(told.lengths.get(word, ()), targets.stretches[word]) for word in Stretch
        },
    )


def quantile(lengths: Sequence[timedelta], percent: int) -> timedelta:
    """Return the least of the lengths that so many per cent do not exceed.

    Args:
        lengths: in any order, at least one.
        percent: more than 0, up to 100.
    """
    place = -(-len(lengths) * percent // 100)
    return sorted(lengths)[place - 1]


def _lengths(lengths: Sequence[timedelta], goal: Goal[timedelta]) -> Lengths | None:
    if not lengths:
        return None
    median = quantile(lengths, _MEDIAN)
    near = Light.AMBER if median <= goal.amber else Light.RED
    light = Light.GREEN if median <= goal.green else near
    return Lengths(len(lengths), median, quantile(lengths, _P90), light)


def _light_of_rate(rate: float, goal: Goal[float]) -> Light:
    if rate >= goal.green:
        return Light.GREEN
    return Light.AMBER if rate >= goal.amber else Light.RED
