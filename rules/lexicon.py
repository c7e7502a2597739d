"""All words of the lexicon in one automaton, so that a text is read once. 词表自动机。

Where words overlap the longest from the left stands: “火灾隐患” hides “火灾”. So a set phrase
silences the trigger inside it without a rule of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.rulebook import Lexicon, SubtypeRule

# What a word does. Plain numbers, since they are compared for each word of each item.
BREAK, PAUSE, STRONG, WEAK, HARM = 0, 1, 2, 3, 4
HAPPENED, RESPONSE, EARLY_SIGN, SENSITIVE, ROUTINE, VAGUE_DATE, NEUTRAL = 5, 6, 7, 8, 9, 10, 11
CUE = 12  # a routine word that takes no points off: the weight table alone judges it

_BREAKS = "。；！？!?;\n"
_PAUSES = "，,：:（）()“”"


class Word(NamedTuple):
    """One word and what it does. 词条。"""

    kind: int
    text: str
    subtypes: tuple[SubtypeRule, ...] = ()
    group: str = ""  # the figure of a word of harm, the class of any other
    silences_next: bool = False  # what follows in the clause is no fact
    silences_last: bool = False  # what stands just before is only a name
    weighs: bool = False  # a routine word that takes points off
    settles: bool = False  # in a title: the event is over, or none
    tells_harm: bool = False  # a word of harm, or a trigger with one inside it: 溺亡, 砍伤


class Words:
    """The compiled lexicon: index by index beside the automaton. 编好的词表。"""

    def __init__(self, words: Iterable[Word], papers: Iterable[str] = ()) -> None:
        """Build the automaton: some milliseconds, once for each rulebook."""
        self.paper = _one_of(papers)
        self.words = tuple(words)
        self.kinds = tuple([word.kind for word in self.words])
        self.find = AhoCorasick(
            [word.text for word in self.words],
            matchkind=MatchKind.LeftmostLongest,
            store_patterns=False,
        ).find_matches_as_indexes
        """Return (index into `words`, start, end) from left to right, none overlapping."""


def compile_lexicon(lexicon: Lexicon) -> Words:
    """Return every word of the lexicon, and the marks that end clauses and sentences."""
    return Words(_all_words(lexicon).values(), lexicon.papers)


def for_drills(lexicon: Lexicon) -> Lexicon:
    """Return the lexicon for items marked as drills: “演练” and “模拟” take nothing off them."""
    contexts = tuple(c for c in lexicon.contexts if not c.lifted_by_drill)
    lifted = lifted_by_drill(lexicon)
    return replace(
        lexicon,
        contexts=contexts,
        before=tuple(word for word in lexicon.before if word not in lifted),
        after=tuple(word for word in lexicon.after if word not in lifted),
    )


def lifted_by_drill(lexicon: Lexicon) -> frozenset[str]:
    """Return the words that only say that it is a drill: “演练”, “模拟”. 演练词。"""
    return frozenset(
        [word for context in lexicon.contexts if context.lifted_by_drill for word in context.words]
    )


def compile_triggers(lexicon: Lexicon) -> Words:
    """Return only the words without which no text is ever an emergency."""
    kinds = (STRONG, WEAK, HARM)
    return Words(word for word in _all_words(lexicon).values() if word.kind in kinds)


def _one_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)) or "(?!)")


def _all_words(lexicon: Lexicon) -> dict[str, Word]:
    words = {mark: Word(BREAK, mark) for mark in _BREAKS}
    words |= {mark: Word(PAUSE, mark) for mark in _PAUSES}
    for kind, texts in (
        (RESPONSE, lexicon.response),
        (EARLY_SIGN, lexicon.trend),
        (VAGUE_DATE, lexicon.vague_dates),
        (NEUTRAL, (*lexicon.neutral, *lexicon.before, *lexicon.after)),
    ):
        words |= {text: Word(kind, text) for text in texts}
    for group, texts in lexicon.happened.items():
        words |= {text: Word(HAPPENED, text, group=group) for text in texts}
    for group, texts in lexicon.harm.items():
        words |= {text: Word(HARM, text, group=group, tells_harm=True) for text in texts}
    for group, texts in lexicon.escalators.items():
        words |= {text: Word(SENSITIVE, text, group=group) for text in texts}
    for context in lexicon.contexts:
        kind = ROUTINE if context.weight or context.in_title else CUE
        as_one = Word(kind, "", group=context.name, weighs=kind == ROUTINE, settles=context.settles)
        words |= {text: as_one._replace(text=text) for text in context.words}
    people = [w for group, texts in lexicon.harm.items() if group != "damage" for w in texts]
    harm = _one_of(people)
    for subtype in lexicon.subtypes:
        for kind, texts in ((STRONG, subtype.strong), (WEAK, subtype.weak)):
            for text in texts:
                before = words.get(text)
                others = before.subtypes if before else ()
                tells_harm = harm.search(text) is not None
                words[text] = Word(kind, text, (*others, subtype), tells_harm=tells_harm)
    for text in lexicon.before:
        words[text] = words[text]._replace(silences_next=True)
    for text in lexicon.after:
        words[text] = words[text]._replace(silences_last=True)
    return words
