"""From measured times to figures. 统计。"""

from collections.abc import Sequence
from statistics import median
from typing import TypeAlias

Figures: TypeAlias = dict[str, float]


def percentile(sorted_times: Sequence[float], percent: float) -> float:
    """Return the least of the times that at least `percent` of them do not exceed.

    Raises:
        ValueError: there are no times; a figure is never invented.
    """
    if not sorted_times:
        raise ValueError("nothing was measured")
    place = -(-len(sorted_times) * percent // 100)  # rounded up
    return sorted_times[max(0, int(place) - 1)]


def summary(times_ms: Sequence[float]) -> Figures:
    """Return p50, p99 and the worst of some times; nothing where there are none."""
    if not times_ms:
        return {}
    ordered = sorted(times_ms)
    return {
        "p50_ms": round(percentile(ordered, 50), 2),
        "p99_ms": round(percentile(ordered, 99), 2),
        "max_ms": round(ordered[-1], 2),
    }


def middle(rounds: Sequence[Figures]) -> Figures:
    """Return the median of each figure over several rounds; the worst of `max_ms`, all `lost`."""
    names = [name for name in rounds[0] if all(name in each for each in rounds)]
    return {name: _together(name, [each[name] for each in rounds]) for name in names}


def worse(figures: Sequence[Figures]) -> Figures:
    """Return the worse of each figure, `lost` and counts added up."""
    names = [name for name in figures[0] if all(name in each for each in figures)]
    return {
        name: sum(each[name] for each in figures)
        if name in ("lost", "sent")
        else max(each[name] for each in figures)
        for name in names
    }


def ratios(ours: Figures, theirs: Figures) -> Figures:
    """Return ours as a multiple of theirs, where both were measured and theirs is not nought."""
    return {
        name: round(ours[name] / theirs[name], 3)
        for name in ours
        if name != "lost" and theirs.get(name)
    }


def _together(name: str, found: list[float]) -> float:
    if name in ("lost", "sent"):
        return sum(found)
    if name == "max_ms":
        return max(found)
    return round(median(found), 2)
