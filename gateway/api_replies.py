"""How the API answers: JSON in Beijing's time, or a problem. 接口应答。"""

from datetime import datetime
from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

from gateway.identity import Principal
from gateway.problems import is_english, problem
from vocabulary.china_time import BEIJING


class ProblemError(Exception):
    """A problem to answer with. `kind` is one of `gateway.problems.SENTENCES`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def answer_problem(request: Request, error: Exception) -> Response:
    """Turn a `ProblemError` into its answer."""
    assert isinstance(error, ProblemError)
    return problem(error.kind, english=is_english(request))


def must(is_allowed: bool) -> None:  # noqa: FBT001
    """Answer 403 to whoever may not.

    Raises:
        ProblemError: they may not.
    """
    if not is_allowed:
        raise ProblemError("forbidden")


def may_see(principal: Principal, *unit_ids: str) -> bool:
    """Say whether a caller sees what belongs to these units."""
    return principal.sees_all or principal.unit_id in unit_ids


def json_of(content: Any) -> Response:
    """Return JSON whose instants are written as Beijing writes them."""
    return Response(orjson.dumps(_in_beijing(content)), media_type="application/json")


def _in_beijing(content: Any) -> Any:
    match content:
        case dict():
            return {name: _in_beijing(value) for name, value in content.items()}
        case list() | tuple():
            return [_in_beijing(value) for value in content]
        case datetime():
            return content.astimezone(BEIJING)
        case _:
            return content
