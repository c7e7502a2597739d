"""What a unit reads when it is asked for an item, and when it is asked no more. 约稿成稿。"""

from dataclasses import dataclass
from datetime import datetime

from notifiers.phrases import clock_time, lines, one_line
from vocabulary.message import Message

SUBJECT_MAX, WANTED_MAX, REASON_MAX = 40, 200, 80


@dataclass(frozen=True, slots=True)
class SolicitedText:
    """What one unit is asked for. 约稿要素。`wanted` may be empty."""

    unit: str
    subject: str
    wanted: str
    due_at: datetime
    link: str
    duty_phone: str


def asked(told: SolicitedText) -> Message:
    """Ask a unit for an item. 约稿通知。"""
    return Message(
        f"【约稿】{told.unit}：“{_subject(told)}”，请于{clock_time(told.due_at)}前报送",
        lines(
            f"要求：{one_line(told.wanted, WANTED_MAX)}" if told.wanted else "",
            "请从“本单位应报”中点“去报送”，系统据此认定已报。",
            f"填报：{told.link}",
            f"有疑问请电话联系值班室：{told.duty_phone}",
        ),
    )


def withdrawn(told: SolicitedText, reason: str) -> Message:
    """Say that it is asked no more. 撤回约稿。"""
    return Message(
        f"【约稿撤回】{told.unit}：“{_subject(told)}”无须再报",
        f"原因：{one_line(reason, REASON_MAX)}",
    )


def _subject(told: SolicitedText) -> str:
    return one_line(told.subject, SUBJECT_MAX)
