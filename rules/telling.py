"""Does the text tell it, or deny it? 是否写明。

A word of a rule counts where it is told as a fact: not behind 未, 无 or 防止 in its clause, nor as
the name of a plan, a risk or a drill.
"""

import re
from collections.abc import Iterable, Mapping

from ahocorasick_rs import AhoCorasick, MatchKind

Span = tuple[int, int]
Told = Mapping[str, Span]
"""Each word that the text tells, with where it tells it first."""

_REACH = 6  # letters before a word that may take it back
_DENIED = re.compile(
    "(?:未|无|没有?|不存在|防止|防范|预防|避免|严防|谨防|可能|一旦|如果|若|尚未|杜绝)[^，。；]{0,4}$"
)
_NAMED = re.compile("风险|隐患|演练|预案|防范|防治|排查|预警|知识|应急处置演练")


class Teller:
    """Finds the words of the rules in a text, in one pass. 词的查找。"""

    def __init__(self, words: Iterable[str]) -> None:
        """Build the automaton: some milliseconds, once for each rulebook."""
        self._words = tuple(dict.fromkeys(words))
        self._find = AhoCorasick(
            self._words, matchkind=MatchKind.Standard, store_patterns=False
        ).find_matches_as_indexes

    def __call__(self, text: str) -> dict[str, Span]:
        """Return each word that the text tells, with its first place."""
        told: dict[str, Span] = {}
        for index, start, end in self._find(text, overlapping=True):
            word = self._words[index]
            if word not in told and not _is_denied(text, start, end):
                told[word] = start, end
        return told


def first_told(told: Told, words: Iterable[str]) -> Span | None:
    """Return the span of the first of these words that was told, in the order of the words."""
    return next((told[word] for word in words if word in told), None)


def _is_denied(text: str, start: int, end: int) -> bool:
    before = _DENIED.search(text, max(0, start - _REACH), start)
    return before is not None or _NAMED.match(text, end) is not None
