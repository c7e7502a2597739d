"""How the files of limits, ladders and grades are written. 时限、梯级、分级各表的写法。"""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from vocabulary.terms import (
    Calendar,
    Clock,
    Duty,
    Role,
    Severity,
    StepKind,
    Stretch,
    UnitKind,
)

Element = Literal["occurred_at", "place", "deaths", "injured", "missing", "reporter"]


class Table(BaseModel):
    """Refuses names it does not know, so that a misspelled one is not lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Cited(Table):
    """Says where its values come from, and how sure we are of it. 依据与可信度。

    L read in full, X read in part, S told by another, C from a code table, M from memory
    (only with `verify: true`), D the house's own choice.
    """

    source: str = Field(min_length=1)
    verify: bool = False
    confidence: Literal["L", "X", "S", "C", "M", "D"]

    @field_validator("confidence")
    @classmethod
    def _memory_is_marked(cls, confidence: str, info: ValidationInfo) -> str:
        if confidence == "M" and not info.data.get("verify"):
            raise ValueError("可信度为 M（凭记忆）的，须加 verify: true")
        return confidence


class Page(Table):
    """A file opens with its title and its notes. 题名与说明。"""

    title: str = Field(min_length=1)
    note: str = Field(min_length=1)


class Limit(Cited):
    """One version of one limit. 一个版本。"""

    in_force_from: date
    minutes: int = Field(gt=0)
    clock: Clock
    severities: tuple[Severity, ...] | None = Field(default=None, min_length=1)
    codes: tuple[str, ...] = ()
    hours: tuple[time, ...] = ()
    within_days: int | None = Field(default=None, gt=0)
    stands_alone: bool = False
    kinds: tuple[UnitKind, ...] | None = Field(default=None, min_length=1)


class Rung(Table):
    """One step of a ladder. 一级。"""

    kind: StepKind
    after_minutes: int
    to: tuple[Role, ...] = Field(min_length=1)
    severities: tuple[Severity, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _only_leaders_by_grade(self) -> Self:
        if self.severities is not None and self.kind is not StepKind.RAISE:
            raise ValueError("只有 raise（提请过问）一级可以写 severities")
        return self


class LadderTable(Cited):
    """A ladder, from the bottom up. 梯级。"""

    name: str
    at_once: dict[Severity, tuple[Role, ...]] = {}
    steps: tuple[Rung, ...] = Field(min_length=1)

    @field_validator("steps")
    @classmethod
    def _rises(cls, steps: tuple[Rung, ...]) -> tuple[Rung, ...]:
        if list(steps) != sorted(steps, key=lambda step: step.after_minutes):
            raise ValueError("steps 须按 after_minutes 从早到晚排")
        kinds = [step.kind for step in steps]
        if kinds != sorted(kinds, key=lambda kind: kind is StepKind.RAISE):
            raise ValueError("raise（提请过问）须排在最后")
        return steps


class Medium(Table):
    """The limits of the telephone report, or of the written one. 一种报送方式。"""

    title: str
    profiles: dict[str, tuple[Limit, ...]] = Field(min_length=1)


class FirstReportPage(Page):
    """first_report.yaml."""

    owed_to: str
    ladder: Literal["reporting"]
    phone: Medium
    written: Medium


class Recipient(Table):
    """One to whom the desk reports upward, by clocks of its own. 一个上报对象。"""

    owed_to: str = Field(min_length=1)
    ladder: LadderTable | None = None
    profiles: dict[str, tuple[Limit, ...]] = Field(min_length=1)


class UpwardPage(Page):
    """upward.yaml."""

    ladder: LadderTable
    recipients: tuple[Recipient, ...] = Field(min_length=1)

    @field_validator("recipients")
    @classmethod
    def _each_once(cls, recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        if len({each.owed_to for each in recipients}) < len(recipients):
            raise ValueError("同一上报对象只能写一次")
        return recipients


class ReportPage(Page):
    """follow_up.yaml, final_report.yaml, casualty_change.yaml."""

    owed_to: str
    ladder: Literal["reporting"]
    profiles: dict[str, tuple[Limit, ...]] = Field(min_length=1)


class ElementsPage(ReportPage):
    """missing_elements.yaml."""

    elements: tuple[Element, ...] = Field(min_length=1)
    not_known_yet: tuple[str, ...] = Field(min_length=1)


class Daily(Cited):
    """One report owed each day. 一种定时报告。"""

    title: str
    duty: Literal[Duty.NIL_REPORT, Duty.PERIODIC_REPORT]
    calendar: Calendar = Calendar.EVERY_DAY
    opens: time
    due: time
    kinds: tuple[UnitKind, ...]

    @model_validator(mode="after")
    def _opens_before_due(self) -> Self:
        if self.opens >= self.due:
            raise ValueError("opens 须早于 due")
        return self


class FixedHolidays(Cited):
    """Holidays whose date the law itself fixes. 日期固定的法定节假日。"""

    days: tuple[Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$")], ...]


class DailyPage(Page):
    """daily.yaml."""

    owed_to: str
    ladder: Literal["reporting"]
    reports: tuple[Daily, ...] = Field(min_length=1)
    fixed_holidays: FixedHolidays

    @field_validator("reports")
    @classmethod
    def _each_has_its_title(cls, reports: tuple[Daily, ...]) -> tuple[Daily, ...]:
        titles = [report.title for report in reports]
        if len(titles) != len(set(titles)):
            raise ValueError("reports 的 title 不能重复")
        return reports


class LadderPage(Page):
    """reporting_ladder.yaml."""

    ladder: LadderTable


class AlertPage(Page, Cited):
    """acknowledgement.yaml, attention.yaml, territory.yaml, solicitation.yaml."""

    owed_to: str
    minutes: int = Field(gt=0)
    clock: Clock
    in_force_from: date
    ladder: LadderTable


class DeliveryPage(Page, Cited):
    """delivery.yaml."""

    next_channel_after_seconds: float = Field(gt=0)
    send_timeout_seconds: float = Field(gt=0)
    lease_seconds: float = Field(gt=0)
    backoff_seconds: tuple[float, ...] = Field(min_length=1)
    link_valid_hours: float = Field(gt=0)

    @field_validator("lease_seconds")
    @classmethod
    def _outlives_the_send(cls, lease: float, info: ValidationInfo) -> float:
        if lease <= info.data.get("send_timeout_seconds", 0):
            raise ValueError("lease_seconds 须长于 send_timeout_seconds，否则两个进程会同时发")
        return lease


class JoiningPage(Page, Cited):
    """joining.yaml."""

    same_incident_minutes: int = Field(gt=0)
    maybe_hours: int = Field(gt=0)
    following_days: int = Field(gt=0)
    most_items: int = Field(gt=0)
    kin: tuple[tuple[str, ...], ...]
    landmarks: tuple[str, ...] = Field(min_length=1)
    leading: str = ""
    common: tuple[str, ...] = ()

    @field_validator("kin")
    @classmethod
    def _each_in_one_group(cls, kin: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        classes = [each for group in kin for each in group]
        if len(classes) != len(set(classes)):
            raise ValueError("kin 中一个类别只能写在一组里")
        return kin


class DoubtsPage(Page, Cited):
    """doubts.yaml."""

    skew_minutes: float = Field(ge=0)
    far_off_days: float = Field(gt=0)


class RateGoal(Table):
    """Per cent; more is better. 按时率目标。"""

    green: float = Field(gt=0, le=100)
    amber: float = Field(gt=0, le=100)

    @model_validator(mode="after")
    def _green_is_better(self) -> Self:
        if self.amber > self.green:
            raise ValueError("amber 不能高于 green")
        return self


class LengthGoal(Table):
    """Minutes; less is better. 用时目标。"""

    green: float = Field(gt=0)
    amber: float = Field(gt=0)

    @model_validator(mode="after")
    def _green_is_better(self) -> Self:
        if self.amber < self.green:
            raise ValueError("amber 不能短于 green")
        return self


class TargetsPage(Page, Cited):
    """timeliness_targets.yaml."""

    on_time_percent: RateGoal
    stretches_minutes: dict[Stretch, LengthGoal]

    @field_validator("stretches_minutes")
    @classmethod
    def _all_four(cls, goals: dict[Stretch, LengthGoal]) -> dict[Stretch, LengthGoal]:
        if set(goals) != set(Stretch):
            raise ValueError("四段都要写：found、written、approved、sent")
        return goals
