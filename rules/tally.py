"""What has been counted so far, and which figure stands. 计数。

The first figure stands. 累计, 升至 and 截至 replace it by a larger one, 新增 adds to what was last
told, 其中 is a part of it; parts (on the spot and later, badly and slightly) are added up only
where no whole was told.
"""

from dataclasses import dataclass, field

from rules.casualty_clauses import DEATHS, INJURED, MISSING
from rules.casualty_patterns import LATER
from rules.victims import Harm
from vocabulary.judgement import Measure
from vocabulary.terms import Quantity

SERIOUS, SLIGHT = "重伤", "轻伤"
_SAME_BREATH = 30  # letters
_ON_THE_SPOT, _LATER = "当场", "其后"


@dataclass(slots=True)
class Figure:
    """One figure and where it stands. 一个数。"""

    low: float
    high: float | None
    start: int
    end: int

    @classmethod
    def of(cls, harm: Harm) -> "Figure":
        return cls(harm.low, harm.high, harm.start, harm.end)

    def measured(self, quantity: Quantity) -> Measure:
        return Measure(quantity, self.low, self.high, self.start, self.end)

    def plus(self, other: "Figure") -> "Figure":
        high = None if self.high is None or other.high is None else self.high + other.high
        return Figure(self.low + other.low, high, other.start, other.end)


@dataclass(slots=True)
class _Kind:
    """All that was told of one kind of harm. 一类。"""

    whole: Figure | None = None  # what stands
    told: Figure | None = None  # the largest that was told outright, without additions
    last: Figure | None = None  # what was told last, to which an addition adds
    parts: dict[str, Figure] = field(default_factory=dict)
    one: Figure | None = None  # people without a number
    zero: Figure | None = None
    total_end: int | None = None  # where the last 累计 stood


@dataclass(slots=True)
class Tally:
    """The figures by kind of harm. 计数。"""

    kinds: dict[str, _Kind] = field(default_factory=dict)
    last: str = ""  # the kind that was told last

    def none(self, kind: str, start: int, end: int) -> None:
        """Take in a zero that was told."""
        self._of(kind).zero = Figure(0, 0, start, end)

    def add(
        self,
        harm: Harm,
        *,
        is_part: bool,
        is_more: bool,
        is_total: bool,
        is_besides: bool = False,
        is_left: bool = False,
    ) -> None:
        """Take one figure in, by the words that stand before it.

        `is_besides` are other people of the same harm (“1名儿童死亡，1名施救者牺牲”); `is_left` is
        what remains (“仍有4人失联”), and stands though it is fewer.
        """
        told = self._of(harm.kind)
        self.last = harm.kind
        figure = Figure.of(harm)
        part = _part_of(harm)
        if harm.is_one:
            self._one(told, figure, part)
            return
        if part and part in (SERIOUS, SLIGHT):
            told.parts[part] = told.parts.get(part, figure)
            return
        if is_part and (told.whole or told.parts):
            return
        if is_more and told.total_end is not None and harm.start - told.total_end < _SAME_BREATH:
            return  # “累计15例，新增3例”: the new ones are among them
        if is_total:
            told.total_end = harm.end
        if part and not is_more:
            told.parts[part] = told.parts.get(part, figure)
            return
        is_more = is_more or (is_besides and not is_total)
        if told.whole is not None and (is_left or _is_sharper(figure, told.whole)):
            told.whole = told.told = told.last = figure
        elif told.whole is None:
            told.whole = told.told = told.last = self._begun(told, figure, is_more=is_more)
        elif is_more:
            told.last = (told.last or told.whole).plus(figure)
            if told.last.low > told.whole.low:
                told.whole = told.last
        elif is_total and told.told is not None:
            told.last = told.told = max(figure, told.told, key=_low)
            told.whole = told.told
        else:
            told.last = figure

    def found_again(self, people: float, at: int) -> None:
        """Take off the missing who were found, alive or dead."""
        told = self._of(MISSING)
        if told.whole is not None:
            left = max(0, told.whole.low - people)
            told.whole = Figure(left, left, told.whole.start, at)

    def found(self, kind: str) -> Figure | None:
        """Return the figure; the sum of its parts where no whole was told; zero; or None."""
        told = self.kinds.get(kind)
        if told is None:
            return None
        if told.whole is not None:
            return told.whole
        if told.parts:
            figures = [*told.parts.values()]
            whole = figures[0]
            for figure in figures[1:]:
                whole = whole.plus(figure)
            return whole
        return told.one or told.zero

    def part(self, kind: str, part: str) -> Figure | None:
        """Return a part by its name: the badly hurt, the slightly hurt."""
        told = self.kinds.get(kind)
        return told.parts.get(part) if told else None

    def are_only_slight(self, kind: str) -> bool:
        """Whether nothing but the slightly hurt was told."""
        told = self.kinds.get(kind)
        return told is not None and told.whole is None and [*told.parts] == [SLIGHT]

    def _of(self, kind: str) -> _Kind:
        return self.kinds.setdefault(kind, _Kind())

    def _one(self, told: _Kind, figure: Figure, part: str | None) -> None:
        if part in (_ON_THE_SPOT, _LATER) and told.one is None and not told.whole:
            told.parts[part] = told.parts.get(part, figure)
        elif told.one is None or figure.low > told.one.low:
            told.one = figure

    def _begun(self, told: _Kind, figure: Figure, *, is_more: bool) -> Figure:
        """“1人当场死亡……又有2人死亡” begins with the one on the spot."""
        if is_more:
            for part in told.parts.values():
                figure = part.plus(figure)
        return figure


def _is_sharper(figure: Figure, blurred: Figure) -> bool:
    """“百余人” of the title is the “110人” of the text."""
    if blurred.high is None or blurred.high <= blurred.low or figure.high != figure.low:
        return False
    return blurred.low <= figure.low <= blurred.high


def _low(figure: Figure) -> float:
    return figure.low


def _part_of(harm: Harm) -> str | None:
    if harm.kind == INJURED:
        parts = (SERIOUS, SLIGHT) if "伤" in harm.words else ()
        return next((part for part in parts if part[0] in harm.words), None)
    if harm.kind == DEATHS and _ON_THE_SPOT in harm.words:
        return _ON_THE_SPOT
    if harm.kind == DEATHS and LATER.search(harm.words):
        return _LATER
    return None
