"""The demo's day as it is written in `county/demo`, for an official to change. 演示日脚本。"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, model_validator

from app.settings import ROOT
from gateway.phone_behaviour import Mode
from rulebook.county import CountyError
from rulebook.lines import Mistake, validate
from vocabulary.submission import Submission
from vocabulary.terms import Role, Stage, UnitKind

COUNTY = ROOT / "county"
ExpectedVerdict = Literal["emergency", "attention", "routine", "refused"]
Text = Annotated[str, Field(min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Acknowledgement(_Entry):
    """Who takes an item in hand, how long after it was sent. 何人何时签收。"""

    after_minutes: PositiveInt
    by: Role = Role.DUTY_OFFICER
    how: Literal["link", "api"] = "link"


class Scene(_Entry):
    """One item of the story. 一件。"""

    at: time
    name: str | None = None
    follows: str | None = None
    unit: Text
    by_desk: bool = False
    called_at: time | None = None
    drill: bool = False
    stage: Stage = Stage.FIRST
    title: Text
    body: Text
    place: str | None = None
    occurred_at: time | None = None
    known_at: time | None = None
    deaths: NonNegativeInt | None = None
    injured: NonNegativeInt | None = None
    missing: NonNegativeInt | None = None
    verdict: ExpectedVerdict
    acknowledged: Acknowledgement | None = None

    def submission(self) -> Submission:
        """Return the item as rules read it, without its hours."""
        return Submission(
            title=self.title,
            body=self.body,
            stage=self.stage,
            place=self.place,
            deaths=self.deaths,
            injured=self.injured,
            missing=self.missing,
            is_drill=self.drill,
        )


class Trouble(_Entry):
    """A channel that misbehaves for a while. 渠道故障。"""

    at: time
    until: time
    channel: Literal["wecom", "dingtalk", "feishu", "sms", "voice", "webhook"]
    mode: Mode


class Late(_Entry):
    """A unit whose nil report comes late. 零报告迟报的单位。"""

    unit: Text
    at: time


class NilReports(_Entry):
    """How the units' nil reports come in. 零报告。"""

    from_: time = Field(alias="from")
    until: time
    bodies: Annotated[tuple[Text, ...], Field(min_length=1)]
    late: tuple[Late, ...] = ()
    missing: tuple[Text, ...] = ()


class Hours(_Entry):
    """A part of the day and its share of the everyday items. 时段。"""

    from_: time = Field(alias="from")
    until: time
    share: PositiveInt


class Everyday(_Entry):
    """How many everyday items come when. 日常件。"""

    count: NonNegativeInt
    hours: Annotated[tuple[Hours, ...], Field(min_length=1)]


class Day(_Entry):
    """day.yaml. 演示日。"""

    starts: time
    watched_unit: Text
    delay_seconds_max: NonNegativeInt
    acknowledges_within_minutes: tuple[PositiveInt, PositiveInt]
    story: tuple[Scene, ...]
    troubles: tuple[Trouble, ...] = ()
    nil_reports: NilReports
    routine: Everyday

    @model_validator(mode="after")
    def _names_what_came_before(self) -> "Day":
        known: set[str] = set()
        for scene in self.story:
            if scene.follows is not None and scene.follows not in known:
                raise ValueError(f"“{scene.title}”所续的“{scene.follows}”不在它之前")
            if scene.name is not None:
                known.add(scene.name)
        return self


class EverydayItem(_Entry):
    """One everyday item, with {unit} and {place} to be filled. 一件日常件。"""

    kinds: Annotated[tuple[UnitKind, ...], Field(min_length=1)]
    title: Text
    body: Text


class EverydayItems(_Entry):
    """routine.yaml. 日常件。"""

    items: Annotated[tuple[EverydayItem, ...], Field(min_length=1)]


class Script(_Entry):
    """Both files of the demo's day. 演示日脚本。"""

    day: Day
    everyday: tuple[EverydayItem, ...]


def read_script(folder: Path = COUNTY / "demo") -> Script:
    """Return the script.

    Raises:
        CountyError: with every mistake of its files, by line.
    """
    day = validate(Day, folder / "day.yaml")
    everyday = validate(EverydayItems, folder / "routine.yaml")
    if isinstance(day, Day) and isinstance(everyday, EverydayItems):
        return Script(day=day, everyday=everyday.items)
    raise CountyError((*_mistakes(day), *_mistakes(everyday)))


def _mistakes(read: Day | EverydayItems | tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    return read if isinstance(read, tuple) else ()
