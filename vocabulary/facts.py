"""What happened, as other systems are told of it. 事实。

Each fact is a CloudEvent of the type `cn.jibao.<kind>.v1` on the topic named here, keyed by its
case. A fact once published is never changed: what needs other fields becomes a `v2`.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from vocabulary.terms import Closing, Duty, Role, Severity, Stage, StepKind, Verdict

ALERTS, NOTICES, FACTS = "jibao.alerts.v1", "jibao.notices.v1", "jibao.facts.v1"
QUARANTINE = "jibao.quarantine.v1"


class Fact(BaseModel):
    """What every fact says: its case, and when. `case_id` is null where it belongs to none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: ClassVar[str] = FACTS

    case_id: UUID | None = None
    at: AwareDatetime


class CaseOpened(Fact):
    """A case was opened by a unit's item. 立案。"""

    kind: Literal["case_opened"] = "case_opened"
    submission: UUID
    unit: str
    verdict: Verdict


class ItemJoined(Fact):
    """An item joined its case. 并入。"""

    kind: Literal["item_joined"] = "item_joined"
    submission: UUID
    stage: Stage
    unit: str


class CaseRegraded(Fact):
    """A person gave the case a grade; `before` is null where it had none. 人工定级。"""

    kind: Literal["case_regraded"] = "case_regraded"
    before: Severity | None
    after: Severity
    by: str
    reason: str


class CaseMerged(Fact):
    """A person moved all of the other case's items into this one. 并案。"""

    kind: Literal["case_merged"] = "case_merged"
    merged: UUID
    by: str
    reason: str


class CaseSplit(Fact):
    """A person moved some items of this case into a case of their own. 分案。"""

    kind: Literal["case_split"] = "case_split"
    opened: UUID
    submissions: tuple[UUID, ...]
    by: str
    reason: str


class CaseClosed(Fact):
    """A person closed the case; `into` is where its items are now, if they were merged. 结案。"""

    kind: Literal["case_closed"] = "case_closed"
    closing: Closing
    into: UUID | None = None
    by: str
    reason: str


class CaseReopened(Fact):
    """A person took the closing back. 恢复案卷。"""

    kind: Literal["case_reopened"] = "case_reopened"
    by: str
    reason: str


class OfferAnswered(Fact):
    """A person said whether an item belongs to this case. 归案答复。"""

    kind: Literal["offer_answered"] = "offer_answered"
    submission: UUID
    is_confirmed: bool
    by: str
    reason: str


class ObligationWaived(Fact):
    """A person took back what a unit was asked to verify. 免予核实。"""

    kind: Literal["obligation_waived"] = "obligation_waived"
    obligation: UUID
    unit: str
    duty: Duty
    by: str
    reason: str


class ItemSolicited(Fact):
    """The desk asked units for an item by a date. 约稿。"""

    kind: Literal["item_solicited"] = "item_solicited"
    solicitation: UUID
    units: tuple[str, ...]
    due_at: AwareDatetime
    by: str


class SolicitationWithdrawn(Fact):
    """The desk asks no more for what has not come. 撤回约稿。"""

    kind: Literal["solicitation_withdrawn"] = "solicitation_withdrawn"
    solicitation: UUID
    units: tuple[str, ...]
    by: str
    reason: str


class AlertOpened(Fact):
    """An alert was opened. 警报。"""

    topic: ClassVar[str] = ALERTS

    kind: Literal["alert_opened"] = "alert_opened"
    alert: UUID
    cause: str


class LadderClimbed(Fact):
    """Nobody acknowledged in time: the next posts were called. 升级。"""

    topic: ClassVar[str] = ALERTS

    kind: Literal["ladder_climbed"] = "ladder_climbed"
    to: tuple[Role, ...]


class Acknowledged(Fact):
    """A person took an alert in hand. 签收。"""

    topic: ClassVar[str] = ALERTS

    kind: Literal["acknowledged"] = "acknowledged"
    alert: UUID
    by: str


class TakenBack(Fact):
    """A person gave an alert back; its ladder goes on. 撤回签收。"""

    topic: ClassVar[str] = ALERTS

    kind: Literal["taken_back"] = "taken_back"
    alert: UUID
    by: str


class DeliveryFailed(Fact):
    """Every channel of a person failed. 送达失败。"""

    topic: ClassVar[str] = ALERTS

    kind: Literal["delivery_failed"] = "delivery_failed"
    recipient: str


class ReportNoticed(Fact):
    """A notice went out about what a unit owes. 报送提示。"""

    topic: ClassVar[str] = NOTICES

    kind: Literal["report_noticed"] = "report_noticed"
    obligation: UUID
    unit: str
    duty: Duty
    step: StepKind
    due_at: AwareDatetime


class SetAside(Fact):
    """A record was set aside; the record itself is the value on the quarantine topic. 隔离。"""

    topic: ClassVar[str] = QUARANTINE

    kind: Literal["set_aside"] = "set_aside"
    quarantine: UUID
    reason: str


AnyFact = Annotated[
    CaseOpened
    | ItemJoined
    | CaseRegraded
    | CaseMerged
    | CaseSplit
    | CaseClosed
    | CaseReopened
    | OfferAnswered
    | AlertOpened
    | LadderClimbed
    | Acknowledged
    | TakenBack
    | DeliveryFailed
    | ReportNoticed
    | SetAside
    | ObligationWaived
    | ItemSolicited
    | SolicitationWithdrawn,
    Field(discriminator="kind"),
]
FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)
KINDS: tuple[type[Fact], ...] = (
    CaseOpened,
    ItemJoined,
    CaseRegraded,
    CaseMerged,
    CaseSplit,
    CaseClosed,
    CaseReopened,
    OfferAnswered,
    AlertOpened,
    LadderClimbed,
    Acknowledged,
    TakenBack,
    DeliveryFailed,
    ReportNoticed,
    SetAside,
    ObligationWaived,
    ItemSolicited,
    SolicitationWithdrawn,
)
