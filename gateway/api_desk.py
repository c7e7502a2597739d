"""What the desk does through the API beside acknowledging. 值班接口。"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body
from starlette.responses import Response

from gateway.api_replies import ProblemError, json_of, must
from gateway.house import House
from gateway.identity import Principal
from vocabulary.hand import Upward
from vocabulary.submission import Moment


def add_desk(router: APIRouter, house: House, who: Any) -> None:
    """Add the routes."""

    @router.post("/cases/{case_id}/upward")
    async def report_upward(
        case_id: UUID,
        owed_to: Annotated[str, Body(min_length=1, max_length=64)],
        reported_at: Annotated[Moment | None, Body()] = None,
        principal: Principal = who,
    ) -> Response:
        must(principal.may_acknowledge)
        if all(owed_to != each.owed_to for each in house.rulebook.upward):
            raise ProblemError("not-found")
        told = reported(case_id, owed_to, principal.id, house.now(), reported_at)
        found = await house.report_upward(told)
        if found is None:
            raise ProblemError("not-found")
        return json_of(
            {
                "case_id": case_id,
                "owed_to": owed_to,
                "reported_at": found.reported_at,
                "met": found.count,
            }
        )


def reported(
    case_id: UUID, owed_to: str, person_id: str, now: datetime, reported_at: datetime | None
) -> Upward:
    """Return what a person says was reported; nobody has reported in the future."""
    return Upward(case_id, owed_to, person_id, now, min(reported_at or now, now))
