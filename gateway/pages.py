"""All pages, put together. 页面装配。"""

from collections.abc import Callable

from fastapi import APIRouter

from gateway import (
    pages_acknowledge,
    pages_board,
    pages_case,
    pages_form,
    pages_home,
    pages_late_log,
    pages_log_row,
    pages_receipt,
    pages_sign_in,
    pages_solicitations,
    pages_timeliness,
)
from gateway.house import House
from gateway.identity import Identities
from gateway.intake_door import Door
from gateway.page_route import page_route
from gateway.site import Site

_ROOMS = (
    pages_sign_in,
    pages_home,
    pages_form,
    pages_receipt,
    pages_board,
    pages_case,
    pages_late_log,
    pages_log_row,
    pages_timeliness,
    pages_solicitations,
    pages_acknowledge,
)


def pages(
    house: House,
    identities: Identities | None = None,
    door: Door | None = None,
    *,
    refused: Callable[[], None] = lambda: None,
) -> APIRouter:
    """Return the routes of all pages. `refused` is told of each 503."""
    known = identities or Identities(house.book, house.county)
    site = Site(house, known, door or Door(house), refused)
    router = APIRouter(route_class=page_route(site), include_in_schema=False)
    for room in _ROOMS:
        room.add_routes(router, site)
    router.add_route("/static/{name}", site.assets.serve, methods=["GET"], include_in_schema=False)
    return router
