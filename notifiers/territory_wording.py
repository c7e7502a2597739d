"""What a unit reads when another has told of its territory first. 属地核实通知成稿。

A question: who told is not said, and that the unit left anything out is for a person to find.
"""

from notifiers.notice_wording import TITLE_MAX, OwedText, mark, told_to_unit
from notifiers.phrases import clock_time, lines, one_line
from vocabulary.message import Message

_ASKING = (
    "此为请核实，不作认定。属实的请按首报要求报告；不属实或不在辖区的，也请在原案卷下回复说明。"
)


def asked(owed: tuple[OwedText, ...]) -> Message:
    """Ask a unit, before it is due. 请核实。"""
    first = owed[0]
    return Message(
        f"{mark('请核实', first)}{first.unit}：{_suspected(owed)}，"
        f"请于{clock_time(first.due_at)}前核实报告",
        lines(_ASKING, told_to_unit(owed)),
    )


def unanswered(owed: tuple[OwedText, ...]) -> Message:
    """Ask again, when it is due or past its cut-off. 到期未复。"""
    first = owed[0]
    return Message(
        f"{mark('请立即核实', first)}{first.unit}：{_suspected(owed)}，"
        f"应于{clock_time(first.due_at)}前核实，仍未收到",
        lines(_ASKING, told_to_unit(owed)),
    )


def _suspected(owed: tuple[OwedText, ...]) -> str:
    title = one_line(owed[0].case_title, TITLE_MAX)
    what = f"“{title}”" if title else "紧急情况"
    more = f"等{len(owed)}起" if len(owed) > 1 else ""
    return f"辖区内疑有{what}{more}，贵单位尚未报告"
