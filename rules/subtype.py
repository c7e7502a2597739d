"""Which sub-type of emergency is it? 子类。

The words of what happened speak first; they seldom know the trade. Where they come to a class as
general as “坍塌” or “爆炸”, a word of the place or the cause in the title or in the best sentence
settles it: 采石场, 花炮, 地铁.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from rules.grade_rules import SubtypeName
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


class Settings:
    """The words of places, trades and causes under one rulebook. 场所与行业。"""

    def __init__(self, subtypes: Mapping[str, SubtypeName]) -> None:
        """Sort the words by the class that they can take an incident from, the longest first."""
        self._words: dict[str | None, list[tuple[str, SubtypeName]]] = {None: []}
        for subtype in subtypes.values():
            for code in (*subtype.instead_of, None):
                words = self._words.setdefault(code, [])
                words += [(word, subtype) for word in subtype.settings]
        for code, words in self._words.items():
            if code is not None:  # its own words come first among equals, and keep it
                own = subtypes[code]
                words[:0] = [(word, own) for word in own.settings]
            words.sort(key=lambda pair: -len(pair[0]))

    def settle(
        self, chosen: SubtypeRule | None, title: str, sentence: str
    ) -> SubtypeRule | SubtypeName | None:
        """Return the class that the longest word of a setting says, or the one chosen."""
        for word, subtype in self._words.get(chosen.code if chosen else None, ()):
            if word in title or word in sentence:
                is_same = chosen is not None and subtype.code == chosen.code
                return chosen if is_same else subtype
        return chosen
