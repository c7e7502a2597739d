"""How the files of words are written. 词表的写法。"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from rulebook.law_tables import Cited, Page, Table
from rulebook.lines import Key
from vocabulary.terms import Category

Word = Annotated[str, Field(min_length=1, max_length=20)]
Words = tuple[Word, ...]


class PointsTable(Table):
    """What each kind of evidence is worth. 分值。"""

    strong: int
    second_strong: int
    each_sentence: int
    weak: int
    second_weak: int
    harm: int
    figures: int
    scale: int
    clock_time: int
    happened: int
    response: int
    sensitive: int
    routine_in_sentence: int
    least: int = Field(gt=0)
    fresh: int = Field(gt=0)
    early_signs: int = Field(gt=0)
    emergency: int = Field(gt=0)
    sure: int = Field(gt=0)


class SubtypeTable(Table):
    """One sub-type. 子类。"""

    code: str = Field(pattern=r"^1[1-4][A-Z]\d\d$")
    name: str = Field(min_length=1)
    category: Category
    strong: Words = Field(min_length=1)
    weak: Words = ()


class HarmTable(Table):
    """Words of harm, by the figure that goes with them. 伤害词。"""

    deaths: Words
    injured: Words
    missing: Words
    trapped: Words
    damage: Words


class LexiconPage(Page, Cited):
    """lexicon.yaml."""

    points: PointsTable
    subtypes: tuple[SubtypeTable, ...] = Field(min_length=1)
    harm: HarmTable
    happened: dict[str, Words]
    response: Words
    trend: Words
    papers: Words
    escalators: dict[str, Words]
    vague_dates: Words

    def places(self) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
        """Yield each word, what it is, and where it stands."""
        for number, subtype in enumerate(self.subtypes):
            for role, words in (("strong", subtype.strong), ("weak", subtype.weak)):
                yield from _places(words, role, ("subtypes", number, role))
        for figure, words in self.harm:
            yield from _places(words, "harm", ("harm", figure))
        for kind, words in self.escalators.items():
            yield from _places(words, "escalators", ("escalators", kind))
        for kind, words in self.happened.items():
            yield from _places(words, "happened", ("happened", kind))
        for role in ("response", "trend", "vague_dates"):
            yield from _places(getattr(self, role), role, (role,))


class ContextTable(Table):
    """One class of routine context. 一类日常语境。"""

    name: str
    weight: int = Field(ge=0)
    in_title: int = Field(ge=0)
    settles: bool = False
    lifted_by_drill: bool = False
    words: Words = Field(min_length=1)


class ContextPage(Page, Cited):
    """routine_context.yaml."""

    classes: tuple[ContextTable, ...] = Field(min_length=1)
    neutral: Words
    before: Words
    after: Words

    def places(self) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
        """Yield each word that may stand in one place only, what it is, and where it stands."""
        for number, context in enumerate(self.classes):
            yield from _places(context.words, "routine", ("classes", number, "words"))
        yield from _places(self.neutral, "neutral", ("neutral",))
        routine = {word for context in self.classes for word in context.words}
        quiet = dict.fromkeys((*self.before, *self.after))
        yield from ((w, "quiet", ("before",)) for w in quiet if w not in routine)


class ScorerPage(Page, Cited):
    """scorer.yaml."""

    base: float
    page: float
    look: float
    signs: dict[str, float] = Field(min_length=1)

    @model_validator(mode="after")
    def _looks_before_it_pages(self) -> Self:
        if self.look > self.page:
            raise ValueError("look 不得高于 page")
        return self


class FrameTable(Table):
    """A subject and what befell it. 句式。"""

    name: str = Field(min_length=1)
    kind: Literal["plight", "mishap"]
    grave: bool = False
    code: str | None = None
    of: tuple[str, ...] = ()
    verbs: Words = ()
    words: Words = Field(min_length=1)


class EyewitnessPage(Page, Cited):
    """eyewitness.yaml."""

    short: int = Field(gt=0)
    gap: int = Field(gt=0)
    callers_say: tuple[str, ...]
    endings: Words
    subjects: dict[str, Words]
    frames: tuple[FrameTable, ...] = Field(min_length=1)
    now: Words
    against: Words
    denials: Words


class ClassifiedPage(Page, Cited):
    """classified.yaml."""

    mark: str
    never: Words

    @field_validator("mark")
    @classmethod
    def _is_a_pattern(cls, mark: str) -> str:
        try:
            re.compile(mark)
        except re.error as error:
            raise ValueError(f"mark 不是正确的正则表达式：{error}") from error
        return mark


def _places(
    words: Words, role: str, place: tuple[Key, ...]
) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
    return ((word, role, (*place, number)) for number, word in enumerate(words))
