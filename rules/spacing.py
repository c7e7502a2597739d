"""Text whose letters stand apart, as machines read it off paper: “发 生 火 灾”. 字间空格。

It is closed up before it is read, and what was found is told by its places in the text as sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from vocabulary.judgement import Judgement, Measure, PlaceTold, TimeTold

_Told = TypeVar("_Told", Measure, PlaceTold, TimeTold)
_Span = tuple[int, int]

_NARROW, _WIDE = _SPACES = " 　"
_NONE = dict.fromkeys(map(ord, _SPACES))
_SHARE = 4  # a text is spaced out where at least each fourth letter is a space


def is_spaced(text: str) -> bool:
    """Say whether the letters stand apart. 是否字间有空格。"""
    return _SHARE * (text.count(_NARROW) + text.count(_WIDE)) >= len(text) > _SHARE


def closed_up(text: str) -> str:
    """Return a spaced text without its spaces; any other as it is. 合拢。"""
    return text.translate(_NONE) if is_spaced(text) else text


def as_sent(judgement: Judgement, title: str, body: str) -> Judgement:
    """Return a judgement of the closed-up text with its places in the text as sent."""
    places = [*_kept(title), len(title), *(len(title) + 1 + at for at in _kept(body))]
    moved = partial(_moved, places)
    return replace(
        judgement,
        reasons=tuple(
            replace(reason, spans=tuple(map(moved, reason.spans))) for reason in judgement.reasons
        ),
        measures=tuple(_told_at(each, moved) for each in judgement.measures),
        places=tuple(_told_at(each, moved) for each in judgement.places),
        happened=judgement.happened and _told_at(judgement.happened, moved),
    )


def _kept(text: str) -> Sequence[int]:
    if not is_spaced(text):
        return range(len(text))
    return [at for at, letter in enumerate(text) if letter not in _SPACES]


def _moved(places: Sequence[int], span: _Span) -> _Span:
    start, end = span
    return (places[start], places[end - 1] + 1) if start < end else span


def _told_at(told: _Told, moved: Callable[[_Span], _Span]) -> _Told:
    start, end = moved((told.start, told.end))
    return replace(told, start=start, end=end)
