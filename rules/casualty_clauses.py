"""Which count goes with which harm? 人数与伤亡的搭配。

One sentence at a time. A count goes with the harm behind it in the same clause (“3人死亡”), else
with the one before it (“死亡3人”); a later harm of the same people replaces a lighter one (“3人被困
后死亡”), and a clause without people speaks of those just counted (“均已无生命体征”).
"""

import re
from collections.abc import Iterable, Iterator

from rules.casualty_patterns import AFTER, ALL_OF_THEM, BLOCK, NONE, PEOPLE, SCAN
from rules.numerals import PATTERN as NUMBER
from rules.numerals import interval
from rules.victims import Count, Harm

DEATHS, INJURED, MISSING, SWEPT, TRAPPED, GRAVE = "d", "i", "m", "w", "t", "g"

_NOWHERE = (1 << 31, 1 << 31)
_GAP = 24  # letters between people and what befell them
_SAME_PEOPLE = 12  # letters between one harm and the next of the same people
_ALL = 18  # letters of a clause that only points back
_MOST_NAMES = 30
_NOUN = 6  # letters of what the people are: “3名外来务工的（工人）”
_MENTIONS = ("伤者", "伤员")  # “三名伤者” speaks of people who are counted elsewhere
_ONES = ("one", "name")
_NUMBERED = {"count", "rise", "family"}
_NEEDS_PEOPLE = ("死亡", "遇难", "身亡")  # alone at the head of a clause they open a new count
_NAME_ONLY = re.compile("[（(]")
_ARE = re.compile("[为是系:：]")
_JOINS = re.compile("[、和与及]")
_JOINED = re.compile(
    r"[^，,。；;\d一二三四五六七八九十]{0,8}?(?:、|和|与|及|以及|连同|加上)(?:[\d一二两三四五六七八九十]{1,3}岁的?|其)?"
)
_LISTED = re.compile(rf"[名位](?:{PEOPLE}){NUMBER}[名位]")  # 1名学生1名教师
_LIGHTER = {DEATHS: "imwt", INJURED: "mwt", MISSING: "wt", GRAVE: "imwt", TRAPPED: "", SWEPT: ""}


def zeros(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the kinds of harm that were told to be none, with their span. 零。"""
    for match in NONE.finditer(text, start, end):
        kinds = [kind for kind in "dimt" if match[kind]] or [*"dim"]
        for kind in kinds:
            yield kind, match.start(), match.end()


def harms(text: str, start: int, end: int, masked: list[tuple[int, int]]) -> list[Harm]:
    """Return what befell whom in this sentence, in order; `masked` spans are passed over."""
    tokens = [*SCAN.finditer(text, start, end)]
    if masked:
        tokens = [*_outside(tokens, masked)]
    return [harm for harm in _Clauses(text, start, tokens).read() if not harm.is_dropped]


def _outside(
    tokens: Iterable[re.Match[str]], masked: list[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    """Leave out the tokens inside the spans, which stand in order: both are walked once."""
    spans = iter(masked)
    start, end = next(spans, _NOWHERE)
    for token in tokens:
        at = token.start()
        while end <= at:
            start, end = next(spans, _NOWHERE)
        if at < start:
            yield token


class _Clauses:
    """Reads the tokens of one sentence from left to right. 逐词搭配。"""

    def __init__(self, text: str, start: int, tokens: list[re.Match[str]]) -> None:
        self._text = text
        self._tokens = tokens
        self._clause = 0
        self._clause_start = start
        self._counts: list[Count] = []
        self._harms: list[Harm] = []

    def read(self) -> list[Harm]:
        for index, token in enumerate(self._tokens):
            kind = token.lastgroup or ""
            if kind == "pause":
                self._clause += 1
                self._clause_start = token.end()
            elif len(kind) == 1:
                self._befell(index, token, kind)
            elif kind == "tail":
                self._tell(DEATHS, token, token["td"])
                self._tell(INJURED, token, token["ti"])
            elif kind == "count" and (token["bodies"] or token["lives"]):
                self._tell(DEATHS, token, token["n"])
            elif not self._is_taken_already(token):
                self._counts.append(self._count(token))
        return self._harms

    def _is_taken_already(self, token: re.Match[str]) -> bool:
        """Whether these are people who were counted just before: “3名（工人）”, “死亡（3人）”."""
        if not self._counts:
            return False
        last = self._counts[-1]
        if last.start == token.start():
            return True
        if token.lastgroup not in _ONES or last.taken or last.clause != self._clause:
            return False
        if last.is_one:
            begins = token.start() - (token[0][0] == "某")
            is_same = token.lastgroup == "name" and begins == last.end  # 妻子陈某
            last.end = token.end() if is_same else last.end
            return is_same
        if token.start() - last.end > _NOUN:
            return False
        is_listed = last.are_named and token.lastgroup == "name"  # 3名工人王某、李某、张某
        if not is_listed and _JOINS.search(self._text, last.end, token.start()):
            return False
        if token.lastgroup == "name":
            last.are_named = True
            last.end = token.end()
        return True

    def _count(self, token: re.Match[str]) -> Count:
        kind = token.lastgroup
        low: float | None
        high: float | None
        if kind in {"count", "rise"}:
            low, high = interval(token["n"] if kind == "count" else token["to"])
        elif kind == "family":
            low = high = 2
        else:
            low = high = 1 if kind in _ONES else None
        start = token.start() - (token[0][0] == "某")  # with the surname
        made = Count(start, token.end(), low, high, self._clause, is_one=kind in _ONES)
        if kind == "name":
            made.name = _NAME_ONLY.split(self._text[start : token.end()], maxsplit=1)[0]
        if self._counts and (kind == "count" or kind in _ONES):
            self._join(self._counts[-1], made, token)
        return made

    def _join(self, last: Count, made: Count, token: re.Match[str]) -> None:
        """Add the people to those before them, where 和 or the like stands between."""
        if last.taken is not None or last.clause != made.clause:
            return
        between = self._text[last.end : made.start]
        is_pair = token[0][-1] in "男女" and self._text[last.end - 1] in "男女" and not between
        is_list = _LISTED.fullmatch(self._text, last.end - 1, made.end)
        is_joined = _JOINED.fullmatch(between) and not BLOCK.search(between)
        if is_pair or is_list or is_joined:
            made.joined = last
            made.is_one = made.is_one and last.is_one

    def _tell(self, kind: str, token: re.Match[str], number: str) -> None:
        low, high = interval(number)
        start, end = token.span()
        self._harms.append(Harm(kind, low, high, start, end, start, start, token[0]))

    def _befell(self, index: int, token: re.Match[str], kind: str) -> None:
        before = self._before(token, kind)
        at = self._behind(index, token)
        if at is not None and not self._goes_before(before, at, token):
            self._claim(kind, self._counted_behind(at), token)
        elif before is not None:
            self._claim(kind, before, token)
        elif kind in {DEATHS, GRAVE} and (all_of := self._all_of_them(token)):
            self._claim(kind, all_of, token)

    def _goes_before(self, before: Count | None, at: int, token: re.Match[str]) -> bool:
        """Whether the harm goes with the people before it though others stand right behind."""
        if before is None:
            return False
        return self._is_owned(at) or (before.taken is None and before.end == token.start())

    def _counted_behind(self, at: int) -> Count:
        """Take in the count behind a harm, and the names that are listed with it."""
        behind = self._count(self._tokens[at])
        self._counts.append(behind)
        for token in self._tokens[at + 1 : at + 1 + _MOST_NAMES]:
            between = self._text[behind.end : token.start()]
            if token.lastgroup != "name" or not behind.is_one or len(between) > _NOUN:
                break
            behind = self._count(token)
            self._counts.append(behind)
            if behind.joined is None:
                break
        return behind

    def _before(self, token: re.Match[str], kind: str) -> Count | None:
        if not self._counts:
            return None
        count = self._counts[-1]
        if count.clause != self._clause:
            return None
        gap_from = count.end
        if count.taken is not None:
            if count.taken.kind not in _LIGHTER[kind]:
                return None
            gap_from = max(count.end, count.taken.end)
            if token.start() - gap_from > _SAME_PEOPLE:
                return None
        gap = self._text[gap_from : token.start()]
        return None if len(gap) > _GAP or "、" in gap or BLOCK.search(gap) else count

    def _behind(self, index: int, token: re.Match[str]) -> int | None:
        """Return which token is the count right behind the harm: “死亡人数升至7人”."""
        at = index + 1
        if at + 1 < len(self._tokens) and self._tokens[at].lastgroup == "one":  # 打伤保安2人
            at += 1
        if at >= len(self._tokens):
            return None
        following = self._tokens[at]
        is_named = following.lastgroup == "name" and _ARE.search(
            self._text, token.end(), following.start()
        )
        if not is_named and (following.lastgroup not in _NUMBERED or following["bodies"]):
            return None
        is_near = AFTER.fullmatch(self._text, token.end(), following.start())
        return at if is_near else None

    def _is_owned(self, index: int) -> bool:
        """Whether the count at `index` has a harm of its own behind it."""
        if index + 1 >= len(self._tokens):
            return False
        count, harm = self._tokens[index], self._tokens[index + 1]
        gap = self._text[count.end() : harm.start()]
        return len(harm.lastgroup or "") == 1 and len(gap) <= _SAME_PEOPLE and "、" not in gap

    def _all_of_them(self, token: re.Match[str]) -> Count | None:
        start = self._clause_start
        if token.start() - start > _ALL or not self._counts:
            return None
        if not ALL_OF_THEM.fullmatch(self._text, start, token.start()):
            return None
        if start == token.start() and token[0] in _NEEDS_PEOPLE:
            return None
        count = self._counts[-1]
        return None if count.taken is not None and count.taken.kind == DEATHS else count

    def _claim(self, kind: str, count: Count, token: re.Match[str]) -> None:
        people = count.people()
        if people is None:
            return
        before = count.taken
        if before is not None and not before.is_dropped:
            if before.kind in {MISSING, SWEPT} and before.end < self._clause_start:
                before.found_again = people[0]
            elif before.end > self._clause_start or before.kind == SWEPT:
                before.is_dropped = True
        start = min(count.first, token.start())
        end = max(count.end, token.end())
        told_from = max(self._clause_start, token.start() - _NOUN)  # “送医途中死亡2人”
        if self._harms:
            told_from = max(told_from, self._harms[-1].end)
        words = self._text[min(count.end, told_from) : token.end()]
        at = start if count.end <= token.start() else token.start()
        harm = Harm(kind, *people, start, end, at, count.start, words, count.names)
        harm.is_one = count.is_one or token[0] in _MENTIONS
        if kind == DEATHS and harm.names:
            self._take_off_the_injured(harm.names)
        count.taken = harm
        self._harms.append(harm)

    def _take_off_the_injured(self, names: frozenset[str]) -> None:
        """“甲、乙被砍伤，乙抢救无效死亡”: one is left hurt."""
        for harm in self._harms:
            dead = len(harm.names & names) if harm.kind == INJURED else 0
            harm.low = max(0, harm.low - dead)
            harm.high = None if harm.high is None else max(0, harm.high - dead)
            harm.is_dropped = harm.is_dropped or (dead > 0 and not harm.low)
