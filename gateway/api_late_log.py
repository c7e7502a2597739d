"""The late log over the API: read, taken away, rebutted, found, waived. 台账接口。"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from gateway import tables
from gateway.api_replies import ProblemError, json_of, must
from gateway.house import House
from gateway.identity import Principal
from gateway.late_log_table import Head, late_log_table
from gateway.signing import written
from ledger import chain, late_log
from ledger.late_log import Wanted
from vocabulary.lapse import LogAnswer, Reason, ReasonedLapse
from vocabulary.terms import AnswerKind, Duty, Lapse, LapseStanding, Severity, Timeliness


class LogFilter(BaseModel):
    """What `GET /late-log` may ask. `from` and `to` are half-open, of the due instant."""

    since: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = Field(default=None, alias="to")
    unit: str | None = None
    lapse: Timeliness | Lapse | None = None
    kind: Duty | None = None
    severity: Severity | None = None
    standing: LapseStanding | None = None


def add_late_log(router: APIRouter, house: House, who: Any) -> None:
    """Add the routes; `who` gives the caller."""

    @router.get("/late-log")
    def log(
        request: Request, asked: Annotated[LogFilter, Query()], principal: Principal = who
    ) -> Response:
        wanted = Wanted(
            since=asked.since,
            until=asked.until,
            unit_id=asked.unit if principal.sees_all else principal.unit_id,
            lapse=asked.lapse,
            duty=asked.kind,
            severity=asked.severity,
            standing=asked.standing,
        )
        return taken_away(house, wanted, tables.wanted(request))

    @router.get("/late-log/{row_id}")
    def row(row_id: UUID, principal: Principal = who) -> Response:
        with house.book.read() as connection:
            found = late_log.one(connection, row_id, house.rulebook.doubting)
        if found is None or not (principal.sees_all or principal.unit_id == found["unit_id"]):
            raise ProblemError("not-found")
        return json_of(found)

    @router.post("/late-log/{row_id}/rebuttal")
    async def rebut(row_id: UUID, said: Reason, principal: Principal = who) -> Response:
        return await _answered(house, principal, row_id, AnswerKind.REBUTTAL, said)

    @router.post("/late-log/{row_id}/finding")
    async def find(row_id: UUID, said: ReasonedLapse, principal: Principal = who) -> Response:
        return await _answered(house, principal, row_id, AnswerKind.FINDING, said)

    @router.post("/late-log/{row_id}/waiver")
    async def waive(row_id: UUID, said: Reason, principal: Principal = who) -> Response:
        return await _answered(house, principal, row_id, AnswerKind.WAIVER, said)


def taken_away(house: House, wanted: Wanted, kind: str | None) -> Response:
    """Return the rows wanted as JSON or as a table, with the head of the chain beside them."""
    with house.book.read() as connection:
        rows = late_log.entries(connection, wanted, doubting=house.rulebook.doubting)
        count, last = chain.head(connection)
    head = Head(count, last.hex(), house.now())
    if kind is None:
        told = {"count": head.count, "head": head.hash, "at": head.at}
        return json_of({"late_log": rows, "chain": told})
    names = partial(written, house)
    return tables.answer(late_log_table(rows, head, house.directory.unit_name, names), kind)


def may_answer(principal: Principal, kind: AnswerKind, unit_id: str) -> bool:
    """Say whether a post may: a unit rebuts its own rows, a supervisor alone finds and waives."""
    return principal.is_supervisor if kind.is_ruling else principal.unit_id == unit_id


def answer_of(
    house: House, principal: Principal, uid: UUID, kind: AnswerKind, said: Reason
) -> LogAnswer:
    """Return what the caller says, signed with who they are and when it is now."""
    return LogAnswer(
        obligation_uid=uid,
        kind=kind,
        lapse=said.lapse if isinstance(said, ReasonedLapse) else None,
        reason=said.reason,
        said_by=principal.name,
        unit_id=None if kind.is_ruling else principal.unit_id,
        at=house.now(),
    )


async def _answered(
    house: House, principal: Principal, uid: UUID, kind: AnswerKind, said: Reason
) -> Response:
    must(principal.is_supervisor or not kind.is_ruling)
    made = await house.answer_log(answer_of(house, principal, uid, kind, said))
    if made is None:
        raise ProblemError("not-found")
    return json_of({"late_log_id": uid, **made})
