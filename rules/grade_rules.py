"""Sub-types, grades, floors and what makes an item sensitive, as values. 分类与分级规则。

Read from `rulebook/subtypes.yaml`, `rulebook/grading/`, `floors.yaml` and `escalators.yaml`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from rules.marking import number
from vocabulary.names import QUANTITY_NAMES, QUANTITY_UNITS
from vocabulary.terms import Category, Quantity, Severity

if TYPE_CHECKING:
    from rules.rulebook import Source


@dataclass(frozen=True, slots=True)
class SubtypeName:
    """One sub-type of the national code tree. 突发事件子类。`standard` is its GB/T 35561 number.

    `settings` are words of the place, trade or cause that make an incident one of this class where
    the words of what happened say only one of `instead_of`: a blast in a fireworks shed.
    """

    code: str
    name: str
    category: Category
    standard: str | None = None
    settings: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A half-open band [low, high) of a sum of figures. 条件。"""

    figures: tuple[Quantity, ...]  # added up
    low: float
    high: float | None = None

    def said(self) -> str:
        """Return it as an official writes it: 死亡3人以上、不足10人."""
        unit = QUANTITY_UNITS[self.figures[0]]
        name = "与".join([QUANTITY_NAMES[quantity] for quantity in self.figures])
        if self.high is None:
            return f"{name}{number(self.low)}{unit}以上"
        if not self.low:
            return f"{name}不足{number(self.high)}{unit}"
        return f"{name}{number(self.low)}{unit}以上、不足{number(self.high)}{unit}"


@dataclass(frozen=True, slots=True)
class Band:
    """What means one grade: all its conditions, and a word of each of its groups. 分级档。"""

    severity: Severity
    conditions: tuple[Condition, ...] = ()
    words: tuple[str, ...] = ()
    with_words: tuple[str, ...] = ()
    needs: Quantity | None = field(init=False)  # unknown, the band cannot be met
    rank: int = field(init=False)
    said: str = field(init=False)  # as the text has it: “死亡3人以上、不足10人”

    def __post_init__(self) -> None:
        """Remember the first figure, if it stands alone: most bands fail by it."""
        figures = self.conditions[0].figures if self.conditions else ()
        object.__setattr__(self, "needs", figures[0] if len(figures) == 1 else None)
        object.__setattr__(self, "rank", self.severity.rank)
        told = [condition.said() for condition in self.conditions]
        told += [f"写明{words[0]}等" for words in (self.words, self.with_words) if words]
        object.__setattr__(self, "said", "，且".join(told))


@dataclass(frozen=True, slots=True)
class GradeLadder:
    """Any-of, highest wins. 分级标准。

    For the sub-types whose codes begin so, and only where the text has one of `only_with` if there
    are any; `is_otherwise` also for those that no other ladder grades. `needs_casualties` forbids
    ordinary while the dead or the injured are unknown.
    """

    name: str
    bands: tuple[Band, ...]
    source: "Source"
    in_force_from: date
    in_force_until: date | None = None  # the first day on which it no longer holds
    codes: tuple[str, ...] = ()
    is_otherwise: bool = False
    needs_casualties: bool = True
    only_with: tuple[str, ...] = ()

    def is_in_force(self, day: date) -> bool:
        """Say whether the ladder is the law of that day."""
        until = self.in_force_until
        return self.in_force_from <= day and (until is None or day < until)

    def is_for(self, code: str | None) -> bool:
        """Say whether the ladder names the sub-type."""
        return code is not None and code.startswith(self.codes)


@dataclass(frozen=True, slots=True)
class Floor:
    """What is reported whatever the grade: any band of these. 必报底线。"""

    name: str
    bands: tuple[Band, ...]
    source: "Source"
    in_force_from: date
    codes: tuple[str, ...] = ()  # none: whatever the sub-type


@dataclass(frozen=True, slots=True)
class Escalator:
    """A place, time, people or echo that makes an item sensitive. 敏感因素。

    Such an item is reported whatever the grade; one that cannot be graded counts as `at_least`.
    """

    name: str
    words: tuple[str, ...]
    source: "Source"
    codes: tuple[str, ...] = ()
    at_least: Severity | None = None
