"""How the files of sub-types, grades and floors are written. 分类分级各表的写法。"""

from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from rulebook.law_tables import Cited, Page, Table
from vocabulary.terms import Category, Quantity, Severity

Word = Annotated[str, Field(min_length=1, max_length=20)]
Code = Annotated[str, Field(pattern=r"^1[1-4](?:[A-Z](?:\d\d)?)?$")]
RISING = (Severity.ORDINARY, Severity.SERIOUS, Severity.MAJOR, Severity.EXTREME)
_PREFIXES = {
    "11": Category.NATURAL_DISASTER,
    "12": Category.ACCIDENT,
    "13": Category.PUBLIC_HEALTH,
    "14": Category.SOCIAL_SECURITY,
}


class SubtypeClass(Table):
    """One class of the code tree, and its leaves. 一类。"""

    code: str = Field(pattern=r"^1[1-4][A-Z]00$")
    name: str = Field(min_length=1)
    category: Category
    standard: str | None = Field(default=None, pattern=r"^[1-4]\d{4}$")
    settings: tuple[Word, ...] = ()
    instead_of: tuple[Code, ...] = ()
    leaves: dict[str, str] = Field(default={})

    def codes(self) -> tuple[str, ...]:
        """Return its own code and those of its leaves."""
        return (self.code, *self.leaves)

    @field_validator("category")
    @classmethod
    def _is_its_category(cls, category: Category, info: ValidationInfo) -> Category:
        code = info.data.get("code")
        if code is not None and _PREFIXES[code[:2]] is not category:
            raise ValueError(f"代码 {code} 不在“{category}”一类")
        return category

    @field_validator("instead_of")
    @classmethod
    def _goes_with_settings(cls, codes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if bool(codes) != bool(info.data.get("settings")):
            raise ValueError("settings 与 instead_of 须同时写")
        return codes

    @field_validator("leaves")
    @classmethod
    def _are_its_leaves(cls, leaves: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        code = info.data.get("code")
        for leaf in leaves:
            if code is not None and (len(leaf) != len(code) or not leaf.startswith(code[:3])):
                raise ValueError(f"子类 {leaf} 不在 {code} 之下")
        return leaves


class SubtypesPage(Page, Cited):
    """subtypes.yaml."""

    classes: tuple[SubtypeClass, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        codes = [code for each in self.classes for code in each.codes()]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"代码 {code} 写了两次")
        return self


class ConditionTable(Table):
    """One figure, or a sum of figures, from `low` on and below `high`. 一个条件。"""

    figures: tuple[Quantity, ...] = Field(min_length=1)
    low: float = Field(ge=0)
    high: float | None = None

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        if self.high is not None and self.high <= self.low:
            raise ValueError("high 须大于 low")
        return self


class CriterionTable(Table):
    """Where each grade begins for one sum of figures. 一项数的各级起点。"""

    figures: tuple[Quantity, ...] = Field(min_length=1)
    ordinary: float | None = Field(default=None, ge=0)
    serious: float | None = Field(default=None, ge=0)
    major: float | None = Field(default=None, ge=0)
    extreme: float | None = Field(default=None, ge=0)

    def starts(self) -> list[tuple[Severity, float]]:
        """Return the grades that are told, from the lowest, each with its start."""
        told = ((severity, getattr(self, severity.value)) for severity in RISING)
        return [(severity, start) for severity, start in told if start is not None]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        starts = self.starts()
        if not starts:
            raise ValueError("至少要写一级的起点")
        if any(first >= second for (_, first), (_, second) in pairwise(starts)):
            raise ValueError("各级起点须从一般到特别重大逐级增高")
        return self


class CaseTable(Table):
    """A case that needs several things at once, or a word. 一种情形。"""

    when: tuple[ConditionTable, ...] = ()
    words: tuple[Word, ...] = ()
    with_words: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.when and not self.words:
            raise ValueError("when 与 words 至少要写一项")
        if self.with_words and not self.words:
            raise ValueError("写了 with_words 的须同时写 words")
        return self


class SpecialTable(CaseTable):
    """Such a case with the grade that it means. 单列情形。"""

    severity: Severity


class GradeTable(Cited):
    """One ladder of grades. 一套分级标准。"""

    name: str = Field(min_length=1)
    codes: tuple[Code, ...] = Field(min_length=1)
    otherwise: bool = False
    only_with: tuple[Word, ...] = ()
    needs_casualties: bool = True
    adopted: bool = True
    in_force_from: date
    in_force_until: date | None = None
    criteria: tuple[CriterionTable, ...] = ()
    special: tuple[SpecialTable, ...] = ()

    @model_validator(mode="after")
    def _grades_something(self) -> Self:
        if not self.criteria and not self.special:
            raise ValueError("criteria 与 special 至少要写一项")
        if self.in_force_until is not None and self.in_force_until <= self.in_force_from:
            raise ValueError("in_force_until 须晚于 in_force_from")
        return self


class GradingPage(Page):
    """grading/*.yaml."""

    ladders: tuple[GradeTable, ...] = Field(min_length=1)


class FloorTable(Cited):
    """What is reported whatever the grade. 一条底线。"""

    name: str = Field(min_length=1)
    codes: tuple[Code, ...] = ()
    adopted: bool = True
    in_force_from: date
    any_of: tuple[CaseTable, ...] = Field(min_length=1)


class FloorsPage(Page):
    """floors.yaml."""

    floors: tuple[FloorTable, ...] = Field(min_length=1)


class EscalatorTable(Cited):
    """One class of sensitive words. 一类敏感因素。"""

    name: str = Field(min_length=1)
    codes: tuple[Code, ...] = ()
    adopted: bool = True
    at_least: Severity | None = None
    words: tuple[Word, ...] = Field(min_length=1)


class EscalatorsPage(Page):
    """escalators.yaml."""

    escalators: tuple[EscalatorTable, ...] = Field(min_length=1)
