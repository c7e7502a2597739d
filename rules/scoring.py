"""The weight table beside the rules: how the signs add up. 特征评分。

A sum and nothing more, so that it can be read out: each sign that is there brings its weight.
The weights are data (rulebook/scorer.yaml), fitted by `python -m bench.fitting`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rules.rulebook import Scorer

_NONE = -99.0


class Score(NamedTuple):
    """The sum, and the signs of the reading that have a weight. 得分。"""

    total: float
    signs: tuple[str, ...]

    def heaviest(self, scorer: Scorer, most: int) -> list[tuple[str, float]]:
        """Return the signs that count most, the heaviest first."""
        signs = sorted(self.signs, key=scorer.ranks.__getitem__)[:most]
        return [(sign, scorer.signs[sign]) for sign in signs]


UNSCORED = Score(_NONE, ())
"""The score of a text that tells of nothing."""


def score(signs: Iterable[str], scorer: Scorer) -> Score:
    """Return the sum of the weights of these signs, each counted once."""
    weights = scorer.signs
    found = tuple(weights.keys() & signs)
    return Score(scorer.base + sum(sorted([weights[sign] for sign in found])), found)
