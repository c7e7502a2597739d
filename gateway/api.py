"""The JSON API apart from submitting. 接口。"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from gateway.house import House
from gateway.identity import Identities, Principal
from gateway.problems import is_english, problem
from ledger import cases, deliveries, late_log, obligations, submissions
from ledger.alerts import find_alerts
from vocabulary.china_time import BEIJING
from vocabulary.hand import Hand, Standing
from vocabulary.judgement import JUDGEMENT

_OF_A_CALL = ("recipient", "state", "is_repeat", "accepted_at", "accepted_by")


class ProblemError(Exception):
    """A problem to answer with. `kind` is one of `gateway.problems.SENTENCES`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def answer_problem(request: Request, error: Exception) -> Response:
    """Turn a `ProblemError` into its answer."""
    assert isinstance(error, ProblemError)
    return problem(error.kind, english=is_english(request))


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
    _add_obligations(router, house, who)
    _add_alerts(router, house, who)
    _add_late_log(router, house, who)
    return router


def _add_items(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/submissions/{submission_id}")
    def submission(submission_id: UUID, principal: Principal = who) -> Response:
        with house.book.read() as connection:
            row = submissions.one(connection, submission_id)
            waiting = submissions.one_waiting(connection, submission_id) if row is None else None
            if waiting is None and row is None:  # it may have left the inbox between the two
                row = submissions.one(connection, submission_id)
        if row is not None and _may_see(principal, row["unit_id"], row["owing_unit_id"]):
            return _json(_submission(row))
        if waiting is not None and _may_see(principal, waiting["unit_id"]):
            return _json(_waiting(waiting))
        raise ProblemError("not-found")

    @router.get("/cases")
    def case_list(
        principal: Principal = who, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> Response:
        with house.book.read() as connection:
            unit_id = None if _sees_all(principal) else principal.unit_id
            rows = cases.newest(connection, limit, unit_id=unit_id)
        return _json({"cases": [_case(row) for row in rows]})

    @router.get("/cases/{case_id}")
    def case(case_id: UUID, principal: Principal = who) -> Response:
        with house.book.read() as connection:
            row = cases.by_uid(connection, [case_id]).get(case_id)
            if row is None or not _may_see(principal, row["unit_id"]):
                raise ProblemError("not-found")
            return _json(_whole_case(connection, row))


class ObligationFilter(BaseModel):
    """What `GET /obligations` may ask."""

    unit: str | None = None
    kind: str | None = None
    fulfilment: str | None = None
    timeliness: str | None = None
    due_before: AwareDatetime | None = None


class LogFilter(BaseModel):
    """What `GET /late-log` may ask."""

    since: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = Field(default=None, alias="to")
    unit: str | None = None
    lapse: str | None = None


def _add_obligations(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/obligations")
    def obligation_list(
        asked: Annotated[ObligationFilter, Query()], principal: Principal = who
    ) -> Response:
        with house.book.read() as connection:
            rows = obligations.find(
                connection,
                unit_id=asked.unit if _sees_all(principal) else principal.unit_id,
                duty=asked.kind,
                fulfilment=asked.fulfilment,
                timeliness=asked.timeliness,
                due_before=asked.due_before,
            )
        return _json({"obligations": [_obligation(row) for row in rows]})


def _add_alerts(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/alerts")
    def alert_list(
        principal: Principal = who, is_open: Annotated[bool | None, Query(alias="open")] = None
    ) -> Response:
        _must(_sees_all(principal))
        with house.book.read() as connection:
            desks = house.county.desks_under(principal.unit_id)
            rows = find_alerts(connection, is_open=is_open, limit=500, desks=desks)
            return _json({"alerts": [_alert(connection, row) for row in rows]})

    @router.post("/alerts/{alert_id}/ack")
    async def acknowledge(alert_id: UUID, principal: Principal = who) -> Response:
        _must(principal.may_acknowledge)
        return _standing(await house.acknowledge(Hand(alert_id, principal.id, house.now())))

    @router.delete("/alerts/{alert_id}/ack")
    async def take_back(alert_id: UUID, principal: Principal = who) -> Response:
        _must(principal.may_acknowledge)
        return _standing(await house.take_back(Hand(alert_id, principal.id, house.now())))


def _add_late_log(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/late-log")
    def log(
        request: Request, asked: Annotated[LogFilter, Query()], principal: Principal = who
    ) -> Response:
        with house.book.read() as connection:
            rows = late_log.entries(
                connection,
                asked.since,
                asked.until,
                unit_id=asked.unit if _sees_all(principal) else principal.unit_id,
                timeliness=asked.lapse,
            )
        if "text/csv" in request.headers.get("accept", ""):
            table = late_log.as_csv(rows, house.directory.unit_name)
            return Response(table, media_type="text/csv; charset=utf-8")
        return _json({"late_log": rows})


def _sees_all(principal: Principal) -> bool:
    return principal.is_desk or principal.is_supervisor


def _must(is_allowed: bool) -> None:  # noqa: FBT001
    if not is_allowed:
        raise ProblemError("forbidden")


def _may_see(principal: Principal, *unit_ids: str) -> bool:
    return _sees_all(principal) or principal.unit_id in unit_ids


def _standing(standing: Standing | None) -> Response:
    if standing is None:
        raise ProblemError("not-found")
    return _json(
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


def _case(row: RowMapping | dict[str, Any]) -> dict[str, Any]:
    shown = {str(name): value for name, value in dict(row).items() if name not in ("id", "uid")}
    return {"case_id": row["uid"], **shown}


def _whole_case(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    items = submissions.of_case(connection, row["id"])
    return {
        **_case(row),
        "submissions": [
            {
                "submission_id": item["uid"],
                "unit_id": item["owing_unit_id"],
                "received_at": item["received_at"],
                "stage": item["stage"],
                "medium": item["medium"],
                "verdict": item["verdict"],
                "is_proven": item["is_proven"],
                "judgement": JUDGEMENT.validate_json(item["judgement"]),
            }
            for item in items
        ],
        "obligations": [
            _obligation(owed) for owed in obligations.find(connection, case_key=row["id"])
        ],
        "timeline": cases.timeline(connection, row["id"]),
    }


def _obligation(row: RowMapping) -> dict[str, Any]:
    return {
        "obligation_id": row["uid"],
        "kind": row["duty"],
        "owed_by": row["owed_by"],
        "owed_to": row["owed_to"],
        "case_id": row["case_uid"],
        "clock": row["clock"],
        "counted_from": row["counted_from"],
        "is_assumed": row["is_assumed"],
        "limit_seconds": row["limit_seconds"],
        "due_at": row["due_at"],
        "fulfilment": row["fulfilment"],
        "timeliness": row["timeliness"],
        "fulfilled_at": row["fulfilled_at"],
        "fulfilled_by": row["fulfilled_by"],
        "source": row["source"],
        "confidence": row["confidence"],
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


def _json(content: Any) -> Response:
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
