"""What the steps of a ladder say to units and to the desk. 梯级文稿。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifiers import notice_wording, territory_wording
from rules.lapses import NO_LAPSES, LapseCount
from streams.desk import Desk
from vocabulary.message import Message
from vocabulary.names import DUTY_NAMES
from vocabulary.terms import Duty, Stage, StepKind

_LATE_BY = timedelta(seconds=60)  # a step this much after its instant is a catch-up, and says so
_ANSWERED_BY = {
    Duty.PHONE_FIRST_REPORT: Stage.FIRST,
    Duty.WRITTEN_FIRST_REPORT: Stage.FIRST,
    Duty.FOLLOW_UP_REPORT: Stage.FOLLOW_UP,
    Duty.FINAL_REPORT: Stage.FINAL,
    Duty.MISSING_ELEMENTS: Stage.SUPPLEMENT,
    Duty.CASUALTY_CHANGE: Stage.SUPPLEMENT,
    Duty.NIL_REPORT: Stage.NIL,
    Duty.PERIODIC_REPORT: Stage.PERIODIC,
    Duty.TERRITORY_REPORT: Stage.FIRST,
}


def is_question(owed: Mapping[str, Any]) -> bool:
    """Say whether an obligation only asks to verify: its text is never one with what is owed."""
    return Duty(owed["duty"]) is Duty.TERRITORY_REPORT


@dataclass(frozen=True)
class StepTexts:
    """The texts of one instant.

    Each `owed` is an obligation's row with the instant its step was `planned_at`, and by how much
    it is `over`; `others` are each unit's other lapses of the quarter.
    """

    desk: Desk
    now: datetime
    others: Mapping[str, LapseCount]

    def to_desk(self, kind: StepKind, owed: Sequence[dict[str, Any]]) -> Message:
        """Say who owes, many in one text."""
        texts = tuple(self._text(one) for one in owed)
        if kind is StepKind.NUDGE:
            message = notice_wording.nudge_to_desk(texts, self.desk.links.to_board())
        elif kind is StepKind.MISSING:
            message = notice_wording.missing_to_supervisor(texts, self._log_of(owed))
        elif kind is StepKind.RAISE:
            message = notice_wording.raised_to_leader(texts, self._log_of(owed))
        else:
            message = notice_wording.overdue_to_desk(texts, self._log_of(owed))
        return self._aged(message, owed[0])

    def to_unit(self, kind: StepKind, owed: Sequence[dict[str, Any]]) -> Message:
        """Say to a unit what it owes, all of it in one text."""
        return self._aged(self._told(kind, owed), owed[0])

    def _told(self, kind: StepKind, owed: Sequence[dict[str, Any]]) -> Message:
        soonest = sorted(owed, key=lambda one: one["due_at"])
        link = self._answer_to(owed[0]) if len(owed) == 1 else self.desk.links.to_form()
        texts = tuple(self._text(one, link) for one in soonest)
        if is_question(owed[0]):
            is_first = kind is StepKind.NUDGE
            return (territory_wording.asked if is_first else territory_wording.unanswered)(texts)
        if kind is StepKind.NUDGE:
            left = soonest[0]["due_at"] - max(soonest[0]["planned_at"], self.now - _LATE_BY)
            return notice_wording.nudge(texts, left)
        if kind in (StepKind.MISSING, StepKind.RAISE):
            return notice_wording.missing_to_unit(texts)
        return notice_wording.overdue_to_unit(texts)

    def _text(self, owed: dict[str, Any], link: str = "") -> notice_wording.OwedText:
        return notice_wording.OwedText(
            duty=_named(owed),
            unit=self.desk.directory.unit_name(owed["owed_by"]),
            owed_to=owed["owed_to"],
            due_at=owed["due_at"],
            article=owed["source"],
            link=link,
            duty_phone=self.desk.county.duty_phone,
            case_title=owed["case_title"] or self._subject(owed),
            is_drill=owed["is_drill"],
            over=owed["over"] if owed["over"] >= _LATE_BY else timedelta(0),
            others=self.others.get(owed["owed_by"], NO_LAPSES),
            is_upward=Duty(owed["duty"]) is Duty.UPWARD_REPORT,
        )

    def _subject(self, owed: dict[str, Any]) -> str:
        is_solicited = Duty(owed["duty"]) is Duty.SOLICITED_ITEM
        return str(owed["opened_by"]) if is_solicited else ""

    def _answer_to(self, owed: dict[str, Any]) -> str:
        stage = _ANSWERED_BY.get(Duty(owed["duty"]))
        links = self.desk.links
        return links.to_form() if stage is None else links.to_report(stage, owed["case_uid"])

    def _log_of(self, owed: Sequence[dict[str, Any]]) -> str:
        """The row itself where it is one; what is a drill has none."""
        if len(owed) == 1 and not owed[0]["is_drill"]:
            return self.desk.links.to_log_row(owed[0]["uid"])
        return self.desk.links.to_late_log()

    def _aged(self, message: Message, owed: dict[str, Any]) -> Message:
        age = self.now - owed["planned_at"]
        if age < _LATE_BY:
            return message
        return notice_wording.caught_up(
            message, planned_at=owed["planned_at"], age=age, is_still_owed=True
        )


def _named(owed: dict[str, Any]) -> str:
    """The duty by its name; what is asked back says what of."""
    duty = Duty(owed["duty"])
    is_asked_back = duty in (Duty.MISSING_ELEMENTS, Duty.CASUALTY_CHANGE)
    return f"{DUTY_NAMES[duty]}（{owed['opened_by']}）" if is_asked_back else DUTY_NAMES[duty]
