"""One pass over a text: what each sentence tells. 逐句通读。

A trigger counts only while it is *live*: not silenced by a word before it in the same clause
(“未发生火灾”, “一旦爆炸”) nor by one right behind it (“火灾隐患”). The whole text is read,
because an item may open with achievements and hide the trouble in its last sentence.
"""

import re

from rules.lexicon import (
    BREAK,
    CUE,
    EARLY_SIGN,
    HAPPENED,
    HARM,
    NEUTRAL,
    PAUSE,
    RESPONSE,
    ROUTINE,
    SENSITIVE,
    STRONG,
    VAGUE_DATE,
    Word,
    Words,
)

_FULL_WIDTH = re.compile("[０-９．：]")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．：", "0123456789.:")
_LONG_AGO = -10  # farther than any reach
_REACH = 2  # letters between a trigger and a word that makes it a mere name: “火灾等隐患”
_YEAR = re.compile(r"(?:19|20)(?<!\d\d\d)\d\d(?=年)")
_OLD_CENTURY = "19"
_ROUTINES = frozenset({ROUTINE, CUE})


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
        "strong",
        "weak",
    )

    def __init__(self, start: int) -> None:
        """Open a sentence at that letter."""
        self.start = start
        self.end = start
        self.live: list[Word] = []
        self.strong = 0  # different words among the live ones, once the sentence has ended
        self.weak = 0
        self.harm: list[Word] = []  # silenced ones too: “无人员伤亡” is told by them
        self.is_harmed = False  # by one that was not silenced
        self.happened: list[Word] = []
        self.response: list[Word] = []
        self.routine = 0
        self.is_old = False  # it names a year before the newest one of the text

    @property
    def tells(self) -> bool:
        """Whether something befell somebody in it, and not in an old year."""
        return not self.is_old and (self.is_harmed or bool(self.live))

    def close(self, end: int) -> None:
        """End the sentence before that letter, and count its live words. 句终。"""
        self.end = end
        if self.live:
            kinds = {word.text: word.kind for word in self.live}
            self.strong = [*kinds.values()].count(STRONG)
            self.weak = len(kinds) - self.strong


class Reading:
    """What the whole text tells; of the sentences only those with a trigger or harm. 通读所得。"""

    __slots__ = (
        "early_signs",
        "happened",
        "is_title_bare",
        "read",
        "response",
        "routine",
        "sensitive",
        "sentences",
        "text",
        "title_end",
        "title_routine",
        "vague_dates",
    )

    def __init__(self, text: str, title_end: int) -> None:
        """Begin with nothing told."""
        self.text = text
        self.title_end = title_end
        self.is_title_bare = False  # it only names the kind of paper: 值班快报
        self.sentences: list[Sentence] = []
        self.read = 0  # sentences in all, told or not
        self.title_routine: list[Word] = []
        self.routine: list[Word] = []
        self.happened: list[Word] = []
        self.response: list[Word] = []
        self.early_signs: list[Word] = []
        self.sensitive: list[Word] = []
        self.vague_dates: list[Word] = []


def normal(title: str, body: str) -> str:
    """Return the one text that is read: the title is a sentence of its own, digits are narrow."""
    text = f"{title}\n{body}\n"
    return text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text


def read(title: str, body: str, words: Words) -> Reading:
    """Return what title and body tell."""
    reading = Reading(normal(title, body), len(title))
    sentence, is_blank = Sentence(0), True
    is_silenced, last_end = False, _LONG_AGO
    known, kinds = words.words, words.kinds
    for index, start, end in words.find(reading.text):
        kind = kinds[index]
        if kind == PAUSE:
            is_silenced, last_end = False, _LONG_AGO
        elif kind == BREAK:
            reading.read += start > sentence.start
            if sentence.live or sentence.harm:
                sentence.close(start)
                reading.sentences.append(sentence)
            if is_blank:
                sentence.start = end
            else:
                sentence, is_blank = Sentence(end), True
            is_silenced = False
        elif kind <= HARM:
            word, is_blank = known[index], False
            if kind != HARM and not is_silenced:
                sentence.live.append(word)
                last_end = end
            if word.tells_harm:
                sentence.harm.append(word)
                sentence.is_harmed |= not is_silenced
        else:
            word, is_blank = known[index], False
            if word.silences_last and start - last_end <= _REACH and sentence.live:
                sentence.live.pop()
            is_silenced = is_silenced or word.silences_next
            if kind != NEUTRAL:
                _note(reading, sentence, word, kind, end)
    reading.is_title_bare = not reading.title_routine and bool(words.paper.search(title))
    _mark_the_old(reading)
    return reading


def _note(reading: Reading, sentence: Sentence, word: Word, kind: int, end: int) -> None:
    if kind in _ROUTINES:
        sentence.routine += kind == ROUTINE
        (reading.title_routine if end <= reading.title_end else reading.routine).append(word)
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
    if "年" not in reading.text or not reading.sentences:
        return
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
