"""How much speaks for an emergency, and how much against. 称量。

The best sentence gives the points; what the whole text adds or takes off comes on top. The
points are data (rulebook/lexicon.yaml), so the sum can be read out to whoever asks why.
"""

import re
from typing import NamedTuple

from rules.lexicon import STRONG
from rules.reading import Reading, Sentence
from rules.rulebook import Lexicon, Points
from vocabulary.judgement import Casualties
from vocabulary.terms import Category

_AT_MOST_SENTENCES = 3
_AT_MOST_ROUTINE = 3
_AT_MOST_OF_A_CONTEXT = 2

_NUMBER = re.compile(r"[\d十百千万数多批]")  # in whatever _PEOPLE and _SCALE can match
_CLOCK_TIME = re.compile(r"[\d二三四五六七八九十](?:时|(?<=\d)(?:[点:]|分许))")
_PEOPLE = re.compile(
    r"(?:\d|[十百千万数]|[好许]多|大批|多[名位])[余多来]?[名位]?[余多]?(?:[一-龥]{0,4})"
    r"(?:群众|村民|居民|工人|民工|业主|家长|司机|职工|员工|商户|学生|师生|幼儿|儿童|患者|病例|人|例)"
)
_SCALE = re.compile(
    r"(?=[转疏撤安受停断倒绝烧死冲中影涉\d十百千万数])(?:"
    r"(?:转移|疏散|撤离|安置|受灾|停电|停水|断水|停气|倒塌|倒伏|绝收|受损|烧毁|死[亡猪鸡鸭鹅羊牛鱼]|冲毁|中断|影响|涉及)[^，。；]{0,12}"
    r"(?:\d|[十百千万数])[^，。；]{0,4}[人户间亩栋处座条头只公里小时万]"
    r"|(?:\d|[十百千万数])[余多]?[万千百]?[余多]?(?:户|间|亩|栋|座|条|头|只|羽|人)[^，。；\d]{0,10}"
    r"(?:停电|停水|断水|停气|受灾|绝收|倒塌|被淹|受损|烧毁|死亡|病死)|[4-9]\.\d级)"
)
_DATED = re.compile(r"[\d二三四五六七八九十](?:(?<!\d)时|(?<=\d)(?:[时点:日号](?![后前子])|分许))")
_WHEN = frozenset({"时间", "来源", "目击"})
_WHAT = frozenset({"发生", "现场", "目击"})
_STRAY = 1  # routine words that a fresh sentence may hold
_COUNTED_BY_PEOPLE = (Category.PUBLIC_HEALTH, Category.SOCIAL_SECURITY)


class Weight(NamedTuple):
    """The sum, and the sentence it rests on; `best` is None when nothing speaks for it. 分量。"""

    points: int
    evidence: int  # the same before the routine contexts took theirs off
    best: Sentence | None
    has_figures: bool
    has_scale: bool
    sums: tuple[tuple[Sentence, int], ...] = ()  # what each sentence gives by itself


def weigh(reading: Reading, casualties: Casualties, lexicon: Lexicon) -> Weight:
    """Return what the whole text weighs."""
    points = lexicon.points
    found = casualties
    is_counted = bool(found.deaths or found.injured or found.missing or found.trapped)
    has_figures = is_counted and any(s.is_harmed for s in reading.sentences)
    told = [sentence for sentence in reading.sentences if sentence.tells]
    if not told:
        least = points.figures if has_figures else 0
        return Weight(least, least, None, has_figures, has_scale=False)
    sums, scales = [], []
    for sentence in told:
        has_scale = _has_scale(sentence, reading.text)
        sums.append(_sentence(sentence, reading.text, points) + points.scale * has_scale)
        scales.append(has_scale)
    most = sums.index(max(sums))
    evidence = sums[most] + _whole(told, reading, points) + points.figures * has_figures
    total = evidence - _context(reading, lexicon)
    by_sentence = tuple(zip(told, sums, strict=True))
    return Weight(total, evidence, told[most], has_figures, scales[most], by_sentence)


def tells_afresh(sentence: Sentence, points_of_it: int, text: str, points: Points) -> bool:
    """Say whether the sentence tells by itself of an event that has just happened.

    It says when, and that something befell somebody or has happened, or it has a word that is
    an emergency by itself; and it says it almost without routine words.
    """
    if sentence.routine > _STRAY:
        return False
    if points_of_it + points.routine_in_sentence * sentence.routine < points.fresh:
        return False
    groups = {word.group for word in sentence.happened}
    is_dated = not groups.isdisjoint(_WHEN) or _DATED.search(text, sentence.start, sentence.end)
    return bool(is_dated) and (
        sentence.is_harmed or not groups.isdisjoint(_WHAT) or sentence.strong > 0
    )


def _whole(told: list[Sentence], reading: Reading, points: Points) -> int:
    """What the whole text adds to its best sentence."""
    strong = len([sentence for sentence in told if sentence.strong])
    added = points.each_sentence * min(strong, _AT_MOST_SENTENCES)
    return added + points.sensitive * bool(reading.sensitive)


def _sentence(sentence: Sentence, text: str, points: Points) -> int:
    total = (
        points.strong * (sentence.strong > 0)
        + points.second_strong * (sentence.strong > 1)
        + points.weak * (sentence.weak > 0)
        + points.second_weak * (sentence.weak > 1)
        + points.harm * sentence.is_harmed
        + points.happened * bool(sentence.happened)
        + points.response * bool(sentence.response)
        - points.routine_in_sentence * min(sentence.routine, _AT_MOST_ROUTINE)
    )
    if _CLOCK_TIME.search(text, sentence.start, sentence.end):
        total += points.clock_time
    return total


def _has_scale(sentence: Sentence, text: str) -> bool:
    if not _NUMBER.search(text, sentence.start, sentence.end):
        return False
    if _SCALE.search(text, sentence.start, sentence.end):
        return True
    is_told = sentence.is_harmed or sentence.happened or sentence.response
    by_people = any(
        (is_told or word.kind == STRONG) and subtype.category in _COUNTED_BY_PEOPLE
        for word in sentence.live
        for subtype in word.subtypes
    )
    return by_people and _PEOPLE.search(text, sentence.start, sentence.end) is not None


def _context(reading: Reading, lexicon: Lexicon) -> int:
    """What the routine contexts of the whole text take off."""
    if not (reading.title_routine or reading.routine):
        return 0
    in_title = [word.group for word in reading.title_routine]
    everywhere = [*in_title, *[word.group for word in reading.routine]]
    taken_off = 0
    for context in lexicon.contexts:
        if context.name in everywhere:
            times = min(everywhere.count(context.name), _AT_MOST_OF_A_CONTEXT)
            taken_off += context.weight * times + context.in_title * (context.name in in_title)
    return taken_off
