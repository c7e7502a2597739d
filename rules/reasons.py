"""Say why, so that it can be read out. 判定理由。"""

from collections.abc import Iterable

from rules.lexicon import Word
from rules.reading import Reading
from rules.rulebook import Lexicon, Source
from rules.weighing import Weight
from vocabulary.judgement import Reason
from vocabulary.terms import Verdict

NAMES = {Verdict.EMERGENCY: "紧急", Verdict.ATTENTION: "关注", Verdict.ROUTINE: "一般"}
_AT_MOST = 6  # words quoted for one ground


def reasons(
    verdict: Verdict, reading: Reading, weight: Weight, lexicon: Lexicon
) -> tuple[Reason, ...]:
    """Return the grounds of a verdict: what speaks for it, what against, and the sum."""
    grounds = [*_evidence(reading, weight, lexicon)]
    if reading.early_signs and verdict is not Verdict.EMERGENCY:
        said = "有苗头性、倾向性的说法"
        grounds.append(_ground("early_sign", said, reading.early_signs, lexicon.source))
    if routine := (*reading.title_routine, *reading.routine):
        said = f"日常语境：{_groups(routine)}"
        grounds.append(_ground("routine_context", said, routine, lexicon.context_source))
    return (*grounds, _sum(verdict, weight, lexicon))


def stated(lexicon: Lexicon) -> Reason:
    """Return the ground of an item whose sender stated a dead, an injured or a missing."""
    said = "报送时填写了伤亡或失联人数，按紧急件办"
    return _ground("stated_figures", said, (), lexicon.source)


def _evidence(reading: Reading, weight: Weight, lexicon: Lexicon) -> Iterable[Reason]:
    source, best = lexicon.source, weight.best
    if best is not None:
        about = "、".join(dict.fromkeys(s.name for word in best.live for s in word.subtypes[:1]))
        yield _ground("trigger", f"说到{about or '伤亡'}", (*best.live, *best.harm), source)
        if words := (*best.happened, *best.response):
            yield _ground("under_way", "说明事已发生或正在处置", words, source)
        if reading.sensitive:
            yield _ground(
                "sensitive", f"涉及{_groups(reading.sensitive)}", reading.sensitive, source
            )
    if weight.has_figures or weight.has_scale:
        yield _ground("figures", "写明了伤亡人数、涉事人数或规模", (), source)


def _sum(verdict: Verdict, weight: Weight, lexicon: Lexicon) -> Reason:
    points = lexicon.points
    if weight.best is None and weight.points <= 0:
        said = f"全文没有说出一件急事，判为{NAMES[verdict]}"
    else:
        said = (
            f"合计{weight.points}分（满{points.emergency}分紧急，加苗头满{points.attention}分关注）"
            f"，判为{NAMES[verdict]}"
        )
    return _ground("verdict", said, (), lexicon.source)


def _groups(words: Iterable[Word]) -> str:
    return "、".join(dict.fromkeys(word.group for word in words))


def _ground(rule: str, said: str, words: Iterable[Word], source: Source) -> Reason:
    told = tuple(dict.fromkeys(word.text for word in words))[:_AT_MOST]
    return Reason(rule, said, told, str(source), source.confidence)
