"""One row of the late log: its evidence, what was said to it, forms to say more. 台账一条。"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from gateway.api_late_log import answer_of, may_answer
from gateway.language import said
from gateway.pages_late_log import overrun
from gateway.signing import written
from gateway.site import FORBIDDEN, NOT_FOUND, PageError, Site, Visitor, go
from ledger import chain, late_log
from vocabulary.lapse import REASON_MAX, Reason, ReasonedLapse
from vocabulary.terms import AnswerKind, Lapse, Stretch

_LAPSES = [word.value for word in Lapse]
_WANTING = (
    422,
    said("内容不全，未提交"),
    said("请写明理由（不超过 2000 字）；认定还须选定一种情形。请返回上一页补全后再提交。"),
)


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Row(site)
    router.add_api_route("/late-log/{row_id}", room.page, methods=["GET"])
    router.add_api_route("/late-log/{row_id}/{kind}", room.answer, methods=["POST"])


@dataclass(frozen=True)
class _Row:
    site: Site

    def page(self, request: Request, row_id: UUID) -> Response:
        visitor = self.site.visitor(request)
        house = self.site.house
        with house.book.read() as connection:
            row = late_log.one(connection, row_id, house.rulebook.doubting)
            _, last = chain.head(connection)
        row = _theirs(row, visitor)
        row["overrun"] = overrun(row, house.now())
        shown = {
            "row": row,
            "story": _story(row),
            "hops": [_timed(each) for each in row["hops"]],
            "head": last.hex(),
            "signed": partial(written, house),
            "lapses": _LAPSES,
            "stretches": list(Stretch),
            "reason_max": REASON_MAX,
            "may_rebut": may_answer(visitor.principal, AnswerKind.REBUTTAL, row["unit_id"]),
            "may_rule": visitor.principal.is_supervisor,
        }
        return self.site.show(request, "log_row.html", shown, visitor=visitor)

    async def answer(self, request: Request, row_id: UUID, kind: AnswerKind) -> Response:
        visitor = self.site.visitor_who(
            request, lambda principal: principal.is_supervisor or not kind.is_ruling
        )
        fields = await self.site.posted(request, visitor.number)
        typed = _typed(kind, fields)
        house = self.site.house
        made = await house.answer_log(answer_of(house, visitor.principal, row_id, kind, typed))
        if made is None:
            raise PageError(*FORBIDDEN)
        return go(f"/late-log/{row_id}")


def _timed(hop: dict[str, Any]) -> dict[str, Any]:
    """A hop with its seconds as lengths of time."""
    pairs = (("length", hop["seconds"]), ("limit", hop["limit_seconds"]))
    return hop | {
        name: None if seconds is None else timedelta(seconds=seconds) for name, seconds in pairs
    }


def _story(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was told to whom, what was logged and what was said to it, in its order."""
    nothing = dict.fromkeys(("notice", "entry", "answer"))
    told = [nothing | {"at": each["created_at"], "notice": each} for each in row["notices"]]
    told += [nothing | {"at": each["at"], "entry": each} for each in (*row["history"], row)]
    told += [nothing | {"at": each["at"], "answer": each} for each in row["answers"]]
    return sorted(told, key=lambda each: each["at"])


def _theirs(row: dict[str, Any] | None, visitor: Visitor) -> dict[str, Any]:
    principal = visitor.principal
    if row is None or not (principal.sees_all or principal.unit_id == row["unit_id"]):
        raise PageError(*NOT_FOUND)
    return row


def _typed(kind: AnswerKind, fields: dict[str, str]) -> Reason:
    try:
        if kind is AnswerKind.FINDING:
            return ReasonedLapse.model_validate(
                {"reason": fields.get("reason", ""), "lapse": fields.get("lapse")}
            )
        return Reason.model_validate({"reason": fields.get("reason", "")})
    except ValidationError as error:
        raise PageError(*_WANTING) from error
