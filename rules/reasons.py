"""Say why, so that it can be read out. 判定理由。"""

from collections.abc import Iterable

from rules.deciding import Decision
from rules.eyewitness import Account
from rules.lexicon import Word
from rules.reading import Reading
from rules.rulebook import Lexicon, Rulebook, Scorer, Source
from rules.scoring import UNSCORED
from rules.weighing import Weight
from vocabulary.judgement import Reason
from vocabulary.terms import Verdict

NAMES = {Verdict.EMERGENCY: "紧急", Verdict.ATTENTION: "关注", Verdict.ROUTINE: "一般"}
_AT_MOST = 6  # words quoted for one ground
_MOST_SIGNS = 6  # signs quoted of the weight table
_FAR_BELOW = 2.0  # under the limit of attention, where no sign is quoted any more


def reasons(decision: Decision, reading: Reading, rulebook: Rulebook) -> tuple[Reason, ...]:
    """Return the grounds of a verdict: what speaks for it, what against, and the sums."""
    lexicon, scorer = rulebook.lexicon, rulebook.scorer
    whole = (reading.text, 0, len(reading.text))
    grounds = [*_evidence(reading, decision.weight, lexicon)]
    if reading.early_signs and decision.verdict is not Verdict.EMERGENCY:
        said = "有苗头性、倾向性的说法"
        grounds.append(_ground("early_sign", said, reading.early_signs, lexicon.source, whole))
    if routine := (*reading.title_routine, *reading.routine):
        said = f"日常语境：{_groups(routine)}"
        source = lexicon.context_source
        grounds.append(_ground("routine_context", said, routine, source, whole))
    if decision.account is not None:
        grounds.append(_eyewitness(decision.account, reading.text, rulebook.eyewitness.source))
    if decision.score is not UNSCORED:
        grounds.append(_scored(decision, scorer))
    return (*grounds, _sum(decision, lexicon))


def stated(lexicon: Lexicon) -> Reason:
    """Return the ground of an item whose sender stated a dead, an injured or a missing."""
    said = "报送时填写了伤亡或失联人数，按紧急件办"
    source = lexicon.source
    return Reason("stated_figures", said, (), str(source), source.confidence)


def _evidence(reading: Reading, weight: Weight, lexicon: Lexicon) -> Iterable[Reason]:
    source, best = lexicon.source, weight.best
    if best is not None:
        where = (reading.text, best.start, best.end)
        about = "、".join(dict.fromkeys([word.subtypes[0].name for word in best.live]))
        told = (*best.live, *best.harm)
        yield _ground("trigger", f"说到{about or '伤亡'}", told, source, where)
        if words := (*best.happened, *best.response):
            said = "说明事已发生或正在处置"
            yield _ground("under_way", said, words, source, where)
        if reading.sensitive:
            said = f"涉及{_groups(reading.sensitive)}"
            whole = (reading.text, 0, len(reading.text))
            yield _ground("sensitive", said, reading.sensitive, source, whole)
    if weight.has_figures or weight.has_scale:
        said = "写明了伤亡人数、涉事人数或规模"
        yield Reason("figures", said, (), str(source), source.confidence)


def _eyewitness(account: Account, text: str, source: Source) -> Reason:
    """What a caller tells, frame by frame; the places of a ground are those of its words."""
    spans = account.spans[:_AT_MOST]
    words = tuple([text[start:end] for start, end in spans])
    said = f"口述：{'、'.join(account.names)}"
    return Reason("eyewitness", said, words, str(source), source.confidence, spans)


def _scored(decision: Decision, scorer: Scorer) -> Reason:
    """The weight table read out: the sum, its limits and what counted most."""
    total = decision.score.total
    said = f"特征评分{total:.1f}（满{scorer.page:.1f}紧急，满{scorer.look:.1f}关注）"
    if total >= scorer.look - _FAR_BELOW:
        signs = decision.score.heaviest(scorer, _MOST_SIGNS)
        said += "，主要依据：" + "、".join(f"{sign}{weight:+.1f}" for sign, weight in signs)
    return Reason("score", said, (), str(scorer.source), scorer.source.confidence)


def _sum(decision: Decision, lexicon: Lexicon) -> Reason:
    points, weight = lexicon.points, decision.weight
    name = NAMES[decision.verdict]
    if weight.best is None and weight.points <= 0 and decision.account is None:
        said = f"全文没有说出一件急事，判为{name}"
    elif decision.is_sure:
        said = f"规则合计{weight.points}分（满{points.sure}分直接判紧急），判为{name}"
    elif decision.account is not None:
        said = f"规则合计{weight.points}分，依口述的句式判为{name}"
    elif decision.score is UNSCORED:
        said = f"全文证据{weight.evidence}分，不足{points.least}分，不再评分，判为{name}"
    else:
        said = f"规则合计{weight.points}分，未满{points.sure}分，依特征评分和苗头判为{name}"
    return Reason("verdict", said, (), str(lexicon.source), lexicon.source.confidence)


def _groups(words: Iterable[Word]) -> str:
    return "、".join(dict.fromkeys([word.group for word in words]))


def _ground(
    rule: str, said: str, words: Iterable[Word], source: Source, where: tuple[str, int, int]
) -> Reason:
    """Return a ground with its words, and where in the text they stand, from one letter on."""
    text, start, end = where
    places: dict[str, int] = {}
    for word in words:
        if word.text not in places and len(places) < _AT_MOST:
            places[word.text] = text.find(word.text, start, end)
    spans = tuple([(at, at + len(told)) for told, at in places.items() if at >= 0])
    return Reason(rule, said, tuple(places), str(source), source.confidence, spans)
