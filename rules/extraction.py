"""How many dead, injured, missing, trapped? 伤亡抽取。

The first figure stands; 累计 and 升至 replace it by a larger one, 更正为 and 目前 by any, 新增 adds
to it, 其中 is a part of it and never added; of several incidents in one text the worst stands.
“无人员伤亡” is zero; “伤亡情况不详” is unknown, and unknown is never zero. A blurred figure is
its lower end. A sentence of statistics or of old times tells nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rules.casualty_clauses import DEATHS, GRAVE, INJURED, MISSING, SWEPT, TRAPPED, harms, zeros
from rules.casualty_patterns import (
    ANOTHER,
    BESIDES,
    FEWER,
    HARM,
    LISTED,
    MORE,
    NEW_TOTAL,
    NOT_NOW,
    OF_THOSE,
    PART,
    REMAINING,
    SAVED,
)
from rules.tally import SERIOUS, SLIGHT, Figure, Tally
from rules.victims import Harm
from vocabulary.judgement import Casualties, Measure
from vocabulary.submission import Submission
from vocabulary.terms import Quantity

_QUANTITIES = {
    DEATHS: Quantity.DEATHS,
    INJURED: Quantity.INJURED,
    MISSING: Quantity.MISSING,
    TRAPPED: Quantity.TRAPPED,
}
_BREAK = re.compile("[。；！？!?;\n]")
_NEAR = 14  # letters before a count that say how it is meant
_FAR = 40  # “截至目前，……已造成” may stand farther off


class People(NamedTuple):
    """Counted people, and where each figure stands in the text. 人数。"""

    casualties: Casualties
    measures: tuple[Measure, ...]


NOBODY = People(Casualties(), ())
"""What a text tells that counts nobody."""


def extract(sentences: Iterable[str]) -> Casualties:
    """Return the figures of these sentences, read in order. 从句中抽取伤亡。

    Figures that nobody told are `None`. The trapped are counted apart.
    """
    spans, at, told = [], 0, [*sentences]
    for sentence in told:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return count_people("\n".join(told), spans).casualties


def count_all(text: str) -> People:
    """Return the figures of a whole text: of each sentence that has a word of harm. 全文人数。"""
    return count_people(text, _harmed(text))


def count_people(text: str, sentences: Iterable[tuple[int, int]]) -> People:
    """Return the figures that these sentences of the text tell, with their spans. 人数。"""
    tally = Tally()
    for start, end in sentences:
        _read(text, start, end, tally)
    if not tally.kinds:
        return NOBODY
    found = {kind: tally.found(kind) for kind in _QUANTITIES}
    grave = tally.found(GRAVE)
    slight = found[INJURED]
    if grave is not None and slight is not None and tally.are_only_slight(INJURED):
        found[INJURED] = grave.plus(slight)  # “2人伤势较重，5人轻伤”
    if found[MISSING] is None:
        found[MISSING] = _swept(text, tally)
    return People(Casualties(*map(_least, found.values())), tuple(_measures(found, tally)))


def overruled(found: Casualties, stated: Submission) -> Casualties:
    """Return the figures with those that the sender stated in their place."""
    if stated.deaths is None and stated.injured is None and stated.missing is None:
        return found
    return Casualties(
        found.deaths if stated.deaths is None else stated.deaths,
        found.injured if stated.injured is None else stated.injured,
        found.missing if stated.missing is None else stated.missing,
        found.trapped,
    )


def _harmed(text: str) -> Iterator[tuple[int, int]]:
    harm = HARM.search(text)
    if harm is None:
        return
    start = 0
    for stop in _BREAK.finditer(text):
        at = stop.start()
        if harm.start() < at:
            yield start, at
            harm = HARM.search(text, at)
            if harm is None:
                return
        start = stop.end()
    yield start, len(text)


def _read(text: str, start: int, end: int, tally: Tally) -> None:
    none = [*zeros(text, start, end)]
    told = harms(text, start, end, [(at, until) for _, at, until in none])
    if not (none or told) or NOT_NOW.search(text, start, end):
        return
    for kind, at, until in none:
        tally.none(kind, at, until)
    before: Harm | None = None
    is_listed = LISTED.match(text, start) is not None
    for harm in told:
        near = text[max(start, harm.at - _NEAR) : harm.at]
        far = text[max(start, harm.count_at - _FAR) : harm.count_at]
        is_again = tally.last == harm.kind
        tally.add(
            harm,
            is_part=PART.search(near) is not None,
            is_more=_is_more(near, is_again=is_again),
            is_besides=_is_besides(text, before, harm),
            is_total=is_listed or NEW_TOTAL.search(far) is not None,
            is_left=_is_left(text, harm, near),
        )
        before = harm
    for harm in told:
        if harm.found_again and harm.kind == MISSING:
            tally.found_again(harm.found_again, harm.end)


def _is_more(before: str, *, is_again: bool) -> bool:
    return MORE.search(before) is not None or (is_again and ANOTHER.search(before) is not None)


def _is_left(text: str, harm: Harm, before: str) -> bool:
    """“更正为7人”, “目前受伤10人”: the figure stands though it is fewer; 仍有 for the missing."""
    if OF_THOSE.match(text, harm.end):
        return False
    if FEWER.search(before) or FEWER.search(text, harm.start, harm.end):
        return True
    return harm.kind == MISSING and REMAINING.search(before) is not None


def _is_besides(text: str, before: Harm | None, harm: Harm) -> bool:
    """Two counts of one kind side by side are of different people: “我方2人受伤，对方1人受伤”."""
    if before is None or before.kind != harm.kind or before.is_one or harm.is_one:
        return False
    return BESIDES.fullmatch(text, before.end, max(before.end, harm.start)) is not None


def _swept(text: str, tally: Tally) -> Figure | None:
    """People swept away are missing, until somebody is told to have been got out."""
    swept = tally.found(SWEPT)
    return None if swept is None or SAVED.search(text, swept.end) else swept


def _least(figure: Figure | None) -> int | None:
    return None if figure is None else int(figure.low)


def _measures(found: Mapping[str, Figure | None], tally: Tally) -> Iterator[Measure]:
    for kind, figure in found.items():
        if figure is not None:
            yield figure.measured(_QUANTITIES[kind])
    if (serious := tally.part(INJURED, SERIOUS) or tally.found(GRAVE)) is not None:
        yield serious.measured(Quantity.SERIOUSLY_INJURED)
    if (slight := tally.part(INJURED, SLIGHT)) is not None:
        yield slight.measured(Quantity.SLIGHTLY_INJURED)
