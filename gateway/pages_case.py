"""One case: how grave and why, who was called, what is owed, what happened. 案卷页。"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from gateway.api_cases import REASON_MAX
from gateway.api_desk import reported
from gateway.language import chosen, said
from gateway.pages_receipt import judged_item, may_see
from gateway.problems import SENTENCES
from gateway.site import NOT_FOUND, PageError, Site, Visitor, go
from ledger import board, cases, doubting, joining, obligations, submissions
from rules.doubts import DoubtRule
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
from vocabulary.terms import Duty, Severity

NO_REASON = (422, said("请写明理由"), said("对案卷的处置都要记录理由，请返回上一页填写后再提交。"))
NOT_CHOSEN = (422, said("没有选定"), said("请返回上一页，选定后再提交。"))
_OTHERS_SHOWN = 30
_FACT = {
    "unit": None,
    "duty": None,
    "by": None,
    "to": (),
    "recipient": None,
    "cause": None,
    "reason": None,
}
# An item stands in the story itself; its fact would say it twice.
_TOLD_BY_ITEMS = ("case_opened", "item_joined")


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _CasePage(site)
    router.add_api_route("/cases/{case_id}", room.page, methods=["GET"])
    router.add_api_route("/cases/{case_id}/acts/{act}", room.act, methods=["POST"])
    router.add_api_route("/cases/{case_id}/upward", room.report_upward, methods=["POST"])


@dataclass(frozen=True)
class _CasePage:
    site: Site

    def page(self, request: Request, case_id: UUID) -> Response:
        visitor = self.site.visitor(request)
        rule = self.site.house.rulebook.doubting
        with self.site.house.book.read() as connection:
            case = cases.by_uid(connection, [case_id]).get(case_id)
            shown = _read(connection, visitor, case, rule) if case is not None else None
            if shown is None:
                raise PageError(*NOT_FOUND)
        return self.site.show(request, "case.html", shown, visitor=visitor)

    async def act(self, request: Request, case_id: UUID, act: str) -> Response:
        """Do what a person of the desk asks, and show the case that it leads to."""
        visitor = self.site.visitor_who(request, lambda principal: principal.sees_all)
        fields = await self.site.posted(request, visitor.number)
        reason = fields.get("reason", "").replace("\0", "").strip()[:REASON_MAX]
        if not reason:
            raise PageError(*NO_REASON)
        by = By(visitor.principal.id, self.site.house.now(), reason)
        answer = await self.site.house.act(_asked(act, case_id, fields, by))
        if isinstance(answer, Refusal):
            _, chinese, english = SENTENCES[answer.value]
            sentence = english if chosen(request).is_english else chinese
            raise PageError(409, said("本次操作未执行"), sentence)
        return go(f"/cases/{answer.case_uid}")

    async def report_upward(self, request: Request, case_id: UUID) -> Response:
        """Write down that the desk has reported upward, now."""
        visitor = self.site.visitor_who(request, lambda principal: principal.may_acknowledge)
        fields = await self.site.posted(request, visitor.number)
        house = self.site.house
        owed_to = next(
            (r.owed_to for r in house.rulebook.upward if r.owed_to == fields.get("owed_to")), None
        )
        if owed_to is None:
            raise PageError(*NOT_FOUND)
        told = reported(case_id, owed_to, visitor.principal.id, house.now(), None)
        if await house.report_upward(told) is None:
            raise PageError(*NOT_FOUND)
        return go(f"/cases/{case_id}")


def _asked(act: str, case_id: UUID, fields: dict[str, str], by: By) -> CaseAct:
    """Read which act a form asks for.

    Raises:
        PageError: it asks for none, or of something that is no case or item.
    """
    items = [name.removeprefix("item-") for name in fields if name.startswith("item-")]
    try:
        match act:
            case "grade":
                return Regrade(case_id, by, Severity(fields.get("severity", "")))
            case "merge":
                return Merge(case_id, by, UUID(fields.get("into", "").strip()))
            case "split":
                return Split(case_id, by, tuple(UUID(each) for each in items))
            case "false-alarm" | "close":
                return Close(case_id, by, is_false_alarm=act == "false-alarm")
            case "reopen":
                return Reopen(case_id, by)
            case "confirm" | "decline":
                offer = UUID(fields.get("offer", ""))
                return AnswerOffer(offer, by, is_confirmed=act == "confirm")
            case "waive":
                return Waive(UUID(fields.get("obligation", "")), by)
            case _:
                raise PageError(*NOT_FOUND)
    except ValueError:
        raise PageError(*NOT_CHOSEN) from None


def _read(
    connection: Connection, visitor: Visitor, case: dict[str, Any], rule: DoubtRule
) -> dict[str, Any] | None:
    """Return the whole case; a unit sees its own items and duties, and no calls.

    None where it is no business of the visitor's.
    """
    principal = visitor.principal
    sees_all = principal.sees_all
    all_items = submissions.of_case(connection, case["id"])
    doubted = doubting.of_items(all_items, rule)
    items = [
        dict(row) | judged_item(row["content"], row["judgement"]) | {"doubts": doubted[row["uid"]]}
        for row in all_items
        if may_see(principal, row["unit_id"], row["owing_unit_id"])
    ]
    if not items and not may_see(principal, case["unit_id"]):
        return None
    owed = [
        row
        for row in obligations.find(connection, case_key=case["id"])
        if Duty(row["duty"]).is_report and may_see(principal, row["owed_by"])
    ]
    merged = case["merged_into"]
    return {
        "case": case,
        "owed": owed,
        "items": items,
        "story": _story(items, cases.timeline(connection, case["id"]) if sees_all else []),
        "alerts": board.alerts_of_case(connection, case["id"]) if sees_all else [],
        "reasons": items[0]["judgement"].reasons if items else (),
        "may_act": principal.may_acknowledge,
        "may_settle": sees_all,
        "severities": [each.value for each in Severity],
        "others": cases.where_it_could_go(connection, case, _OTHERS_SHOWN) if sees_all else [],
        "offers": joining.offers_of_case(connection, case["id"]) if sees_all else [],
        "merged_into": cases.uid_of(connection, merged) if merged else None,
    }


def _story(items: list[dict[str, Any]], facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what arrived and what was done about it, newest first."""
    told = [{"at": item["received_at"], "item": item, "fact": None} for item in items]
    told += [
        {"at": fact["at"], "item": None, "fact": _FACT | fact}
        for fact in facts
        if fact["kind"] not in _TOLD_BY_ITEMS
    ]
    return sorted(told, key=lambda each: each["at"], reverse=True)
