"""What the steps of a ladder say to units and to the desk. 梯级文稿。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifiers import notice_wording
from streams.desk import Desk
from vocabulary.message import Message
from vocabulary.names import DUTY_NAMES
from vocabulary.terms import Duty, StepKind

_LATE_BY = timedelta(seconds=60)  # a step this much after its instant is a catch-up, and says so


@dataclass(frozen=True)
class StepTexts:
    """The texts of one instant. Each `owed` is an obligation's row with its `planned_at`."""

    desk: Desk
    now: datetime

    def to_desk(self, kind: StepKind, owed: Sequence[dict[str, Any]]) -> Message:
        """Say who owes, many in one text."""
        texts = tuple(self._text(one) for one in owed)
        link = self.desk.links.to_late_log()
        if kind is StepKind.NUDGE:
            message = notice_wording.nudge_to_desk(texts, link)
        elif kind is StepKind.MISSING:
            message = notice_wording.missing_to_supervisor(texts, link)
        else:
            message = notice_wording.overdue_to_desk(texts, link)
        return self._aged(message, owed[0])

    def to_unit(self, kind: StepKind, owed: dict[str, Any]) -> Message:
        """Say to the unit what it owes."""
        return self._aged(self._told(kind, owed), owed)

    def _told(self, kind: StepKind, owed: dict[str, Any]) -> Message:
        text = self._text(owed)
        if kind is StepKind.NUDGE:
            left = owed["due_at"] - max(owed["planned_at"], self.now - _LATE_BY)
            return notice_wording.nudge(text, left)
        return notice_wording.overdue_to_unit(text)

    def _text(self, owed: dict[str, Any]) -> notice_wording.OwedText:
        return notice_wording.OwedText(
            duty=DUTY_NAMES[Duty(owed["duty"])],
            unit=self.desk.directory.unit_name(owed["owed_by"]),
            owed_to=owed["owed_to"],
            due_at=owed["due_at"],
            article=owed["source"],
            link=self.desk.links.to_form(),
            duty_phone=self.desk.county.duty_phone,
            case_title=owed["case_title"] or "",
            is_drill=owed["is_drill"],
        )

    def _aged(self, message: Message, owed: dict[str, Any]) -> Message:
        age = self.now - owed["planned_at"]
        if age < _LATE_BY:
            return message
        return notice_wording.caught_up(
            message, planned_at=owed["planned_at"], age=age, is_still_owed=True
        )
