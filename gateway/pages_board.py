"""The duty board: what burns, what waits, what is owed; live while it is open. 值班看板。"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from gateway.house import Board
from gateway.identity import Principal
from gateway.site import NOT_FOUND, PageError, Site, Visitor, go
from ledger import board, submissions
from vocabulary.hand import Hand
from vocabulary.terms import Verdict

_ALERTS_SHOWN, _TAKEN_SHOWN, _CASES_SHOWN, _OWED_READ = 50, 8, 20, 500
_SOON = timedelta(hours=12)
_A_DAY = timedelta(hours=24)

HEARTBEAT_SECONDS = 15.0
_GAP_SECONDS = 0.3  # a storm of changes redraws a board three times a second, not a thousand
_SECOND_LOOK_SECONDS = 2.0  # two clock readings, from which a browser learns how fast time goes
_STREAM_SECONDS = 600.0  # then the browser comes again, and shows that it still may


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _BoardPage(site)
    router.add_api_route("/board", room.page, methods=["GET"])
    router.add_api_route("/board/part", room.part, methods=["GET"])
    router.add_api_route("/board/events", room.events, methods=["GET"])
    router.add_api_route("/board/acknowledge/{alert_id}", room.acknowledge, methods=["POST"])
    router.add_api_route("/board/take-back/{alert_id}", room.take_back, methods=["POST"])


def may_watch(principal: Principal) -> bool:
    """Say whether a principal may see the board: the desk, and the supervisor to read."""
    return principal.is_desk or principal.is_supervisor


async def changes(
    watched: Board,
    now: Callable[[], datetime],
    *,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
    stream_seconds: float = _STREAM_SECONDS,
) -> AsyncIterator[bytes]:
    """Say at each change that there is one, and between them what the time is. 看板变动流。"""
    ends_at = monotonic() + stream_seconds
    async with watched.watching() as changed:
        yield b"retry: 2000\n\n" + _event("clock", now())
        seconds = min(_SECOND_LOOK_SECONDS, heartbeat_seconds)
        while monotonic() < ends_at and not watched.is_closed:
            try:
                async with asyncio.timeout(seconds):
                    await changed.wait()
            except TimeoutError:
                seconds = heartbeat_seconds
                yield b": here\n\n" + _event("clock", now())
                continue
            changed.clear()
            yield _event("change", now())
            await asyncio.sleep(_GAP_SECONDS)


def _event(kind: str, now: datetime) -> bytes:
    return f"event: {kind}\ndata: {int(now.timestamp() * 1000)}\n\n".encode()


@dataclass(frozen=True)
class _BoardPage:
    site: Site

    def page(self, request: Request) -> Response:
        return self._show(request, "board.html")

    def part(self, request: Request) -> Response:
        """Give the inside of the page, which a script puts in the place of the old."""
        return self._show(request, "_board.html")

    async def events(self, request: Request) -> Response:
        self.site.visitor_who(request, may_watch)
        house = self.site.house
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            changes(house.board, house.now), media_type="text/event-stream", headers=headers
        )

    async def acknowledge(self, request: Request, alert_id: UUID) -> Response:
        return await self._lay_hand(request, alert_id, self.site.house.acknowledge)

    async def take_back(self, request: Request, alert_id: UUID) -> Response:
        return await self._lay_hand(request, alert_id, self.site.house.take_back)

    async def _lay_hand(
        self, request: Request, alert_id: UUID, act: Callable[[Hand], Any]
    ) -> Response:
        visitor = self.site.visitor_who(request, lambda principal: principal.may_acknowledge)
        fields = await self.site.posted(request, visitor.number)
        standing = await act(Hand(alert_id, visitor.principal.id, self.site.house.now()))
        if standing is None:
            raise PageError(*NOT_FOUND)
        case_id = fields.get("case_id", "")
        return go(f"/cases/{case_id}" if _is_uuid(case_id) else "/board")

    def _show(self, request: Request, template: str) -> Response:
        visitor = self.site.visitor_who(request, may_watch)
        return self.site.show(request, template, self._read(visitor), visitor=visitor)

    def _read(self, visitor: Visitor) -> dict[str, Any]:
        now = self.site.house.now()
        desks = self.site.house.county.desks_under(visitor.principal.unit_id)
        with self.site.house.book.read() as connection:
            waiting = board.open_alerts(connection, _ALERTS_SHOWN, desks)
            taken = board.taken_alerts(connection, now - _A_DAY, _TAKEN_SHOWN, desks)
            owed = board.reports_owed(connection, now + _SOON, _OWED_READ)
            recent = board.recent_cases(connection, _CASES_SHOWN)
            opened = board.count_opened(connection, now - _A_DAY)
            unjudged = submissions.count_waiting(connection)
        burning = [a for a in waiting if a["level"] == Verdict.EMERGENCY.value]
        return {
            "burning": sorted(burning, key=lambda alert: _urgency(alert, now)),
            "attention": [a for a in waiting if a["level"] == Verdict.ATTENTION.value],
            "taken": taken,
            "owed": together(owed),
            "overdue": sum(o["due_at"] < now for o in owed),
            "cases": recent,
            "opened": opened,
            "unjudged": unjudged,
            "health": self.site.house.health(),
            "may_act": visitor.principal.may_acknowledge,
        }


def _urgency(alert: dict[str, Any], now: datetime) -> tuple[bool, bool]:
    """What nobody answered in time stands first, a drill last; else as they came, newest first."""
    is_in_time = alert["due_at"] is None or now <= alert["due_at"]
    return alert["is_drill"], is_in_time


def together(owed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is owed with the daily reports of many units in one row. 同项合并。

    Rows come ordered by due instant and stay so. Each gets `units`, who owe it.
    """

    def same(row: dict[str, Any]) -> tuple[Any, ...]:
        alone = row["id"] if row["case_id"] is not None else 0
        what = (row["duty"], row["opened_by"])  # what was solicited, by its subject
        return (row["due_at"], what, row["timeliness"], row["is_drill"], alone)

    gathered = []
    for _, group in groupby(sorted(owed, key=same), key=same):
        rows = list(group)
        gathered.append(rows[0] | {"units": [row["owed_by"] for row in rows]})
    return gathered


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
