"""The late log: who, how late, under which article; as a page, for Excel, as JSON. 迟报台账。"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request, Response

from gateway.site import Site, Visitor
from ledger import late_log
from vocabulary.china_time import at, civil_day
from vocabulary.terms import Fulfilment, Timeliness

_DAYS = 30
_ROWS_SHOWN = 300
_FILTERED = [
    Timeliness.OVERDUE.value,
    Timeliness.LATE.value,
    Timeliness.MISSING.value,
    Timeliness.UNKNOWN.value,
    Timeliness.ON_TIME.value,
]


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _LateLog(site)
    router.add_api_route("/late-log", room.page, methods=["GET"])
    router.add_api_route("/late-log.csv", room.table, methods=["GET"])
    router.add_api_route("/late-log.json", room.json, methods=["GET"])


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the reader asked for. `until` is a day and counts whole."""

    since: date
    until: date
    unit_id: str | None
    timeliness: str | None

    @property
    def query(self) -> str:
        said = {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "unit": self.unit_id or "",
            "timeliness": self.timeliness or "",
        }
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class _LateLog:
    site: Site

    def page(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        asked = self._asked(request, visitor)
        rows = self._rows(asked, _ROWS_SHOWN + 1)
        now = self.site.house.now()
        for row in rows:
            row["overrun"] = _overrun(row, now)
        principal = visitor.principal
        sees_all = principal.is_desk or principal.is_supervisor
        shown = {
            "rows": rows[:_ROWS_SHOWN],
            "is_cut": len(rows) > _ROWS_SHOWN,
            "counts": Counter(row["timeliness"] for row in rows),
            "asked": asked,
            "filtered": _FILTERED,
            "units": self.site.house.county.reporting_units if sees_all else (),
        }
        return self.site.show(request, "late_log.html", shown, visitor=visitor)

    def table(self, request: Request) -> Response:
        asked = self._asked(request, self.site.visitor(request))
        text = late_log.as_csv(self._rows(asked), self.site.house.directory.unit_name)
        return Response(
            text,
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="late-log-{asked.until}.csv"'},
        )

    def json(self, request: Request) -> Response:
        asked = self._asked(request, self.site.visitor(request))
        content = orjson.dumps({"late_log": self._rows(asked)}, option=orjson.OPT_INDENT_2)
        return Response(content, media_type="application/json")

    def _asked(self, request: Request, visitor: Visitor) -> _Asked:
        """Read the filters; what cannot be read is not asked. A unit asks only for itself."""
        asked, principal = request.query_params, visitor.principal
        today = civil_day(self.site.house.now())
        until = _day(asked.get("until")) or today
        timeliness = asked.get("timeliness")
        sees_all = principal.is_desk or principal.is_supervisor
        return _Asked(
            since=_day(asked.get("since")) or until - timedelta(days=_DAYS),
            until=until,
            unit_id=(asked.get("unit") or None) if sees_all else principal.unit_id,
            timeliness=timeliness if timeliness in _FILTERED else None,
        )

    def _rows(self, asked: _Asked, limit: int = late_log.ROWS_MAX) -> list[dict[str, Any]]:
        with self.site.house.book.read() as connection:
            return late_log.entries(
                connection,
                at(asked.since, time()),
                at(asked.until + timedelta(days=1), time()),
                unit_id=asked.unit_id,
                timeliness=asked.timeliness,
                limit=limit,
            )


def _overrun(row: dict[str, Any], now: datetime) -> timedelta | None:
    """Return by how much it is over: as logged once it came, else until now."""
    if row["timeliness"] in (Timeliness.UNKNOWN.value, Timeliness.ON_TIME.value):
        return None
    if row["fulfilment"] == Fulfilment.OPEN.value:
        passed: timedelta = now - row["due_at"]
        return passed
    return timedelta(seconds=row["overrun_seconds"])


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 9000 else None
