"""One case: how grave and why, who was called, what is owed, what happened. 案卷页。"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from gateway.pages_receipt import judged_item, may_see
from gateway.site import NOT_FOUND, PageError, Site, Visitor
from ledger import board, cases, obligations, submissions
from vocabulary.terms import Duty

_FACT = {"by": None, "to": (), "recipient": None, "cause": None}
# An item stands in the story itself; its fact would say it twice.
_TOLD_BY_ITEMS = ("case_opened", "item_joined")


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    router.add_api_route("/cases/{case_id}", _CasePage(site).page, methods=["GET"])


@dataclass(frozen=True)
class _CasePage:
    site: Site

    def page(self, request: Request, case_id: UUID) -> Response:
        visitor = self.site.visitor(request)
        with self.site.house.book.read() as connection:
            case = cases.by_uid(connection, [case_id]).get(case_id)
            if case is None or not may_see(visitor.principal, case["unit_id"]):
                raise PageError(*NOT_FOUND)
            shown = _read(connection, visitor, case)
        return self.site.show(request, "case.html", shown, visitor=visitor)


def _read(connection: Connection, visitor: Visitor, case: dict[str, Any]) -> dict[str, Any]:
    """Return the whole case; a unit sees its own items and duties, and no calls."""
    principal = visitor.principal
    sees_all = principal.is_desk or principal.is_supervisor
    items = [
        dict(row) | judged_item(row["content"], row["judgement"])
        for row in submissions.of_case(connection, case["id"])
        if may_see(principal, row["unit_id"], row["owing_unit_id"])
    ]
    owed = [
        row
        for row in obligations.find(connection, case_key=case["id"])
        if Duty(row["duty"]).is_report and may_see(principal, row["owed_by"])
    ]
    return {
        "case": case,
        "owed": owed,
        "story": _story(items, cases.timeline(connection, case["id"]) if sees_all else []),
        "alerts": board.alerts_of_case(connection, case["id"]) if sees_all else [],
        "reasons": items[0]["judgement"].reasons if items else (),
        "may_act": principal.may_acknowledge,
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
