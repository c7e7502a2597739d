"""What the desk asks units for, by hand and by a date. 约稿。"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from vocabulary.case_act import By

SUBJECT_MAX, WANTED_MAX, UNITS_MAX = 100, 2_000, 500


@dataclass(frozen=True, slots=True)
class Solicit:
    """Ask these units for an item about a subject by `due_at`. 约稿。

    `wanted` says what it should hold; it may be empty.
    """

    uid: UUID
    person_id: str
    at: datetime
    subject: str
    wanted: str
    unit_ids: tuple[str, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Ask no more for what has not come, with a reason. 撤回约稿。"""

    solicitation_uid: UUID
    by: By


SolicitationAct = Solicit | Withdraw


class Unsolicited(StrEnum):
    """Why a solicitation was not made or not withdrawn; nothing was changed. 不予办理的缘由。"""

    NOT_FOUND = "not-found"  # 无此约稿，或不归本值班室
    NO_SUCH_UNIT = "no-such-unit-asked"  # 没有这个单位，或不归本值班室，或不是报送单位
    TOO_SOON = "too-soon"  # 留的时间太短
    KEY_USED = "key-used"  # 同一编号已用于另一约稿
    NOTHING_OPEN = "nothing-open"  # 都已报来，或已撤回


@dataclass(frozen=True, slots=True)
class Solicited:
    """It is done; which one to look at. 已办。"""

    solicitation_uid: UUID


SolicitationAnswer = Solicited | Unsolicited
