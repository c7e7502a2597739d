"""Which letters of a text does a judgement rest on? 原文标注。

For the page and for `jibao explain`: the text in pieces, each with the grounds that point to it.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from vocabulary.judgement import Judgement, Measure
from vocabulary.names import QUANTITY_NAMES, QUANTITY_UNITS

_AT_MOST = 200  # places marked: enough for any report, and a bound for a hostile one


class Piece(NamedTuple):
    """Some letters, and why they are marked; unmarked ones have no grounds. 一段。"""

    text: str
    grounds: tuple[str, ...] = ()


def marked(title: str, body: str, judgement: Judgement) -> tuple[tuple[Piece, ...], ...]:
    """Return title and body in pieces. 标注。

    A ground without places of its own is found by its words.
    """
    text = f"{title}\n{body}"
    spans = sorted(set(_spans(text, judgement)))[:_AT_MOST]
    return tuple(_pieces(text, 0, len(title), spans)), tuple(
        _pieces(text, len(title) + 1, len(text), spans)
    )


def told(measure: Measure) -> str:
    """Return a measure as an official reads it: 死亡10至20人, 直接经济损失至少2000万元."""
    name, unit = QUANTITY_NAMES[measure.quantity], QUANTITY_UNITS[measure.quantity]
    if measure.high is None:
        return f"{name}至少{number(measure.low)}{unit}"
    if measure.high == measure.low:
        return f"{name}{number(measure.low)}{unit}"
    return f"{name}{number(measure.low)}至{number(measure.high)}{unit}"


def number(value: float) -> str:
    """Return a number as reports write it: 3, 2000万, 1.2亿."""
    for scale, unit in ((100_000_000, "亿"), (10_000, "万")):
        if value >= scale:
            return f"{value / scale:.10g}{unit}"
    return f"{value:.4g}"


def _spans(text: str, judgement: Judgement) -> Iterator[tuple[int, int, str]]:
    for reason in judgement.reasons:
        places = reason.spans or tuple(_places(text, reason.words))
        yield from ((start, end, reason.sentence) for start, end in places)
    for measure in judgement.measures:
        yield measure.start, measure.end, told(measure)


def _places(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = text.find(word) if word else -1
        while at >= 0:
            yield at, at + len(word)
            at = text.find(word, at + len(word))


def _pieces(text: str, start: int, end: int, spans: list[tuple[int, int, str]]) -> Iterator[Piece]:
    inside = [(max(a, start), min(b, end), why) for a, b, why in spans if a < end and b > start]
    edges = sorted({start, end, *(edge for a, b, _ in inside for edge in (a, b))})
    for left, right in pairwise(edges):
        grounds = dict.fromkeys(why for a, b, why in inside if a <= left and b >= right)
        yield Piece(text[left:right], tuple(grounds))
