"""The finished texts of alerts, as an official writes them. 警报成稿。

The title is the first line of a text message and says enough alone: what, how grave, where, from
whom. Title, summary and link fit into one text of a WeCom bot (2,048 bytes). What a sender wrote
is cut and put on one line, so that it cannot push the link out or write a line that looks like
ours. A text is worded once, when the alert opens; each reader's own link, and the word that it
may be a repeat, are added when it is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifiers.phrases import (
    SEVERITIES,
    counted,
    graded,
    lasted,
    lines,
    one_line,
)
from vocabulary.china_time import spoken
from vocabulary.judgement import Casualties
from vocabulary.message import Message
from vocabulary.terms import Severity

EXCERPT_MAX, PLACE_MAX, UNIT_MAX, REASON_MAX = 40, 24, 24, 80

MARKS = {
    "opened": "急报",
    "risen": "急报·升级",
    "guessed": "急报",
    "regraded": "急报·提级",
    "after_false_alarm": "急报·误报后又报",
    "after_closing": "急报·办结后又报",
    "split": "急报·分案",
    "attention": "关注",
    "unseen": "关注·逾时未阅",
    "classified": "急报",
}
_OPENING = ("opened", "attention", "split")  # an item with a case of its own; all others joined one


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page tells. 警报要素。

    `cause` is a key of `MARKS`. `before` is the grade before a rise, `waited` how long nobody
    looked; `maybe_of` names the case that this one may belong to; `is_proven` is False where
    anyone may have written the unit's name.
    """

    cause: str
    is_drill: bool
    severity: Severity | None
    unit: str
    excerpt: str
    received_at: datetime
    casualties: Casualties
    subtype: str | None = None
    place: str | None = None
    why: str | None = None
    maybe_of: str | None = None
    before: Severity | None = None
    waited: timedelta | None = None
    is_proven: bool = True


def page(told: Page) -> tuple[str, str]:
    """Return title and summary of a page: an emergency, a rise, an item nobody looked at. 急报。"""
    return _mark(MARKS.get(told.cause, "急报"), told) + _headline(told), lines(
        "本条为演练，请按流程签收。" if told.is_drill else "",
        f"{_who(told)}报送，{spoken(told.received_at)}接报",
        f"伤亡：{counted(told.casualties)}",
        f"判为：{graded(told.severity)}" + (f"，{told.subtype}" if told.subtype else ""),
        f"理由：{one_line(told.why, REASON_MAX)}" if told.why else "",
        _belongs(told),
    )


def classified(received_at: datetime, secrecy_phone: str) -> tuple[str, str]:
    """Return title and summary for classified content, and none of it: not even who sent it."""
    return "【急报】有涉密紧急情况，请接机要电话", lines(
        f"{spoken(received_at)}接报",
        f"机要电话：{secrecy_phone}" if secrecy_phone else "",
        "本消息不含内容，请勿在本渠道询问或回复详情。",
    )


def with_link(title: str, summary: str, link: str) -> Message:
    """Return the text for one reader, whose own link acknowledges it. 附签收链接。"""
    return Message(title, lines(summary, f"签收：{link}" if link else ""))


def repeated(text: Message) -> Message:
    """Return a text that may have arrived before, saying so. 可能重复。"""
    if text.title.startswith("【可能重复】"):
        return text
    return Message(
        f"【可能重复】{text.title}",
        lines("上次发送未见答复，本条可能重复；已签收的请忽略。", text.body),
    )


def climbed(
    title: str, summary: str, *, called: tuple[str, ...], waited: timedelta, link: str
) -> Message:
    """Page the next rung, saying who was called before and did not answer. 逐级呼叫。"""
    who = "、".join(called[:4]) + ("等" if len(called) > 4 else "")
    return with_link(
        title, lines(f"已{lasted(waited)}无人签收（{who or '无人可呼'}）", summary), link
    )


def unseen(title: str, summary: str, *, waited: timedelta, link: str) -> Message:
    """Page for an item that nobody looked at in time. 逾时未阅，转为呼叫。"""
    mark = "【演练·关注·逾时未阅】" if title.startswith("【演练") else "【关注·逾时未阅】"
    what = title.partition("】")[2].removeprefix("请过目：")
    return with_link(f"{mark}已{lasted(waited)}无人过目：{what}", summary, link)


def stood_down(title: str, *, by: str, acknowledged_at: datetime) -> Message:
    """Tell those already called that it is in hand. 已签收，解除呼叫。"""
    return Message(
        f"【已签收】已由{by}签收处置，无需再处理",
        lines(f"原急报：{title}", f"签收时间：{spoken(acknowledged_at)}"),
    )


def taken_back(title: str, summary: str, *, by: str, link: str) -> Message:
    """Page again because the acknowledgement was withdrawn. 撤回签收。"""
    said = lines("原签收已撤回，仍须签收处置。", summary)
    return with_link(f"【撤回签收】{by}已撤回签收，请立即签收：{title}", said, link)


def _belongs(told: Page) -> str:
    if not told.maybe_of:
        return ""
    other = one_line(told.maybe_of, EXCERPT_MAX)
    if told.cause not in _OPENING:
        return f"已按地点、时间、类别并入“{other}”；如非同一事件，请在案卷页分案。"
    return f"可能与“{other}”为同一事件，请在案卷页确认。"


def _headline(told: Page) -> str:
    what = _where_what(told)
    match told.cause:
        case "risen" | "regraded":
            old = "等级待定" if told.before is None else SEVERITIES[told.before]
            new = "等级待定" if told.severity is None else SEVERITIES[told.severity]
            by = "初判" if told.cause == "risen" else "人工定级"
            return f"{by}由{old}升为{new}：{what}"
        case "attention":
            return f"请过目：{what}"
        case "unseen":
            waited = "逾时" if told.waited is None else lasted(told.waited)
            return f"{waited}无人过目：{what}"
        case _:
            return f"{graded(told.severity)}：{what}"


def _where_what(told: Page) -> str:
    excerpt = one_line(told.excerpt, EXCERPT_MAX)
    place = one_line(told.place or "", PLACE_MAX)
    said = excerpt if not place or place in excerpt else f"{place} {excerpt}"
    return f"{said}（{_who(told)}）"


def _who(told: Page) -> str:
    unit = one_line(told.unit, UNIT_MAX)
    return unit if told.is_proven else f"自称{unit}，来源未核实"


def _mark(mark: str, told: Page) -> str:
    """Return the bracket an officer reads first: 【急报】, 【演练】, 【演练·关注】."""
    if not told.is_drill:
        return f"【{mark}】"
    return f"【{mark.replace('急报', '演练')}】" if "急报" in mark else f"【演练·{mark}】"
