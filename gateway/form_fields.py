"""Read the form that a clerk filled in, and say field by field what to mend. 表单。"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from gateway.language import said
from gateway.submitting import ITEM_BYTES_MAX
from vocabulary.china_time import BEIJING
from vocabulary.submission import Submission

NAMES = (
    "title",
    "body",
    "stage",
    "medium",
    "place",
    "occurred_at",
    "known_at",
    "deaths",
    "injured",
    "missing",
    "reporter",
    "is_drill",
    "case_id",
    "solicitation_id",
    "on_behalf_of",
    "called_at",
    "recorder",
)
_INSTANTS = ("occurred_at", "known_at", "called_at")
_FIGURES = ("deaths", "injured", "missing")
_DIGITS_MAX = 7
_YEAR_MIN, _YEAR_MAX = 2000, 2200
_CLOCKS_APART = timedelta(minutes=5)  # a telephone's clock may be a little ahead of ours

_NOT_A_NUMBER = said("请填数字，例如 2；不清楚就留空")
_NOT_AN_INSTANT = said("请填日期和时间，例如 2026-11-24 03:12")
_IN_THE_FUTURE = said("比现在还晚，请核对日期和时间")
_LONG_AGO = said("年份不对，请核对")
_SAYS_NOTHING = said("请写明发生了什么事：标题和详情至少填一项")
_TOO_LONG = said("内容过长，请精简")
_NOT_OFFERED = said("请从所列各项中选一项")
_NO_SUCH_CASE = said("案卷号不完整，请从原回执进入")


@dataclass(frozen=True)
class Filled:
    """The form as it was filled in: what was typed, and what to mend by field."""

    values: dict[str, str]
    mistakes: dict[str, str] = field(default_factory=dict)
    submission: Submission | None = None


def read_form(fields: dict[str, str], now: datetime) -> Filled:
    """Return the submission that a form holds, or the mistakes in it; nothing typed is lost.

    Times without a zone are Beijing's. An empty field is not stated: no figure is not nought.
    """
    values = {name: fields.get(name, "").strip() for name in NAMES}
    mistakes: dict[str, str] = {}
    stated: dict[str, Any] = {}
    for name, value in values.items():
        if not value:
            continue
        try:
            stated[name] = _read(name, value, now)
        except ValueError as error:
            mistakes[name] = str(error)
    if mistakes:
        return Filled(values, mistakes)
    try:
        submission = Submission.model_validate(stated)
    except ValidationError as error:
        return Filled(values, _mistakes_of(error))
    if len(submission.model_dump_json().encode()) > ITEM_BYTES_MAX:
        return Filled(values, {"body": _TOO_LONG})
    return Filled(values, {}, submission)


def _read(name: str, value: str, now: datetime) -> Any:
    if name in _INSTANTS:
        return _instant(value, now)
    if name in _FIGURES:
        if not value.isdecimal() or len(value) > _DIGITS_MAX:
            raise ValueError(_NOT_A_NUMBER)
        return int(value)
    if name == "is_drill":
        return True
    if name in ("case_id", "solicitation_id"):
        try:
            return str(UUID(value))
        except ValueError as error:
            raise ValueError(_NO_SUCH_CASE) from error
    return value


def instant_of(value: str) -> datetime:
    """Read an instant as a form has it; without a zone it is Beijing's.

    Raises:
        ValueError: it is none, or of no year of ours; the sentence says so.
    """
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(_NOT_AN_INSTANT) from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=BEIJING)
    if not _YEAR_MIN <= instant.year < _YEAR_MAX:
        raise ValueError(_LONG_AGO)
    return instant


def _instant(value: str, now: datetime) -> datetime:
    instant = instant_of(value)
    if instant.year > now.year + 1 or instant > now + _CLOCKS_APART:
        raise ValueError(_IN_THE_FUTURE)
    return instant


def _mistakes_of(error: ValidationError) -> dict[str, str]:
    found = {}
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        name = str(each["loc"][0]) if each["loc"] else "title"
        if each["type"] == "value_error":
            found[name] = _SAYS_NOTHING
        elif each["type"] == "string_too_long":
            found[name] = _TOO_LONG
        else:
            found[name] = _NOT_OFFERED
    return found
