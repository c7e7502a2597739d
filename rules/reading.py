"""One pass over a text: what each sentence tells. 逐句通读。

A trigger counts only while it is *live*: not silenced by a word before it in the same clause
(“未发生火灾”, “一旦爆炸”) nor by one right behind it (“火灾隐患”). The whole text is read,
because an item may open with achievements and hide the trouble in its last sentence.
"""

import re
from dataclasses import dataclass, field

from rules.lexicon import (
    BREAK,
    CUE,
    EARLY_SIGN,
    HAPPENED,
    HARM,
    PAUSE,
    RESPONSE,
    ROUTINE,
    SENSITIVE,
    VAGUE_DATE,
    Word,
    Words,
)

_FULL_WIDTH = re.compile("[０-９．：]")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．：", "0123456789.:")
_REACH = 2  # letters between a trigger and a word that makes it a mere name: “火灾等隐患”
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_OLD_CENTURY = "19"


class Sentence:
    """What one sentence tells. 一句。"""

    __slots__ = (
        "end",
        "happened",
        "harm",
        "is_harmed",
        "is_old",
        "live",
        "response",
        "routine",
        "start",
    )

    def __init__(self, start: int) -> None:
        """Open a sentence at that letter."""
        self.start = start
        self.end = start
        self.live: list[Word] = []
        self.harm: list[Word] = []  # silenced ones too: “无人员伤亡” is told by them
        self.is_harmed = False  # by one that was not silenced
        self.happened: list[Word] = []
        self.response: list[Word] = []
        self.routine = 0
        self.is_old = False  # it names a year before the newest one of the text


@dataclass(slots=True)
class Reading:
    """What the whole text tells; of the sentences only those with a trigger or harm. 通读所得。"""

    text: str
    title_end: int
    sentences: list[Sentence] = field(default_factory=list)
    read: int = 0  # sentences in all, told or not
    title_routine: list[Word] = field(default_factory=list)
    routine: list[Word] = field(default_factory=list)
    happened: list[Word] = field(default_factory=list)
    response: list[Word] = field(default_factory=list)
    early_signs: list[Word] = field(default_factory=list)
    sensitive: list[Word] = field(default_factory=list)
    vague_dates: list[Word] = field(default_factory=list)


def normal(title: str, body: str) -> str:
    """Return the one text that is read: the title is a sentence of its own, digits are narrow."""
    text = f"{title}\n{body}\n"
    return text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text


def read(title: str, body: str, words: Words) -> Reading:
    """Return what title and body tell."""
    reading = Reading(normal(title, body), len(title))
    sentence = Sentence(0)
    is_silenced, last_end = False, -_REACH - 1
    known = words.words
    for index, start, end in words.find(reading.text):
        word = known[index]
        kind = word.kind
        if kind == PAUSE:
            is_silenced, last_end = False, -_REACH - 1
        elif kind == BREAK:
            sentence.end = start
            if sentence.live or sentence.harm:
                reading.sentences.append(sentence)
            reading.read += start > sentence.start
            sentence = Sentence(end)
            is_silenced = False
        elif kind <= HARM:
            if kind != HARM and not is_silenced:
                sentence.live.append(word)
                last_end = end
            if word.tells_harm:
                sentence.harm.append(word)
                sentence.is_harmed |= not is_silenced
        else:
            if word.silences_last and sentence.live and start - last_end <= _REACH:
                sentence.live.pop()
            is_silenced = is_silenced or word.silences_next
            _note(reading, sentence, word, is_title=end <= reading.title_end)
    _mark_the_old(reading)
    return reading


def _note(reading: Reading, sentence: Sentence, word: Word, *, is_title: bool) -> None:
    kind = word.kind
    if kind in {ROUTINE, CUE}:
        sentence.routine += kind == ROUTINE
        (reading.title_routine if is_title else reading.routine).append(word)
    elif kind == HAPPENED:
        sentence.happened.append(word)
        reading.happened.append(word)
    elif kind == RESPONSE:
        sentence.response.append(word)
        reading.response.append(word)
    elif kind == EARLY_SIGN:
        reading.early_signs.append(word)
    elif kind == SENSITIVE:
        reading.sensitive.append(word)
    elif kind == VAGUE_DATE:
        reading.vague_dates.append(word)


def _mark_the_old(reading: Reading) -> None:
    """What happened in a year before the newest one named, or in the last century, is old."""
    years = [(match.start(), match[0]) for match in _YEAR.finditer(reading.text)]
    if not years:
        return
    newest = max(year for _, year in years)
    number = 0
    for sentence in reading.sentences:
        while number < len(years) and years[number][0] < sentence.start:
            number += 1
        latest = ""
        while number < len(years) and years[number][0] < sentence.end:
            latest = max(latest, years[number][1])
            number += 1
        sentence.is_old = bool(latest) and (latest < newest or newest.startswith(_OLD_CENTURY))
