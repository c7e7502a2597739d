"""The finished texts of notices: what is owed, what is overdue, what was caught up. 通知成稿。

A notice names the article it rests on, how long over it is, how often the unit was late or silent
this quarter, who else owes the same, and how to answer. It says that nothing was received and never
that a unit concealed: software suspects, a person finds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from notifiers.phrases import clock_time, lasted, lines, one_line
from rules.lapses import NO_LAPSES, LapseCount
from vocabulary.message import Message

_EXPLAIN = "已经电话报告或另有原因的，请在回复中说明，一并记录。"
TITLE_MAX, ARTICLE_MAX, NAMED_MAX = 40, 60, 3
LIST_BYTES_MAX = 1_300  # so that a whole notice stays within a group bot's 2,048


@dataclass(frozen=True, slots=True)
class OwedText:
    """One thing a unit owes. 应报事项要素。

    `article` is the text it rests on, marked as unverified where it is; `link` answers it.
    `over` is by how much it is overdue, nothing before a whole minute; `others` are the unit's
    other lapses of the quarter.
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
    over: timedelta = timedelta(0)
    others: LapseCount = NO_LAPSES
    is_upward: bool = False  # the desk's own: recorded by a person, and never received here


def nudge(owed: tuple[OwedText, ...], left: timedelta) -> Message:
    """Remind a unit of all that is due soon, `left` before the first of it. 催报（临期提醒）。"""
    first = owed[0]
    if len(owed) == 1:
        said = f"{first.duty}请于{clock_time(first.due_at)}前报出"
    else:
        said = f"{len(owed)}项请于{clock_time(first.due_at)}前报出"
    title = f"{mark('催报', first)}{first.unit}：{said}，还有{lasted(left)}"
    return Message(title, told_to_unit(owed))


def overdue_to_unit(owed: tuple[OwedText, ...]) -> Message:
    """Tell a unit, at the minute, what has not come. 到期未报，告报送单位。"""
    first = owed[0]
    what = first.duty if len(owed) == 1 else f"{len(owed)}项"
    title = (
        f"{mark('到期未报', first)}{first.unit}：{what}已到期，"
        f"截至{clock_time(first.due_at)}未收到，请立即报送"
    )
    return Message(title, lines(told_to_unit(owed), _EXPLAIN))


def missing_to_unit(owed: tuple[OwedText, ...]) -> Message:
    """Tell a unit's head what counts as missing, and for how long. 过截止仍未报，告报送单位。"""
    first = owed[0]
    what = first.duty if len(owed) == 1 else f"{len(owed)}项"
    over = f"已超时{lasted(first.over)}" if first.over else "已过截止时间"
    title = f"{mark('缺报待核', first)}{first.unit}：{what}{over}，仍未收到，请立即报送"
    return Message(title, lines(told_to_unit(owed), _EXPLAIN))


def overdue_to_desk(owed: tuple[OwedText, ...], link: str) -> Message:
    """Tell the desk of all that fell due unmet together, in one text. 到期未报，告值班室。"""
    first = owed[0]
    if len(owed) == 1:
        said = f"{first.unit}{first.duty}到期未报"
    else:
        said = f"{len(owed)}项到期未报：{_named(owed)}"
    return Message(title=f"{mark('到期未报', first)}{said}", body=_listed(owed, link))


def nudge_to_desk(owed: tuple[OwedText, ...], link: str) -> Message:
    """Remind the desk of what it owes itself, before it is late. 催报，告值班室。"""
    first = owed[0]
    said = f"{first.duty}（{first.owed_to}）请于{clock_time(first.due_at)}前完成"
    more = f"，等{len(owed)}项" if len(owed) > 1 else ""
    return Message(title=f"{mark('催报', first)}{said}{more}", body=_listed(owed, link))


def missing_to_supervisor(owed: tuple[OwedText, ...], link: str) -> Message:
    """Tell the supervisor what counts as missing, for a person to find. 过截止仍未报，告督查。"""
    first = owed[0]
    if len(owed) == 1:
        said = f"{first.unit}{first.duty}过截止时间仍未收到"
    else:
        said = f"{len(owed)}项过截止时间仍未收到：{_named(owed)}"
    return Message(
        title=f"{mark('缺报待核', first)}{said}",
        body=lines(_listed(owed, ""), "以上为系统记录，是否构成迟报、漏报由人核定。", _see(link)),
    )


def raised_to_leader(owed: tuple[OwedText, ...], link: str) -> Message:
    """Ask a leader to see to what the supervisor was told of and still has not come. 提请过问。"""
    first = owed[0]
    what = f"{first.unit}{first.duty}" if len(owed) == 1 else f"{len(owed)}项"
    over = f"已超时{lasted(first.over)}" if first.over else "已过截止时间"
    named = "" if len(owed) == 1 else f"：{_named(owed)}"
    is_own = all(each.is_upward for each in owed)
    still = "尚未登记已报" if is_own else "仍未收到"
    told = "已提醒值班室" if is_own else "已催报单位、告知值班室和督查"
    return Message(
        title=f"{mark('提请过问', first)}{what}{over}，{still}{named}",
        body=lines(_listed(owed, ""), f"{told}，请领导过问。", _see(link)),
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


def mark(word: str, owed: OwedText) -> str:
    """Return how a title begins; of a drill it says that it is one."""
    return f"【演练·{word}】" if owed.is_drill else f"【{word}】"


def told_to_unit(owed: tuple[OwedText, ...]) -> str:
    """Return what is owed, on which text, what else was late, and how to answer."""
    first = owed[0]
    what = _about(first) if len(owed) == 1 else _rows(owed, is_one_unit=True)
    return lines(what, _rests_on(owed), _others_in_full(first.others), _how_to_answer(first))


def _about(owed: OwedText) -> str:
    about = f"事项：{one_line(owed.case_title, TITLE_MAX)}" if owed.case_title else ""
    return lines(about, f"应报至：{owed.owed_to}")


def _rests_on(owed: tuple[OwedText, ...]) -> str:
    articles = dict.fromkeys(one_line(one.article, ARTICLE_MAX) for one in owed)
    return f"依据：{'；'.join([*articles][:NAMED_MAX])}"


def _others_in_full(count: LapseCount) -> str:
    parts = [f"迟报{count.late}次"] if count.late else []
    parts += [f"未报{count.silent}次"] if count.silent else []
    return f"本季度另有{'、'.join(parts)}（系统记录，未经认定）" if parts else ""


def _how_to_answer(owed: OwedText) -> str:
    ways = [f"填报：{owed.link}"] if owed.link else []
    if owed.duty_phone:
        ways.append(f"也可电话报告：{owed.duty_phone}")
    return lines(*ways)


def _named(owed: tuple[OwedText, ...]) -> str:
    """Return the units, each once, the first three by name: 甲镇、乙镇、丙镇等5家."""
    units = tuple(dict.fromkeys(one.unit for one in owed))
    names = "、".join(units[:NAMED_MAX])
    return names if len(units) <= NAMED_MAX else f"{names}等{len(units)}家"


def _listed(owed: tuple[OwedText, ...], link: str) -> str:
    """Return what is owed with all who owe it, the articles once; what is too much is counted."""
    is_counted = any(one.others.total for one in owed)
    return lines(
        _rows(owed),
        _rests_on(owed),
        "单位后的数字是该单位本季度另有的迟报、未报次数（系统记录）。" if is_counted else "",
        _see(link),
    )


def _rows(owed: tuple[OwedText, ...], *, is_one_unit: bool = False) -> str:
    """Return a line for each thing owed, with the names of all units that owe just that."""
    alike: dict[str, list[str]] = {}
    is_told_to_whom = len({one.owed_to for one in owed}) > 1
    for one in owed:
        name = one.owed_to if is_one_unit else _with_count(one)
        alike.setdefault(_what(one, with_recipient=is_told_to_whom), []).append(name)
    rows, left, unnamed = [], LIST_BYTES_MAX, 0
    for what, names in alike.items():
        fitting = _fitting(names, left - len(what.encode()))
        unnamed += len(names) - len(fitting)
        if fitting:
            rows.append(what if is_one_unit else f"{what}：{'、'.join(fitting)}")
            left -= len(rows[-1].encode())
    return lines(*rows, f"另有{unnamed}项，见台账。" if unnamed else "")


def _fitting(names: list[str], left: int) -> list[str]:
    """Return the first of these names, as many as fit into so many bytes."""
    ends = accumulate(len(f"、{name}".encode()) for name in names)
    return [name for name, end in zip(names, ends, strict=True) if end <= left]


def _what(owed: OwedText, *, with_recipient: bool) -> str:
    to = f"（报{owed.owed_to}）" if with_recipient else ""
    about = f"“{one_line(owed.case_title, TITLE_MAX // 2)}”" if owed.case_title else ""
    over = f"，已超时{lasted(owed.over)}" if owed.over else ""
    return f"· {about}{owed.duty}{to}，应于{clock_time(owed.due_at)}前{over}"


def _with_count(owed: OwedText) -> str:
    return f"{owed.unit}（{owed.others.total}）" if owed.others.total else owed.unit


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
