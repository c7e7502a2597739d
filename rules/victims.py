"""People of a clause, and what befell them, as values. 受害人。"""

from dataclasses import dataclass


@dataclass(slots=True)
class Count:
    """Some people of a clause. 若干人。`low` is None for “多名”; `is_one` has no number."""

    start: int
    end: int
    low: float | None
    high: float | None
    clause: int
    is_one: bool = False
    are_named: bool = False
    name: str = ""
    joined: "Count | None" = None
    taken: "Harm | None" = None

    def people(self) -> tuple[float, float | None] | None:
        """Return how many, with those joined to them by 和; None where that is not told."""
        low, high, each = 0.0, 0.0, self
        is_open = False
        while True:
            if each.low is None:
                return None
            low += each.low
            high += each.high or each.low
            is_open = is_open or each.high is None
            if each.joined is None:
                return low, None if is_open else high
            each = each.joined

    @property
    def names(self) -> frozenset[str]:
        """The names of those who have one."""
        names, each = set(), self
        while True:
            names.add(each.name)
            if each.joined is None:
                return frozenset(names - {""})
            each = each.joined

    @property
    def first(self) -> int:
        """Where the first of those joined stands."""
        each = self
        while each.joined is not None:
            each = each.joined
        return each.start


@dataclass(slots=True)
class Harm:
    """People and what befell them. 一项伤亡。

    `words` is the harm as written, `at` where to look backwards for how it is meant.
    """

    kind: str
    low: float
    high: float | None
    start: int
    end: int
    at: int
    count_at: int
    words: str
    names: frozenset[str] = frozenset()
    is_one: bool = False
    found_again: float = 0  # of the missing: so many are no longer
    is_dropped: bool = False
