"""The rulebook as values: limits, ladders, grades, lexicon. 规章。

Read from `rulebook/*.yaml` by `rulebook.load`; every value carries its source and confidence,
and dated values are asked by the civil day (Beijing's) of the incident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from rules.doubts import DoubtRule
from rules.grade_rules import Escalator, Floor, GradeLadder, SubtypeName
from rules.limits import (
    DailyReport,
    Ladder,
    NoLimitInForceError,
    ObligationRule,
    Source,
    Step,
    TimeLimit,
)
from vocabulary.terms import Category, Duty, Severity, Stretch

__all__ = [
    "DailyReport",
    "Ladder",
    "NoLimitInForceError",
    "ObligationRule",
    "Source",
    "Step",
    "TimeLimit",
]


@dataclass(frozen=True, slots=True)
class SubtypeRule:
    """One sub-type with its words. 子类。"""

    code: str
    name: str
    category: Category
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """One class of routine context: its words weigh an item down. 日常语境。"""

    name: str
    weight: int  # for a word, at most twice over
    in_title: int  # more, when the title says it
    words: tuple[str, ...]
    settles: bool = False  # in a title it says that the event is over, or was none
    lifted_by_drill: bool = False  # of no weight in an item that is marked as a drill


@dataclass(frozen=True, slots=True)
class Points:
    """What each kind of evidence is worth, and how much makes a verdict. 分值。"""

    strong: int  # a word that is an emergency by itself
    second_strong: int  # another one in the same sentence
    each_sentence: int  # for each sentence that has one, three at most
    weak: int
    second_weak: int
    harm: int
    figures: int  # counted dead, injured, missing or trapped
    scale: int  # counted people, households, houses or fields
    clock_time: int
    happened: int
    response: int
    sensitive: int
    routine_in_sentence: int  # taken off for a word beside the evidence, at most three times
    least: int  # evidence below it is not scored: no text with so little was ever an emergency
    fresh: int  # a sentence that is looked at in whatever surroundings
    early_signs: int  # how many different ones make attention
    emergency: int  # the rules alone, beside the weight table
    sure: int  # the rules page by themselves, and the weight table is not asked


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by what they do to a verdict. 词表。"""

    subtypes: tuple[SubtypeRule, ...]
    harm: Mapping[str, tuple[str, ...]]  # deaths, injured, missing, trapped, damage → words
    happened: Mapping[str, tuple[str, ...]]  # 发生, 时间, 来源… → words
    response: tuple[str, ...]
    trend: tuple[str, ...]  # early signs: attention
    papers: tuple[str, ...]  # a title that only names the kind of paper says as little as none
    escalators: Mapping[str, tuple[str, ...]]  # what is sensitive whatever the grade
    vague_dates: tuple[str, ...]
    contexts: tuple[Context, ...]
    neutral: tuple[str, ...]  # set phrases that hold a trigger and do not mean it
    before: tuple[str, ...]  # what follows in the clause is no fact
    after: tuple[str, ...]  # what stands just before is only a name
    points: Points
    source: Source
    context_source: Source


@dataclass(frozen=True, slots=True)
class Scorer:
    """The weight table: what each sign of a reading adds, and how much it takes. 特征评分表。"""

    base: float
    page: float  # from here an emergency
    look: float  # from here attention
    signs: Mapping[str, float]
    source: Source
    ranks: Mapping[str, int] = field(init=False)  # of the signs, the heaviest first

    def __post_init__(self) -> None:
        """Order the signs once, since each judgement quotes its heaviest."""
        heaviest = sorted(self.signs, key=lambda sign: (-abs(self.signs[sign]), sign))
        object.__setattr__(self, "ranks", {sign: rank for rank, sign in enumerate(heaviest)})


@dataclass(frozen=True, slots=True)
class Frame:
    """A subject and what befell it, as people say it. 句式。Without subjects its words are enough.

    A plight is of people; anything else is a mishap, and a grave one pages when it is told of now.
    """

    name: str
    is_plight: bool
    is_grave: bool
    code: str | None  # the sub-type, where the lexicon finds none
    subjects: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class EyewitnessRule:
    """How people tell of an emergency who do not write reports. 口述。"""

    short: int  # letters; a longer text is read as a report alone
    gap: int  # letters between a subject and what befell it
    subjects: Mapping[str, frozenset[str]]
    frames: tuple[Frame, ...]
    now: frozenset[str]
    callers_say: frozenset[str]  # routine contexts whose words a caller says, too
    against: frozenset[str]  # what says that it is not of now, or no emergency
    denials: tuple[str, ...]  # right before the words of a frame
    source: Source


@dataclass(frozen=True, slots=True)
class ClassifiedRule:
    """How a secrecy mark is written, and what only looks like one. 密级标志。"""

    mark: str  # a regular expression
    never: tuple[str, ...]
    source: Source


_Figure = TypeVar("_Figure")


@dataclass(frozen=True, slots=True)
class Goal(Generic[_Figure]):
    """A figure at `green` is on target, one beyond `amber` is off it. 红黄绿线。"""

    green: _Figure
    amber: _Figure


@dataclass(frozen=True, slots=True)
class Targets:
    """What punctuality is held against on a page; no limit, and no lapse. 时效目标。"""

    on_time: Goal[float]  # of 1
    stretches: Mapping[Stretch, Goal[timedelta]]
    source: Source


@dataclass(frozen=True)
class Rulebook:
    """The whole law as this house knows it. 规章全书。`digest` names this very text."""

    obligations: Mapping[Duty, ObligationRule]
    daily: tuple[DailyReport, ...]
    asking_back: "AskingBack"
    upward: tuple[ObligationRule, ...]  # what the desk owes upward, one a recipient
    fixed_holidays: frozenset[tuple[int, int]]  # month and day, of a year not yet decreed
    grades: tuple[GradeLadder, ...]
    floors: tuple[Floor, ...]
    escalators: tuple[Escalator, ...]
    subtypes: Mapping[str, SubtypeName]
    lexicon: Lexicon
    scorer: Scorer
    eyewitness: EyewitnessRule
    classified: ClassifiedRule
    delivery: "DeliveryRule"
    doubting: DoubtRule
    joining: "JoiningRule"
    targets: Targets
    digest: str

    def ladder_of(self, duty: Duty, owed_to: str, severity: Severity | None) -> Ladder:
        """Return the ladder of what is owed to that recipient in a case of that grade."""
        rules = (*self.upward, self.obligations[duty]) if duty is Duty.UPWARD_REPORT else ()
        rule = next((each for each in rules if each.owed_to == owed_to), self.obligations[duty])
        return rule.ladder.for_grade(severity)


@dataclass(frozen=True, slots=True)
class AskingBack:
    """What a first report must not leave out, and words that are an answer as well. 缺项。"""

    elements: frozenset[str]
    not_known_yet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRule:
    """The house's own times for sending. 发送规则。Not law: measured or chosen, and cited so."""

    next_channel_after: timedelta
    send_timeout: timedelta
    lease: timedelta
    backoff: tuple[timedelta, ...]  # waits between rounds over all channels; then it is failed
    link_valid: timedelta
    source: Source


@dataclass(frozen=True, slots=True)
class JoiningRule:
    """By what an item finds its case. 归案规则。The house's own choice, and cited so."""

    same_incident: timedelta  # a first report of the same place and kind within it is the same
    maybe: timedelta  # the same kind within it is a question to a person
    following: timedelta  # how far back a follow-up looks for its case
    most_items: int  # of a case: beyond it nothing is joined without a person
    kin: tuple[tuple[str, ...], ...]  # classes that one incident is reported under
    landmarks: tuple[str, ...]  # last letters of a place's name
    leading: frozenset[str]  # letters that tell of an act and begin no name
    common: frozenset[str]  # what stands before them and names nothing
    source: Source
