"""Which sub-type of emergency is it? 子类。"""

from collections import Counter
from collections.abc import Iterable

from rules.lexicon import STRONG
from rules.reading import Sentence
from rules.rulebook import SubtypeRule

_STRONG, _WEAK = 3, 1
_BEST = 2  # the sentence the judgement rests on counts twice


def choose(told: Iterable[Sentence], best: Sentence | None) -> SubtypeRule | None:
    """Return the sub-type that most words speak for; among equals the one told first."""
    by_code: dict[str, SubtypeRule] = {}
    tally: Counter[str] = Counter()
    for sentence in told:
        times = _BEST if sentence is best else 1
        for word in sentence.live:
            for subtype in word.subtypes:
                by_code[subtype.code] = subtype
                tally[subtype.code] += times * (_STRONG if word.kind == STRONG else _WEAK)
    return by_code[tally.most_common(1)[0][0]] if tally else None
