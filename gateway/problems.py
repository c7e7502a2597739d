"""What went wrong, in a sentence that says what to mend. 错误说明。

Answers are problem+json (RFC 9457) with a type of their own each. The sentence is in the
caller's language; Chinese unless English is asked for first. What a caller sent is never
repeated, only the name of the field.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

SENTENCES: Mapping[str, tuple[int, str, str]] = {
    "unauthenticated": (
        401,
        "令牌缺失、错误或已停用，请向县值班室索取新令牌。",
        "The token is missing, wrong or revoked; ask the duty room for a new one.",
    ),
    "forbidden": (403, "此岗位无权进行该操作。", "This post may not do that."),
    "not-found": (404, "没有这一条，请核对编号。", "There is no such thing; check the id."),
    "no-such-method": (405, "此地址不支持这种操作。", "This address does not take that method."),
    "too-large": (
        413,
        "单条报送超过 64 KiB，请精简正文后重报。",
        "An item is over 64 KiB; shorten the text and send it again.",
    ),
    "malformed": (422, "内容有误，请按提示修改后重报。", "Some fields need mending."),
    "key-used": (
        422,
        "此编号已报送过另一内容。如为补充情况，请用新编号、注明案卷号，以续报报送。",
        "This key was used for another text. If this adds to it, send it as a follow-up.",
    ),
    "classified": (
        422,
        "内容带有密级标志，未予保存。请走机要渠道；已提示值班员接机要电话。",
        "The text bears a classified mark and was not stored. Use the confidential channel.",
    ),
    "not-yours": (
        403,
        "只有县值班室可以代其他单位报送。",
        "Only the duty desk may report on behalf of another unit.",
    ),
    "no-such-unit": (
        422,
        "on_behalf_of：本县没有这个单位。",
        "on_behalf_of: there is no such unit in this county.",
    ),
    "case-closed": (
        409,
        "案卷已办结，请先恢复案卷。",
        "The case is closed; reopen it first.",
    ),
    "case-not-closed": (409, "案卷尚未办结，无须恢复。", "The case is not closed."),
    "case-merged": (
        409,
        "案卷已并入另一案卷，请到那个案卷办理；并错了的，在那里分案。",
        "The case was merged into another: act there; a wrong merge is split there.",
    ),
    "same-case": (422, "不能把案卷并入它自身。", "A case cannot be merged into itself."),
    "drill-and-real": (
        409,
        "演练案卷和实情案卷不能合并。",
        "A drill and the real thing cannot be one case.",
    ),
    "not-in-hand": (
        409,
        "本案还有警报无人签收，请先签收再办结。",
        "An alert of this case is in nobody's hand; acknowledge it first.",
    ),
    "not-its-items": (
        422,
        "所选的件须都在本案中，且至少给本案留下一件。",
        "The items must all be of this case, and at least one must stay.",
    ),
    "offer-answered": (409, "此事已有人答复。", "Someone has answered this already."),
    "not-asked": (
        409,
        "此项是规定应报的，不能免；只有请属地核实的可以免。",
        "The rules demand this; only what a unit was asked to verify can be taken back.",
    ),
    "not-open": (409, "此项已报或已免。", "This is met or waived already."),
    "marked-words": (
        422,
        "内容带有密级标志，未予保存。涉密内容请走机要渠道。",
        "The words bear a classified mark and were not stored. Use the confidential channel.",
    ),
    "no-such-unit-asked": (
        422,
        "所列单位中有的不在本县、不归本值班室，或不是报送单位。",
        "One of these units is not here, not under this desk, or reports nothing.",
    ),
    "too-soon": (
        422,
        "报送时限太近，留给单位的时间不足。",
        "It is due too soon: the rules leave a unit more time.",
    ),
    "nothing-open": (
        409,
        "各单位都已报来，或约稿已撤回。",
        "All have answered, or it is withdrawn already.",
    ),
    "book-away": (
        503,
        "系统暂时无法收件，本条未保存。请立即电话报告县值班室，并稍后重试。",
        "Nothing was kept: the book cannot be written now. Telephone the duty room at once.",
    ),
    "broken": (500, "系统内部出错，请电话报告县值班室。", "Something broke here; telephone."),
}

FIELD_SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少此项", "is missing"),
    "extra_forbidden": ("没有这一项，请核对拼写", "is not a known field; check the spelling"),
    "string_too_long": ("内容过长", "is too long"),
    "string_too_short": ("不能为空", "cannot be empty"),
    "string_type": ("应为文字", "should be text"),
    "enum": ("不是可选的值", "is not one of the allowed values"),
    "bool_parsing": ("应为 true 或 false", "should be true or false"),
    "bool_type": ("应为 true 或 false", "should be true or false"),
    "int_parsing": ("应为整数", "should be a whole number"),
    "int_type": ("应为整数", "should be a whole number"),
    "int_from_float": ("应为整数", "should be a whole number"),
    "greater_than_equal": ("不能为负数", "cannot be negative"),
    "less_than_equal": ("数字过大，请核对", "is too large; check the number"),
    "nul_in_text": ("含有不能保存的字符（U+0000）", "holds the character U+0000"),
    "moment_out_of_range": ("年份有误，请核对", "has a year that cannot be; check it"),
    "timezone_aware": (
        "时间须带时区，例如 2026-11-24T03:12:00+08:00",
        "needs a time zone, as in 2026-11-24T03:12:00+08:00",
    ),
    "datetime_type": ("应为时间", "should be a time"),
    "value_error": ("标题和正文不能都为空", "title and body cannot both be empty"),
    "json_invalid": ("不是有效的 JSON（UTF-8）", "is not valid JSON in UTF-8"),
    "model_type": ("应为一个 JSON 对象", "should be a JSON object"),
    "uuid_parsing": ("不是有效的编号", "is not a valid id"),
    "uuid_type": ("不是有效的编号", "is not a valid id"),
}
_TIME = (
    "时间格式有误，例如 2026-11-24T03:12:00+08:00",
    "is not a time such as 2026-11-24T03:12:00+08:00",
)
_OTHER = ("内容有误", "is not acceptable")


def is_english(request: Request) -> bool:
    """Say whether the caller asks for English before Chinese."""
    accepted = request.headers.get("accept-language", "")
    return accepted[:2].lower() == "en"


def problem(
    kind: str,
    *,
    english: bool,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """Return the answer for one kind of problem; `more` goes beside the sentence."""
    content = describe(kind, english=english, **more)
    return Response(
        orjson.dumps(content),
        status_code=content["status"],
        media_type="application/problem+json",
        headers=dict(headers or {}),
    )


def describe(kind: str, *, english: bool, **more: Any) -> dict[str, Any]:
    """Return the content of one kind of problem."""
    status, chinese, in_english = SENTENCES[kind]
    return {
        "type": f"/problems/{kind}",
        "title": kind,
        "status": status,
        "detail": in_english if english else chinese,
        **more,
    }


def field_errors(error: ValidationError, *, english: bool) -> list[dict[str, str]]:
    """Return each wrong field with a sentence; what the caller wrote in it is not repeated."""
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    return [_field_error(each["type"], each["loc"], english=english) for each in errors]


def query_errors(errors: Iterable[Mapping[str, Any]], *, english: bool) -> list[dict[str, str]]:
    """Return each wrong part of a path or a query with a sentence."""
    return [_field_error(each["type"], each["loc"][1:], english=english) for each in errors]


def _field_error(kind: str, where: tuple[int | str, ...], *, english: bool) -> dict[str, str]:
    nothing_said = "title" if kind == "value_error" else ""
    words = FIELD_SENTENCES.get(kind) or (_TIME if kind.startswith("datetime") else _OTHER)
    return {
        "field": ".".join(str(part) for part in where) or nothing_said,
        "sentence": words[1] if english else words[0],
    }
