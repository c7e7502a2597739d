"""What the rules say of one item, and why. 判定。"""

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

from vocabulary.terms import Category, Quantity, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a judgement. 判定理由。

    `words` are the words found in the text, `source` the text of law or practice and
    `confidence` its mark: L X S C M as in the rulebook, or D for the house's own choice; a
    value marked M is shown as unverified. `spans` are the places of those words: half-open, in
    letters of the title, a line break and the body together.
    """

    rule: str
    sentence: str
    words: tuple[str, ...] = ()
    source: str = ""
    confidence: str = ""
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Casualties:
    """Counted people; `None` is unknown and is never read as zero. 伤亡。

    The trapped are counted apart: most of them come out alive.
    """

    deaths: int | None = None
    injured: int | None = None
    missing: int | None = None
    trapped: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity told in the text. 量值。

    In the quantity's own unit, both ends included; `high` is `None` where nothing bounds it
    (“至少3人”). `start` and `end` are letters of the title, a line break and the body together.
    """

    quantity: Quantity
    low: float
    high: float | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TimeTold:
    """A precise time told in the text. 时间。

    From `earliest` to `latest`: the hour, where no minute was told. The letters count as those of
    a measure.
    """

    earliest: datetime
    latest: datetime
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A place of the county that the text names, and the unit that looks after it. 地名。"""

    name: str
    unit_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one item, with its grounds. 判定。

    `severity` is provisional (初判) and `None` where it cannot be graded; `missing_elements`
    are identifiers of what the sender should still tell (`occurred_at`, `place`, `deaths`, …).
    `must_report` is an item that is reported whatever its grade. `places` are read where the county
    is known, `happened` where it is known when the item was received.
    """

    verdict: Verdict
    category: Category | None = None
    subtype: str | None = None
    code: str | None = None
    severity: Severity | None = None
    casualties: Casualties = Casualties()
    missing_elements: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = field(default=())
    measures: tuple[Measure, ...] = ()
    must_report: bool = False
    places: tuple[PlaceTold, ...] = ()
    happened: TimeTold | None = None


# Judgements rest in the book as JSON, written and read by this.
JUDGEMENT = TypeAdapter(Judgement)
