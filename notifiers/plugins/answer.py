"""Read what a channel answered; an HTTP 200 proves nothing. 读答复。

WeCom, DingTalk and Feishu answer 200 and put the truth into a code in the body. Each channel
brings the table of its codes; a code that nobody told us of is tried again, since the number of
tries is bounded and a page that is given up is not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeAlias

import orjson

from notifiers.outcome import Delivered, Outcome, Refused, Unreachable
from notifiers.plugins.session import Answer
from notifiers.wall_clock import epoch_seconds


@dataclass(frozen=True, slots=True)
class Again:
    """A code that says: later. 可再试。"""

    sentence: str
    after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """A code that says: not like this, a person has to mend it. 不可再试。"""

    sentence: str


Meaning: TypeAlias = Again | Never

# HTTP's own words for “later”; Feishu's gateway tells the wait in a header of its own.
LATER = frozenset({408, 425, 429})
WAIT_HEADERS = ("Retry-After", "x-ogw-ratelimit-reset")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one channel's answers are read. 判读方法。

    `code_names` are the fields that may hold the code, the one to believe first; the first that
    is there counts. With `code_needed` false an object without any of them is consent, as is 204.
    """

    code_names: tuple[str, ...]
    meaning: Callable[[int, str], Meaning | None]
    code_needed: bool = True


def read(answer: Answer, reading: Reading) -> Outcome:
    """Return what the answer means. A body that cannot be read is never a success."""
    status = answer.status
    if status >= 500 or status in LATER:
        return Unreachable(f"HTTP {status}", _wait(answer.headers))
    if 300 <= status < 400:
        return Unreachable(f"HTTP {status}，被转向别处，未送达")
    if status == 204 and not reading.code_needed:
        return Delivered("HTTP 204")

    said = _object(answer.body)
    code = None if said is None else _code(said, reading.code_names)
    if status >= 400:
        return _by_code(answer, said or {}, code, reading) or Refused(f"HTTP {status}")
    if said is None:
        return Unreachable(f"HTTP {status}，答复无法识别")
    if code is None:
        if reading.code_needed:
            return Unreachable(f"HTTP {status}，答复中没有返回码")
        return Delivered(f"HTTP {status}")
    if code == 0:
        return Delivered("返回码 0")
    return _by_code(answer, said, code, reading) or Unreachable(f"返回码 {code}，含义未知")


def _by_code(
    answer: Answer, said: Mapping[str, object], code: int | None, reading: Reading
) -> Outcome | None:
    if code is None:
        return None
    words = said.get("errmsg") or said.get("msg") or ""
    match reading.meaning(code, str(words)):
        case Again(sentence, after_seconds):
            return Unreachable(f"返回码 {code}：{sentence}", _wait(answer.headers) or after_seconds)
        case Never(sentence):
            return Refused(f"返回码 {code}：{sentence}")
        case None:
            return None


def _object(body: bytes) -> dict[str, object] | None:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None


def _code(said: Mapping[str, object], names: tuple[str, ...]) -> int | None:
    for name in names:
        value = said.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.removeprefix("-").isdecimal():
            return int(value)
    return None


def _wait(headers: Mapping[str, str]) -> float | None:
    for name in WAIT_HEADERS:
        value = headers.get(name, "").strip()
        if value.isdecimal():
            return float(value)
        if value:
            try:
                then = parsedate_to_datetime(value)
            except ValueError:
                continue
            return max(0.0, then.timestamp() - epoch_seconds())
    return None
