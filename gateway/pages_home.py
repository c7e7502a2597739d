"""The front page: by post, what that person came for. 首页。"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.pages_form import blank
from gateway.site import Site, Visitor, go
from ledger import board, submissions
from vocabulary.submission import Submission

_OWED_SHOWN, _RECENT_SHOWN = 30, 12


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Home(site)
    router.add_api_route("/", room.front, methods=["GET"])
    router.add_api_route("/owed", room.owed, methods=["GET"])


@dataclass(frozen=True)
class _Home:
    site: Site

    def front(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        if visitor.principal.is_desk:
            return go("/board")
        if visitor.principal.is_supervisor:
            return go("/late-log")
        shown = self._owed(visitor) | blank(self.site, visitor, request)
        return self.site.show(request, "home.html", shown, visitor=visitor)

    def owed(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        return self.site.show(request, "_owed.html", self._owed(visitor), visitor=visitor)

    def _owed(self, visitor: Visitor) -> dict[str, Any]:
        unit_id = visitor.principal.unit_id
        with self.site.house.book.read() as connection:
            owed = board.reports_owed_by(connection, unit_id, _OWED_SHOWN)
            items = submissions.recent_of_unit(connection, unit_id, _RECENT_SHOWN)
        return {
            "owed": owed,
            "items": [
                dict(item) | {"content": Submission.model_validate_json(item["content"])}
                for item in items
            ],
        }
