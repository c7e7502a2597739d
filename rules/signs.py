"""What a reading shows, sign by sign, in the words of the weight table. 特征。

Each sign is a name that stands in rulebook/scorer.yaml with its weight, or has none. A sign is
there or not; how often it was seen is told by a second sign.
"""

import re
from collections.abc import Iterable, Iterator

from rules.lexicon import Word
from rules.reading import Reading, Sentence
from rules.weighing import Weight
from vocabulary.judgement import Casualties

_CLOCK_TIME = re.compile(r"[\d一二三四五六七八九十](?:点|(?<!一)时|(?<=\d)(?::|分许))")
_DAY = re.compile(r"\d[日号](?![后前子])")
_COUNTED = re.compile(r"[\d一二两三四五六七八九十百千余](?:名|位|个|人|死|伤)")
_MARKS = [(mark, f"标点{mark}") for mark in "？！《“"]
_AFTERWARDS = re.compile(".{0,5}?[^之此今然最先前背]后.")
_SHORT, _LONG, _LONGER = 45, 150, 400  # letters
_EVIDENCE = [(step, f"证据满{step}分") for step in (1, 3, 5, 6, 8, 10, 12, 15)]
_POINTS = [(step, f"规则分满{step}") for step in (5, 6, 8, 10)]
_MUCH = 5
_MOST, _HALF = 0.75, 0.4


def signs(reading: Reading, casualties: Casualties, weight: Weight) -> Iterator[str]:
    """Yield every sign that the reading shows. 逐个列出特征。"""
    yield from [sign for step, sign in _EVIDENCE if weight.evidence >= step]
    yield from [sign for step, sign in _POINTS if weight.points >= step]
    if weight.points < 0:
        yield "规则分为负"
    told = [sentence for sentence in reading.sentences if sentence.tells]
    yield from _figures(reading, casualties, weight)
    yield from _whole(reading, told)
    yield from _title(reading)
    if weight.best is not None:
        yield from _best(weight.best, reading)


def _figures(reading: Reading, casualties: Casualties, weight: Weight) -> Iterator[str]:
    if casualties.deaths:
        yield "有死亡人数"
    if casualties.injured:
        yield "有受伤人数"
    if casualties.missing:
        yield "有失联人数"
    if casualties.trapped:
        yield "有被困人数"
    if weight.has_scale:
        yield "有规模数字"
    if any(s.harm and not s.is_harmed for s in reading.sentences):
        yield "说了没有伤亡"


def _whole(reading: Reading, told: list[Sentence]) -> Iterator[str]:
    length = len(reading.text)
    if length < _SHORT:
        yield "很短"
    elif length > _LONGER:
        yield "很长"
    elif length > _LONG:
        yield "较长"
    if reading.text[0] == "\n":
        yield "没有标题"
    if told:
        share = len(told) / max(reading.read, 1)
        yield "句句说事" if share >= _MOST else "多半句说事" if share >= _HALF else "少数句说事"
        strong = len([sentence for sentence in told if sentence.strong])
        yield f"强词句{min(strong, 3)}"
        yield from {f"类别·{w.subtypes[0].category}" for s in told for w in s.live}
    if any(s.is_old for s in reading.sentences):
        yield "有旧年的事"
    if reading.vague_dates:
        yield "时间含混"
    if reading.early_signs:
        yield "有苗头词"
    yield from [sign for mark, sign in _MARKS if mark in reading.text]
    yield from _counted("全文", reading.happened)
    yield from _counted("语境", reading.routine)
    if reading.sensitive:
        yield from {f"敏感·{word.group}" for word in reading.sensitive}
    if reading.response:
        yield "全文·处置多" if len(reading.response) >= _MUCH else "全文·处置"


def _counted(head: str, words: Iterable[Word]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word.group] = counts.get(word.group, 0) + 1
    for group, count in counts.items():
        yield f"{head}·{group}"
        if count > 1:
            yield f"{head}·{group}·再"
            if count >= _MUCH:
                yield f"{head}·{group}·多"


def _title(reading: Reading) -> Iterator[str]:
    if not reading.title_end:
        return
    if reading.title_routine:
        yield from {f"标题语境·{word.group}" for word in reading.title_routine}
        if any(word.settles for word in reading.title_routine):
            yield "标题说的是后来的事"
    told = [s for s in reading.sentences if s.end <= reading.title_end and not s.is_old]
    is_harmed = any(sentence.is_harmed for sentence in told)
    live = [word for sentence in told for word in sentence.live]
    if not live:
        if not is_harmed:
            yield "没有标题" if reading.is_title_bare else "标题没说事"
    else:
        yield "标题有强词" if any(sentence.strong for sentence in told) else "标题有弱词"
        if reading.title_routine:
            yield "标题说事又有语境"
        ends = (reading.text.find(w.text) + len(w.text) for w in live)
        if any(_AFTERWARDS.match(reading.text, end - 1, reading.title_end) for end in ends):
            yield "标题说的是事后"
    if is_harmed:
        yield "标题有伤害词"
        if _COUNTED.search(reading.text, 0, reading.title_end):
            yield "标题有人数"


def _best(best: Sentence, reading: Reading) -> Iterator[str]:
    if best.strong:
        yield "此句有强词" if best.strong == 1 else "此句强词多"
    if best.weak:
        yield "此句有弱词" if best.weak == 1 else "此句弱词多"
    if best.is_harmed:
        yield "此句有伤害词"
    if best.happened:
        yield from {f"此句·{word.group}" for word in best.happened}
    if best.response:
        yield "此句·处置" if len(best.response) == 1 else "此句·处置多"
    if best.routine:
        yield f"此句语境{min(best.routine, 3)}"
    if _CLOCK_TIME.search(reading.text, best.start, best.end):
        yield "此句有钟点"
    elif _DAY.search(reading.text, best.start, best.end):
        yield "此句有日期"
    if best.end <= reading.title_end:
        yield "此句是标题"
    elif best.start <= reading.title_end + 1:
        yield "此句是首句"
