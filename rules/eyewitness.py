"""Someone tells what he sees: who is in what plight, what has gone wrong, that it is now. 口述。

A report names its event (“发生一起坍塌”). Who calls, or writes into a group, names a thing and what
became of it: “架子垮了，底下压着人”. So no word of an event is looked for here, but frames: a
subject and what befell it, near each other in one sentence.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.lexicon import lifted_by_drill
from rules.rulebook import EyewitnessRule, Frame, Lexicon
from vocabulary.terms import Verdict

_STOPS = "。！？!?；;\n"

Span = tuple[int, int]


class Account(NamedTuple):
    """What the frames make of a text: the verdict, their names, and where they stand. 所听。"""

    verdict: Verdict
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    code: str | None  # the sub-type: of what has gone wrong, else of the plight


class _Roles(NamedTuple):
    """What one word can be. 一词的角色。"""

    subjects: frozenset[str]
    frames: tuple[Frame, ...]
    is_now: bool
    is_against: bool
    is_stop: bool


class _Sentence:
    """What one sentence holds. 一句。"""

    __slots__ = ("acts", "is_against", "is_now", "subjects")

    def __init__(self) -> None:
        self.acts: list[tuple[Frame, Span]] = []
        self.subjects: list[tuple[frozenset[str], int]] = []
        self.is_now = False
        self.is_against = False

    def met(self, gap: int) -> Iterator[tuple[Frame, Span]]:
        """Yield the frames that are whole. A subject holds on to the end of its sentence."""
        for frame, span in self.acts:
            if not frame.subjects or any(
                not frame.subjects.isdisjoint(kinds) and start - span[1] <= gap
                for kinds, start in self.subjects
            ):
                yield frame, span


class Listener:
    """Hears the frames of one rulebook. 听口述。"""

    def __init__(self, rule: EyewitnessRule) -> None:
        """Build the automaton: some milliseconds, once for each rulebook."""
        self._rule = rule
        self.callers_say = rule.callers_say
        roles = _roles(rule)
        self._roles = tuple(roles.values())
        self._find = AhoCorasick(
            list(roles), matchkind=MatchKind.Standard, store_patterns=False
        ).find_matches_as_indexes

    def __call__(self, text: str, *, is_untitled: bool = True) -> Account | None:
        """Return what a short text tells by its frames; None where it tells nothing so.

        Half-open spans, in letters of the text; None for one longer than the rule says. A call
        tells of now where it does not say otherwise; anything else has to say so.
        """
        if len(text) > self._rule.short:
            return None
        told: list[tuple[Frame, Span]] = []
        doubted: list[tuple[Frame, Span]] = []
        is_now = False
        for sentence in self._sentences(text):
            met = [*sentence.met(self._rule.gap)]
            if sentence.is_against:
                doubted += met
            else:
                told += met
                is_now = is_now or sentence.is_now
        if told:
            return _account(told, _verdict(told, is_untitled=is_untitled, is_now=is_now))
        if is_untitled and _is_both(doubted):
            return _account(doubted, Verdict.ATTENTION)
        return None

    def _sentences(self, text: str) -> Iterator[_Sentence]:
        sentence = _Sentence()
        for index, start, end in self._find(text, overlapping=True):
            roles = self._roles[index]
            if roles.is_stop:
                yield sentence
                sentence = _Sentence()
                continue
            sentence.is_now = sentence.is_now or roles.is_now
            sentence.is_against = sentence.is_against or roles.is_against
            if roles.subjects:
                sentence.subjects.append((roles.subjects, start))
            if roles.frames and not text.endswith(self._rule.denials, max(0, start - 2), start):
                sentence.acts += [(frame, (start, end)) for frame in roles.frames]
        yield sentence


def for_drills(rule: EyewitnessRule, lexicon: Lexicon) -> EyewitnessRule:
    """Return the frames for items marked as drills: “演练” speaks against nothing. 演练件。"""
    return replace(rule, against=rule.against - lifted_by_drill(lexicon))


def _verdict(told: list[tuple[Frame, Span]], *, is_untitled: bool, is_now: bool) -> Verdict:
    frames = {frame for frame, _ in told}
    is_plight = any(frame.is_plight for frame in frames)
    is_grave = is_plight or any(frame.is_grave for frame in frames)
    if _is_both(told) or (is_grave and (is_now or (is_untitled and len(frames) > 1))):
        return Verdict.EMERGENCY
    return Verdict.ATTENTION if is_plight or is_now or is_untitled else Verdict.ROUTINE


def _is_both(told: list[tuple[Frame, Span]]) -> bool:
    """A plight, and what brought it about."""
    return {frame.is_plight for frame, _ in told} == {True, False}


def _account(told: list[tuple[Frame, Span]], verdict: Verdict) -> Account:
    frames = dict.fromkeys([frame for frame, _ in told])
    mishaps_first = sorted(frames, key=lambda frame: frame.is_plight)
    code = next((frame.code for frame in mishaps_first if frame.code is not None), None)
    spans = dict.fromkeys([span for _, span in told])
    return Account(verdict, tuple([frame.name for frame in frames]), tuple(spans), code)


def _roles(rule: EyewitnessRule) -> dict[str, _Roles]:
    subjects: dict[str, list[str]] = {}
    frames: dict[str, list[Frame]] = {}
    for name, words in rule.subjects.items():
        for word in words:
            subjects.setdefault(word, []).append(name)
    for frame in rule.frames:
        for word in frame.words:
            frames.setdefault(word, []).append(frame)
    return {
        word: _Roles(
            frozenset(subjects.get(word, ())),
            tuple(frames.get(word, ())),
            word in rule.now,
            word in rule.against,
            word in _STOPS,
        )
        for word in sorted({*_STOPS, *subjects, *frames, *rule.now, *rule.against})
    }
