"""The late log: who, how late, under which article; as a page, for Excel, as JSON. 迟报台账。"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from gateway import tables
from gateway.api_late_log import taken_away
from gateway.site import Site, Visitor
from ledger import late_log
from ledger.late_log import Wanted
from vocabulary.china_time import at, civil_day
from vocabulary.terms import Duty, Fulfilment, LapseStanding, Severity, Timeliness

_DAYS = 30
_ROWS_SHOWN = 300
_FILTERED = [
    Timeliness.OVERDUE.value,
    Timeliness.LATE.value,
    Timeliness.MISSING.value,
    Timeliness.UNKNOWN.value,
    Timeliness.ON_TIME.value,
]
_KINDS = [duty.value for duty in Duty if duty.is_report]
_STANDINGS = [word.value for word in LapseStanding]
_SEVERITIES = [word.value for word in Severity]


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _LateLog(site)
    router.add_api_route("/late-log", room.page, methods=["GET"])
    router.add_api_route("/late-log.csv", room.csv, methods=["GET"])
    router.add_api_route("/late-log.xlsx", room.xlsx, methods=["GET"])
    router.add_api_route("/late-log.json", room.json, methods=["GET"])


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the reader asked for. `until` is a day and counts whole."""

    since: date
    until: date
    unit_id: str | None
    timeliness: str | None
    kind: str | None
    severity: str | None
    standing: str | None

    @property
    def query(self) -> str:
        said = {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "unit": self.unit_id or "",
            "timeliness": self.timeliness or "",
            "kind": self.kind or "",
            "severity": self.severity or "",
            "standing": self.standing or "",
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            since=at(self.since, time()),
            until=at(self.until + timedelta(days=1), time()),
            unit_id=self.unit_id,
            lapse=self.timeliness,
            duty=self.kind,
            severity=self.severity,
            standing=self.standing,
        )


@dataclass(frozen=True)
class _LateLog:
    site: Site

    def page(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        asked = self._asked(request, visitor)
        with self.site.house.book.read() as connection:
            rows = late_log.entries(
                connection,
                asked.wanted,
                limit=_ROWS_SHOWN + 1,
                doubting=self.site.house.rulebook.doubting,
            )
        now = self.site.house.now()
        for row in rows:
            row["overrun"] = overrun(row, now)
        shown = {
            "rows": rows[:_ROWS_SHOWN],
            "is_cut": len(rows) > _ROWS_SHOWN,
            "counts": Counter(row["timeliness"] for row in rows if not _is_waived(row)),
            "asked": asked,
            "filtered": _FILTERED,
            "kinds": _KINDS,
            "severities": _SEVERITIES,
            "standings": _STANDINGS,
            "units": self.site.house.county.reporting_units if visitor.principal.sees_all else (),
        }
        return self.site.show(request, "late_log.html", shown, visitor=visitor)

    def csv(self, request: Request) -> Response:
        return self._taken_away(request, tables.CSV)

    def xlsx(self, request: Request) -> Response:
        return self._taken_away(request, tables.XLSX)

    def json(self, request: Request) -> Response:
        return self._taken_away(request, None)

    def _taken_away(self, request: Request, kind: str | None) -> Response:
        asked = self._asked(request, self.site.visitor(request))
        return taken_away(self.site.house, asked.wanted, kind)

    def _asked(self, request: Request, visitor: Visitor) -> _Asked:
        """Read the filters; what cannot be read is not asked. A unit asks only for itself."""
        asked, principal = request.query_params, visitor.principal
        until = _day(asked.get("until")) or civil_day(self.site.house.now())
        timeliness = asked.get("timeliness")
        return _Asked(
            since=_day(asked.get("since")) or until - timedelta(days=_DAYS),
            until=until,
            unit_id=(asked.get("unit") or None) if principal.sees_all else principal.unit_id,
            timeliness=timeliness if timeliness in _FILTERED else None,
            kind=_word(Duty, asked.get("kind")),
            severity=_word(Severity, asked.get("severity")),
            standing=_word(LapseStanding, asked.get("standing")),
        )


def overrun(row: dict[str, Any], now: datetime) -> timedelta | None:
    """Return by how much it is over: as logged once it came, else until now; waived, it is not."""
    if row["timeliness"] in (Timeliness.UNKNOWN.value, Timeliness.ON_TIME.value):
        return None
    if _is_waived(row):
        return None
    if row["fulfilment"] == Fulfilment.OPEN.value:
        passed: timedelta = now - row["due_at"]
        return passed
    return timedelta(seconds=row["overrun_seconds"])


def _is_waived(row: dict[str, Any]) -> bool:
    return bool(row["fulfilment"] == Fulfilment.WAIVED.value)


def _word(kind: type[StrEnum], text: str | None) -> str | None:
    return text if text in [word.value for word in kind] else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 9000 else None
