"""The JSON API apart from submitting. 接口。"""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from gateway.api_cases import add_cases, obligation_shown
from gateway.api_desk import add_desk
from gateway.api_late_log import add_late_log
from gateway.api_replies import ProblemError, json_of, may_see, must
from gateway.api_solicitations import add_solicitations
from gateway.api_timeliness import add_timeliness
from gateway.house import House
from gateway.identity import Identities, Principal
from ledger import deliveries, doubting, obligations, submissions
from ledger.alerts import find_alerts
from vocabulary.hand import Hand, Standing
from vocabulary.judgement import JUDGEMENT

_OF_A_CALL = ("recipient", "state", "is_repeat", "accepted_at", "accepted_by")


def api(house: House, identities: Identities) -> APIRouter:
    """Return the routes."""

    def caller(request: Request) -> Principal:
        principal = identities.of_header(request.headers.get("authorization"))
        if principal is None:
            raise ProblemError("unauthenticated")
        return principal

    router = APIRouter(prefix="/api/v1")
    who = Depends(caller)
    _add_items(router, house, who)
    add_cases(router, house, who)
    _add_obligations(router, house, who)
    _add_alerts(router, house, who)
    add_late_log(router, house, who)
    add_desk(router, house, who)
    add_solicitations(router, house, who)
    add_timeliness(router, house, who)
    return router


def _add_items(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/submissions/{submission_id}")
    def submission(submission_id: UUID, principal: Principal = who) -> Response:
        with house.book.read() as connection:
            row = submissions.one(connection, submission_id)
            waiting = submissions.one_waiting(connection, submission_id) if row is None else None
            if waiting is None and row is None:  # it may have left the inbox between the two
                row = submissions.one(connection, submission_id)
        if row is not None and may_see(principal, row["unit_id"], row["owing_unit_id"]):
            with house.book.read() as connection:
                doubts = doubting.of_one(connection, row, house.rulebook.doubting)
            return json_of(_submission(row) | {"doubts": doubts})
        if waiting is not None and may_see(principal, waiting["unit_id"]):
            return json_of(_waiting(waiting))
        raise ProblemError("not-found")


class ObligationFilter(BaseModel):
    """What `GET /obligations` may ask."""

    unit: str | None = None
    kind: str | None = None
    fulfilment: str | None = None
    timeliness: str | None = None
    due_before: AwareDatetime | None = None


def _add_obligations(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/obligations")
    def obligation_list(
        asked: Annotated[ObligationFilter, Query()], principal: Principal = who
    ) -> Response:
        with house.book.read() as connection:
            rows = obligations.find(
                connection,
                unit_id=asked.unit if principal.sees_all else principal.unit_id,
                duty=asked.kind,
                fulfilment=asked.fulfilment,
                timeliness=asked.timeliness,
                due_before=asked.due_before,
            )
        return json_of({"obligations": [obligation_shown(row) for row in rows]})


def _add_alerts(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/alerts")
    def alert_list(
        principal: Principal = who, is_open: Annotated[bool | None, Query(alias="open")] = None
    ) -> Response:
        must(principal.sees_all)
        with house.book.read() as connection:
            desks = house.county.desks_under(principal.unit_id)
            rows = find_alerts(connection, is_open=is_open, limit=500, desks=desks)
            return json_of({"alerts": [_alert(connection, row) for row in rows]})

    @router.post("/alerts/{alert_id}/ack")
    async def acknowledge(alert_id: UUID, principal: Principal = who) -> Response:
        must(principal.may_acknowledge)
        return _standing(await house.acknowledge(Hand(alert_id, principal.id, house.now())))

    @router.delete("/alerts/{alert_id}/ack")
    async def take_back(alert_id: UUID, principal: Principal = who) -> Response:
        must(principal.may_acknowledge)
        return _standing(await house.take_back(Hand(alert_id, principal.id, house.now())))


def _standing(standing: Standing | None) -> Response:
    if standing is None:
        raise ProblemError("not-found")
    return json_of(
        {
            "alert_id": standing.alert_uid,
            "acknowledged_at": standing.acknowledged_at,
            "acknowledged_by": standing.acknowledged_by,
            "is_change": standing.is_change,
        }
    )


def _submission(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **orjson.loads(row["receipt"]),
        "seen_at": row["seen_at"],
        "seen_by": row["seen_by"],
        "is_proven": row["is_proven"],
        "content": orjson.loads(row["content"]),
        "judgement": JUDGEMENT.validate_json(row["judgement"]),
    }


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    """An item that is kept and not yet judged."""
    return {
        "submission_id": row["uid"],
        "received_at": row["received_at"],
        **dict.fromkeys(("verdict", "severity", "case_id", "seen_at", "seen_by", "judgement")),
        "obligations": [],
        "missing_elements": [],
        "is_proven": row["is_proven"],
        "content": orjson.loads(row["content"]),
    }


def _alert(connection: Connection, row: RowMapping) -> dict[str, Any]:
    calls = deliveries.of_alert(connection, row["id"])
    return {
        "alert_id": row["uid"],
        "case_id": row["case_uid"],
        "level": row["level"],
        "cause": row["cause"],
        "severity": row["severity"],
        "unit_id": row["unit_id"],
        "title": row["title"],
        "is_drill": row["is_drill"],
        "opened_at": row["opened_at"],
        "acknowledged_at": row["acknowledged_at"],
        "acknowledged_by": row["acknowledged_by"],
        "deliveries": [{name: call[name] for name in _OF_A_CALL} for call in calls],
    }
