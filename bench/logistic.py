"""Logistic regression over named signs, in plain Python. 逻辑回归。

Small on purpose: some thousand items, some hundred signs, a second or two. Full batches and no
chance, so that the same items always give the same table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

_STEP = 0.5
_TINY = 1e-8
_FAR = 30.0


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled item as the fit sees it. 样本。"""

    signs: tuple[str, ...]
    is_urgent: bool
    share: float = 1.0  # how much it counts


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted. 拟合结果。"""

    base: float
    weights: Mapping[str, float]

    def __call__(self, signs: Sequence[str]) -> float:
        """Return the sum for these signs: above nought speaks for urgent."""
        return self.base + sum(self.weights.get(sign, 0.0) for sign in signs)


def fit(
    examples: Sequence[Example],
    bounds: Callable[[str], tuple[float, float]],
    *,
    ridge: float = 1.0,
    rounds: int = 200,
) -> Model:
    """Fit the weights, each held within its bounds and drawn to nought by the ridge."""
    names = sorted({sign for example in examples for sign in example.signs})
    place = {name: number for number, name in enumerate(names)}
    rows = [[place[sign] for sign in example.signs] for example in examples]
    limits = [bounds(name) for name in names]
    weights, steepness = [0.0] * len(names), [_TINY] * len(names)
    base, base_steepness = 0.0, _TINY
    for _ in range(rounds):
        slopes = [ridge * weight for weight in weights]
        base_slope = 0.0
        for row, example in zip(rows, examples, strict=True):
            total = base + sum(weights[number] for number in row)
            off = (_likely(total) - example.is_urgent) * example.share
            base_slope += off
            for number in row:
                slopes[number] += off
        for number, slope in enumerate(slopes):
            steepness[number] += slope * slope
            moved = weights[number] - _STEP * slope / sqrt(steepness[number])
            low, high = limits[number]
            weights[number] = min(max(moved, low), high)
        base_steepness += base_slope * base_slope
        base -= _STEP * base_slope / sqrt(base_steepness)
    return Model(base, dict(zip(names, weights, strict=True)))


def _likely(total: float) -> float:
    return 1.0 / (1.0 + exp(-min(max(total, -_FAR), _FAR)))
