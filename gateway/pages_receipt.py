"""The receipt as a page: received when, judged how, owed what by when. 回执页。"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from gateway.identity import Principal
from gateway.site import NOT_FOUND, PageError, Site, Visitor
from ledger import board, doubting, submissions
from rules.marking import marked
from vocabulary.judgement import JUDGEMENT
from vocabulary.submission import Submission
from vocabulary.terms import Fulfilment


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Receipts(site)
    router.add_api_route("/receipts/{submission_id}", room.page, methods=["GET"])
    router.add_api_route("/receipts/{submission_id}/part", room.part, methods=["GET"])


@dataclass(frozen=True)
class _Receipts:
    site: Site

    def page(self, request: Request, submission_id: UUID) -> Response:
        return self._show(request, submission_id, "receipt.html")

    def part(self, request: Request, submission_id: UUID) -> Response:
        """Give the inside of the page, which tells when the duty room has seen it."""
        return self._show(request, submission_id, "_receipt.html")

    def _show(self, request: Request, uid: UUID, template: str) -> Response:
        visitor = self.site.visitor(request)
        with self.site.house.book.read() as connection:
            shown = self._read(connection, visitor, uid)
        return self.site.show(request, template, shown, visitor=visitor)

    def _read(self, connection: Connection, visitor: Visitor, uid: UUID) -> dict[str, Any]:
        row = submissions.one(connection, uid)
        if row is None:
            waiting = submissions.waiting(connection, [uid]).get(uid)
            if waiting is None:
                raise PageError(*NOT_FOUND)
            return {"item": None, "received_at": waiting.received_at, "uid": uid}
        if not may_see(visitor.principal, row["unit_id"], row["owing_unit_id"]):
            raise PageError(*NOT_FOUND)
        owed = board.reports_of_item(connection, row["case_id"], row["owing_unit_id"], str(uid))
        receipt = orjson.loads(row["receipt"])
        return {
            "item": row,
            "uid": uid,
            "received_at": row["received_at"],
            **judged_item(row["content"], row["judgement"]),
            "missing": receipt["missing_elements"],
            "doubts": doubting.of_one(connection, row, self.site.house.rulebook.doubting),
            "owed": owed,
            "is_all_done": all(o["fulfilment"] != Fulfilment.OPEN.value for o in owed),
        }


def judged_item(content: str, judgement: str) -> dict[str, Any]:
    """Return what was sent and how it was judged, with the letters the judgement rests on."""
    made = Submission.model_validate_json(content)
    judged = JUDGEMENT.validate_json(judgement)
    title, body = marked(made.title, made.body, judged)
    return {"content": made, "judgement": judged, "marked_title": title, "marked_body": body}


def may_see(principal: Principal, *unit_ids: str) -> bool:
    """Say whether a principal may see what these units sent: their own, or all at the desk."""
    return principal.is_desk or principal.is_supervisor or principal.unit_id in unit_ids
