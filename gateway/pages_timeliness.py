"""How punctual each unit was, by month and quarter. 时效统计页。"""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from gateway import tables
from gateway.punctuality_figures import Figures, as_table, figures
from gateway.site import Site, Visitor
from rules.periods import month_of, period_of, recent
from rules.punctuality import Punctuality
from vocabulary.terms import Stretch, Timeliness

_AGAINST = (Timeliness.LATE, Timeliness.OVERDUE, Timeliness.MISSING, Timeliness.UNKNOWN)


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Timeliness(site)
    router.add_api_route("/timeliness", room.page, methods=["GET"])
    router.add_api_route("/timeliness.csv", room.csv, methods=["GET"])
    router.add_api_route("/timeliness.xlsx", room.xlsx, methods=["GET"])


@dataclass(frozen=True)
class _Timeliness:
    site: Site

    def page(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        found = self._figures(request, visitor)
        house = self.site.house
        targets = house.rulebook.targets
        shown = {
            "period": found.period,
            "periods": recent(house.now()),
            "figures": [(unit, each) for unit, each in found.units.items() if _is_told(each)],
            "against": [word.value for word in _AGAINST],
            "stretches": [word.value for word in Stretch],
            "targets": targets,
        }
        return self.site.show(request, "timeliness.html", shown, visitor=visitor)

    def csv(self, request: Request) -> Response:
        return self._taken_away(request, tables.CSV)

    def xlsx(self, request: Request) -> Response:
        return self._taken_away(request, tables.XLSX)

    def _taken_away(self, request: Request, kind: str) -> Response:
        found = self._figures(request, self.site.visitor(request))
        return tables.answer(as_table(found, self.site.house), kind)

    def _figures(self, request: Request, visitor: Visitor) -> Figures:
        """Read the period; what cannot be read is this month."""
        house = self.site.house
        period = period_of(request.query_params.get("period", "")) or month_of(house.now())
        return figures(house, visitor.principal, period, None)


def _is_told(each: Punctuality) -> bool:
    """Say whether anything has come due: a unit without is in the table, and not on the page."""
    return any(count for word, count in each.tally.items() if word is not Timeliness.PENDING)
