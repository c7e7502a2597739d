"""The finished texts of notices: what is owed, what is overdue, what was caught up. 通知成稿。

A notice names the article it rests on and how to answer. It says that nothing was received and
never that a unit concealed: software suspects, a person finds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifiers.phrases import clock_time, lasted, lines, one_line
from vocabulary.message import Message

TITLE_MAX, ARTICLE_MAX, LISTED_MAX = 40, 60, 15


@dataclass(frozen=True, slots=True)
class OwedText:
    """One thing a unit owes. 应报事项要素。

    `article` is the text it rests on, marked as unverified where it is; `link` answers it.
    """

    duty: str
    unit: str
    owed_to: str
    due_at: datetime
    article: str
    link: str = ""
    duty_phone: str = ""
    case_title: str = ""
    is_drill: bool = False


def nudge(owed: OwedText, left: timedelta) -> Message:
    """Remind the unit before it is late. 催报（临期提醒）。"""
    return Message(
        title=f"{_mark('催报', owed)}{owed.unit}：{owed.duty}请于{clock_time(owed.due_at)}前报出，"
        f"还有{lasted(left)}",
        body=lines(_about(owed), _rests_on(owed), _how_to_answer(owed)),
    )


def overdue_to_unit(owed: OwedText) -> Message:
    """Tell the unit, at the minute, that nothing has come. 到期未报，告报送单位。"""
    return Message(
        title=f"{_mark('到期未报', owed)}{owed.unit}：{owed.duty}已到期，"
        f"截至{clock_time(owed.due_at)}未收到，请立即报送",
        body=lines(
            _about(owed),
            _rests_on(owed),
            _how_to_answer(owed),
            "已经电话报告或另有原因的，请在回复中说明，一并记录。",
        ),
    )


def overdue_to_desk(owed: tuple[OwedText, ...], link: str) -> Message:
    """Tell the desk of all that fell due unmet together, in one text. 到期未报，告值班室。"""
    first = owed[0]
    if len(owed) == 1:
        said = f"{first.unit}{first.duty}到期未报"
    else:
        said = f"{len(owed)}项到期未报：{_named(owed)}"
    return Message(title=f"{_mark('到期未报', first)}{said}", body=_listed(owed, link))


def nudge_to_desk(owed: tuple[OwedText, ...], link: str) -> Message:
    """Remind the desk of what it owes itself, before it is late. 催报，告值班室。"""
    first = owed[0]
    said = f"{first.duty}（{first.owed_to}）请于{clock_time(first.due_at)}前完成"
    more = f"，等{len(owed)}项" if len(owed) > 1 else ""
    return Message(title=f"{_mark('催报', first)}{said}{more}", body=_listed(owed, link))


def missing_to_supervisor(owed: tuple[OwedText, ...], link: str) -> Message:
    """Tell the supervisor what counts as missing, for a person to find. 过截止仍未报，告督查。"""
    first = owed[0]
    if len(owed) == 1:
        said = f"{first.unit}{first.duty}过截止时间仍未收到"
    else:
        said = f"{len(owed)}项过截止时间仍未收到：{_named(owed)}"
    return Message(
        title=f"{_mark('缺报待核', first)}{said}",
        body=lines(_listed(owed, ""), "以上为系统记录，是否构成迟报、漏报由人核定。", _see(link)),
    )


def caught_up(
    late: Message, *, planned_at: datetime, age: timedelta, is_still_owed: bool
) -> Message:
    """Return a text that our own outage held back, saying how old it is. 补发。"""
    return Message(
        title=f"【补发】{late.title}",
        body=lines(
            f"本条应于{clock_time(planned_at)}发出，因本系统中断迟发{lasted(age)}。",
            "中断期间的时限不计迟报，事项仍须报送。" if is_still_owed else "",
            late.body,
        ),
    )


def _mark(mark: str, owed: OwedText) -> str:
    return f"【演练·{mark}】" if owed.is_drill else f"【{mark}】"


def _about(owed: OwedText) -> str:
    about = f"事项：{one_line(owed.case_title, TITLE_MAX)}" if owed.case_title else ""
    return lines(about, f"应报至：{owed.owed_to}")


def _rests_on(owed: OwedText) -> str:
    return f"依据：{one_line(owed.article, ARTICLE_MAX)}"


def _how_to_answer(owed: OwedText) -> str:
    ways = [f"填报：{owed.link}"] if owed.link else []
    if owed.duty_phone:
        ways.append(f"也可电话报告：{owed.duty_phone}")
    return lines(*ways)


def _named(owed: tuple[OwedText, ...]) -> str:
    """Return the units, each once, the first three by name: 甲镇、乙镇、丙镇等5家."""
    units = tuple(dict.fromkeys(one.unit for one in owed))
    names = "、".join(units[:3])
    return names if len(units) <= 3 else f"{names}等{len(units)}家"


def _listed(owed: tuple[OwedText, ...], link: str) -> str:
    """Return a line for each, the articles once at the end; what is too much is counted."""
    rows = [
        f"· {one.unit}：{one.duty}，应于{clock_time(one.due_at)}前" for one in owed[:LISTED_MAX]
    ]
    more = len(owed) - len(rows)
    articles = tuple(dict.fromkeys(one_line(one.article, ARTICLE_MAX) for one in owed))
    return lines(
        *rows,
        f"另有{more}项，见台账。" if more else "",
        f"依据：{'；'.join(articles[:3])}",
        _see(link),
    )


def _see(link: str) -> str:
    return f"查看：{link}" if link else ""


def set_aside(unit: str, reason: str, duty_phone: str) -> Message:
    """Tell a sender that an item of theirs could not be read. 报送件未能接收。"""
    return Message(
        title=f"【未接收】{unit}：有一件报送无法接收，请修改后重报",
        body=lines(
            f"原因：{one_line(reason, ARTICLE_MAX)}",
            f"紧急情况请立即电话报告：{duty_phone}" if duty_phone else "",
        ),
    )
