"""What a person does to a case, always with a reason, and how that ended. 对案卷的人工处置。"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from vocabulary.terms import Severity


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, when and why; the reason goes on the record as it was said."""

    person_id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Regrade:
    """Give the case this grade until new facts exceed it. 人工定级。"""

    case_uid: UUID
    by: By
    severity: Severity


@dataclass(frozen=True, slots=True)
class Merge:
    """Move all of a case into another; its clocks go on there. 并案。"""

    case_uid: UUID
    by: By
    into_uid: UUID


@dataclass(frozen=True, slots=True)
class Split:
    """Move some items of a case into a case of their own. 分案。"""

    case_uid: UUID
    by: By
    submission_uids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """End a case: as dealt with, or as a false alarm, which is nobody's lapse. 办结、误报。"""

    case_uid: UUID
    by: By
    is_false_alarm: bool = False


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take a closing back. 恢复。"""

    case_uid: UUID
    by: By


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """Say whether an item belongs to the case that was offered. 答复归案提示。"""

    offer_uid: UUID
    by: By
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Waive:
    """Take back what a unit was asked to verify. 免予核实。"""

    obligation_uid: UUID
    by: By


CaseAct = Regrade | Merge | Split | Close | Reopen | AnswerOffer | Waive


class Refusal(StrEnum):
    """Why an act on a case was not done; nothing was changed. 不予办理的缘由。"""

    NOT_FOUND = "not-found"  # 无此案卷，或不归本值班室
    CLOSED = "case-closed"  # 案卷已结
    NOT_CLOSED = "case-not-closed"  # 案卷未结
    MERGED = "case-merged"  # 已并入别案
    SAME = "same-case"  # 不能并入自身
    DRILL = "drill-and-real"  # 演练与实情不能并案
    NOT_IN_HAND = "not-in-hand"  # 尚有警报无人签收
    NOT_ITS_ITEMS = "not-its-items"  # 所选不是本案的件，或一件也没留下
    ANSWERED = "offer-answered"  # 已有人答复
    NOT_ASKED = "not-asked"  # 法定的应报事项，不由人免
    NOT_OPEN = "not-open"  # 已报，或已免


@dataclass(frozen=True, slots=True)
class Acted:
    """The act is done; `case_uid` is the case to look at next. 已办。"""

    case_uid: UUID


CaseAnswer = Acted | Refusal
