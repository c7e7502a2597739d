"""Cases through the API: read, and what a person does to them, with a reason. 接口：案卷。"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from gateway.api_replies import ProblemError, json_of, may_see, must
from gateway.house import House
from gateway.identity import Principal
from ledger import cases, doubting, joining, obligations, submissions
from vocabulary.case_act import (
    AnswerOffer,
    By,
    CaseAct,
    Close,
    Merge,
    Refusal,
    Regrade,
    Reopen,
    Split,
    Waive,
)
from vocabulary.judgement import JUDGEMENT
from vocabulary.terms import Severity

REASON_MAX = 500
_HIDDEN = ("id", "uid", "traits", "merged_into")  # a row's own, and what only the joining reads


class Reasoned(BaseModel):
    """Every act on a case says why."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=REASON_MAX)

    @field_validator("reason")
    @classmethod
    def _without_nul(cls, reason: str) -> str:
        """Refuse the one letter that no PostgreSQL takes."""
        if "\0" in reason:
            raise PydanticCustomError("nul_in_text", "holds the character U+0000")
        return reason


class Regrading(Reasoned):
    """`POST /cases/{id}/grade`."""

    severity: Severity


class Merging(Reasoned):
    """`POST /cases/{id}/merge`."""

    into: UUID


class Splitting(Reasoned):
    """`POST /cases/{id}/split`."""

    submissions: tuple[UUID, ...] = Field(min_length=1, max_length=500)


def add_cases(router: APIRouter, house: House, who: Any) -> None:
    """Add the routes."""
    _add_reading(router, house, who)
    _add_acts(router, house, who)


def _add_reading(router: APIRouter, house: House, who: Any) -> None:
    @router.get("/cases")
    def case_list(
        principal: Principal = who, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> Response:
        with house.book.read() as connection:
            unit_id = None if principal.sees_all else principal.unit_id
            rows = cases.newest(connection, limit, unit_id=unit_id)
        return json_of({"cases": [_case(row) for row in rows]})

    @router.get("/cases/{case_id}")
    def case(case_id: UUID, principal: Principal = who) -> Response:
        return json_of(_read(house, case_id, principal))


def _add_acts(router: APIRouter, house: House, who: Any) -> None:
    async def do(act: CaseAct, principal: Principal) -> Response:
        must(principal.sees_all)
        answer = await house.act(act)
        if isinstance(answer, Refusal):
            raise ProblemError(answer.value)
        return json_of(_read(house, answer.case_uid, principal))

    def by(principal: Principal, said: Reasoned) -> By:
        return By(principal.id, house.now(), said.reason)

    @router.post("/cases/{case_id}/grade")
    async def grade(case_id: UUID, said: Regrading, principal: Principal = who) -> Response:
        return await do(Regrade(case_id, by(principal, said), said.severity), principal)

    @router.post("/cases/{case_id}/merge")
    async def merge(case_id: UUID, said: Merging, principal: Principal = who) -> Response:
        return await do(Merge(case_id, by(principal, said), said.into), principal)

    @router.post("/cases/{case_id}/split")
    async def split(case_id: UUID, said: Splitting, principal: Principal = who) -> Response:
        return await do(Split(case_id, by(principal, said), said.submissions), principal)

    @router.post("/cases/{case_id}/false-alarm")
    async def false_alarm(case_id: UUID, said: Reasoned, principal: Principal = who) -> Response:
        act = Close(case_id, by(principal, said), is_false_alarm=True)
        return await do(act, principal)

    @router.post("/cases/{case_id}/close")
    async def close(case_id: UUID, said: Reasoned, principal: Principal = who) -> Response:
        return await do(Close(case_id, by(principal, said)), principal)

    @router.post("/cases/{case_id}/reopen")
    async def reopen(case_id: UUID, said: Reasoned, principal: Principal = who) -> Response:
        return await do(Reopen(case_id, by(principal, said)), principal)

    @router.post("/obligations/{obligation_id}/waive")
    async def waive(obligation_id: UUID, said: Reasoned, principal: Principal = who) -> Response:
        return await do(Waive(obligation_id, by(principal, said)), principal)

    @router.post("/offers/{offer_id}/{answer}")
    async def answer_offer(
        offer_id: UUID,
        answer: Literal["confirm", "decline"],
        said: Reasoned,
        principal: Principal = who,
    ) -> Response:
        act = AnswerOffer(offer_id, by(principal, said), is_confirmed=answer == "confirm")
        return await do(act, principal)


def _read(house: House, case_id: UUID, principal: Principal) -> dict[str, Any]:
    """Return a whole case.

    Raises:
        ProblemError: there is none, for this caller.
    """
    with house.book.read() as connection:
        row = cases.by_uid(connection, [case_id]).get(case_id)
        if row is None:
            raise ProblemError("not-found")
        all_items = submissions.of_case(connection, row["id"])
        doubted = doubting.of_items(all_items, house.rulebook.doubting)
        items = [
            _item(item) | {"doubts": doubted[item["uid"]]}
            for item in all_items
            if may_see(principal, item["unit_id"], item["owing_unit_id"])
        ]
        if not items and not may_see(principal, row["unit_id"]):
            raise ProblemError("not-found")
        return _whole_case(connection, row, items, principal)


def _case(row: Mapping[Any, Any]) -> dict[str, Any]:
    shown = {str(name): value for name, value in row.items() if name not in _HIDDEN}
    return {"case_id": row["uid"], **shown}


def _whole_case(
    connection: Connection, row: dict[str, Any], items: list[dict[str, Any]], principal: Principal
) -> dict[str, Any]:
    """A case with its items and clocks; a unit sees its own, and not what the desk did."""
    owed = obligations.find(connection, case_key=row["id"])
    merged_into = row["merged_into"]
    return {
        **_case(row),
        "merged_into": merged_into and cases.uid_of(connection, merged_into),
        "submissions": items,
        "obligations": [
            obligation_shown(each) for each in owed if may_see(principal, each["owed_by"])
        ],
        "offers": [_offer(each) for each in joining.offers_of_case(connection, row["id"])]
        if principal.sees_all
        else [],
        "timeline": cases.timeline(connection, row["id"]) if principal.sees_all else [],
    }


def _item(row: RowMapping) -> dict[str, Any]:
    return {
        "submission_id": row["uid"],
        "unit_id": row["owing_unit_id"],
        "received_at": row["received_at"],
        "stage": row["stage"],
        "medium": row["medium"],
        "verdict": row["verdict"],
        "is_proven": row["is_proven"],
        "judgement": JUDGEMENT.validate_json(row["judgement"]),
    }


def _offer(row: RowMapping) -> dict[str, Any]:
    return {
        "offer_id": row["uid"],
        "submission_id": row["submission_uid"],
        "unit_id": row["owing_unit_id"],
        "case_id": row["case_uid"],
        "grounds": row["grounds"],
        "offered_at": row["offered_at"],
    }


def obligation_shown(row: RowMapping) -> dict[str, Any]:
    """Return an obligation as the API tells it."""
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
