"""Which sub-type of emergency is it? 子类。

The words of what happened speak first; they seldom know the trade. Where they come to a class as
general as “坍塌” or “爆炸”, a word of the place or the cause in the title or in the best sentence
settles it: 采石场, 花炮, 地铁.
"""

import re
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
    tally: dict[str, int] = {}
    for sentence in told:
        times = _BEST if sentence is best else 1
        for word in sentence.live:
            for subtype in word.subtypes:
                code = subtype.code
                by_code[code] = subtype
                points = _STRONG if word.kind == STRONG else _WEAK
                tally[code] = tally.get(code, 0) + times * points
    return by_code[max(tally, key=tally.__getitem__)] if tally else None


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
        self._any = {
            code: re.compile("|".join([re.escape(word) for word, _ in words]) or "(?!)")
            for code, words in self._words.items()
        }

    def settle(
        self, chosen: SubtypeRule | None, title: str, sentence: str
    ) -> SubtypeRule | SubtypeName | None:
        """Return the class that the longest word of a setting says, or the one chosen."""
        code = chosen.code if chosen else None
        text = f"{title}\n{sentence}"
        if code not in self._any or not self._any[code].search(text):
            return chosen
        for word, subtype in self._words[code]:
            if word in text:
                is_same = chosen is not None and subtype.code == chosen.code
                return chosen if is_same else subtype
        return chosen
