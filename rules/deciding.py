"""Emergency, attention or routine: which layer says so. 定性。

Four layers, each able only to raise. The rules page what tells plainly of a fresh event; the
weight table settles what the rules leave open; frames of speech find what a caller tells who names
no event; and a net puts under someone's eyes what none would page but what names an event in its
title, or bears an early sign.
"""

from typing import NamedTuple

from rules.eyewitness import Account, Listener
from rules.lexicon import Words
from rules.reading import Reading
from rules.rulebook import Lexicon, Scorer
from rules.scoring import UNSCORED, Score, score
from rules.signs import signs
from rules.weighing import Weight, tells_afresh, weigh
from vocabulary.judgement import Casualties
from vocabulary.terms import Verdict

_ONE_STEP_LOWER = {
    Verdict.EMERGENCY: Verdict.ATTENTION,
    Verdict.ATTENTION: Verdict.ROUTINE,
    Verdict.ROUTINE: Verdict.ROUTINE,
}
_SHORT_TITLE = 8  # letters: 养殖户来电
_TELLS_A_FACT = frozenset({"发生", "原因待查"})


class Asked(NamedTuple):
    """All that the layers rest on, under one rulebook; for drills it is another. 各层所依。"""

    lexicon: Lexicon
    words: Words
    listen: Listener
    scorer: Scorer


class Decision(NamedTuple):
    """The verdict and what it rests on. `is_sure`: the rules alone made it. 定性结果。"""

    verdict: Verdict
    weight: Weight
    score: Score
    is_sure: bool = False
    account: Account | None = None  # of a short text that the layers before it did not page


def decide(reading: Reading, found: Casualties, asked: Asked) -> Decision:
    """Return the verdict of the whole text, whoever sent it. 定性。"""
    decision = _as_a_report(reading, found, asked)
    if decision.verdict is Verdict.EMERGENCY:
        return decision
    account = asked.listen(reading.text, is_untitled=is_untitled(reading))
    if account is None:
        return decision
    verdict = account.verdict
    if _is_of_something_else(reading, asked.listen):
        verdict = _ONE_STEP_LOWER[verdict]
    if verdict is Verdict.ROUTINE or verdict is decision.verdict:
        return decision
    return decision._replace(verdict=verdict, account=account)


def is_untitled(reading: Reading) -> bool:
    """Whether nobody gave it a title: who calls or types tells of now without saying so. 来电。"""
    end = reading.title_end
    return not end or (reading.is_title_bare and end <= _SHORT_TITLE)


def _is_of_something_else(reading: Reading, listen: Listener) -> bool:
    """A routine word that takes points off, and that a caller would not say."""
    return any(
        word.weighs and word.group not in listen.callers_say
        for word in (*reading.title_routine, *reading.routine)
    )


def _as_a_report(reading: Reading, found: Casualties, asked: Asked) -> Decision:
    lexicon, scorer = asked.lexicon, asked.scorer
    weight = weigh(reading, found, lexicon)
    if _is_plain(weight, lexicon):
        return Decision(Verdict.EMERGENCY, weight, UNSCORED, is_sure=True)
    scored = UNSCORED
    if weight.best is not None and weight.evidence >= lexicon.points.least:
        scored = score(signs(reading, found, weight), scorer)
        if scored.total >= scorer.page:
            is_sign = _is_only_a_sign(reading, weight, lexicon)
            verdict = Verdict.ATTENTION if is_sign else Verdict.EMERGENCY
            return Decision(verdict, weight, scored)
        if scored.total >= scorer.look or _catches(reading, weight, lexicon):
            return Decision(Verdict.ATTENTION, weight, scored)
    if _bears_early_signs(reading, lexicon):
        return Decision(Verdict.ATTENTION, weight, scored)
    return Decision(Verdict.ROUTINE, weight, scored)


def _is_plain(weight: Weight, lexicon: Lexicon) -> bool:
    """Enough points, and not one routine word in the whole text to take any off."""
    return weight.points >= lexicon.points.sure and weight.points == weight.evidence


def _catches(reading: Reading, weight: Weight, lexicon: Lexicon) -> bool:
    """The net: a title or a sentence that tells of a fresh event, in whatever surroundings.

    Not where the title says that the item is about what came of it, or about none.
    """
    if any(word.settles for word in reading.title_routine):
        return False
    return _is_told_by_title(reading, weight, lexicon) or any(
        tells_afresh(sentence, sum_of_it, reading.text, lexicon.points)
        for sentence, sum_of_it in weight.sums
    )


def _is_told_by_title(reading: Reading, weight: Weight, lexicon: Lexicon) -> bool:
    if weight.evidence < lexicon.points.emergency:
        return False
    return any(
        sentence.strong and any(word.group in _TELLS_A_FACT for word in sentence.happened)
        for sentence in reading.sentences
        if sentence.end <= reading.title_end
    )


def _is_only_a_sign(reading: Reading, weight: Weight, lexicon: Lexicon) -> bool:
    """Several early signs, and not a word that anything has happened or anyone was hurt."""
    if weight.has_figures or weight.has_scale or not _bears_early_signs(reading, lexicon):
        return False
    return not any(
        s.is_harmed or s.response or any(word.group in _TELLS_A_FACT for word in s.happened)
        for s in reading.sentences
    )


def _bears_early_signs(reading: Reading, lexicon: Lexicon) -> bool:
    """Several different early signs are looked at, whatever else the text tells."""
    return len({word.text for word in reading.early_signs}) >= lexicon.points.early_signs
