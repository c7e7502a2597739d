"""Timeliness figures over the API. 时效统计接口。"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from gateway import tables
from gateway.api_replies import json_of
from gateway.house import House
from gateway.identity import Principal
from gateway.punctuality_figures import as_table, as_told, figures
from rules.periods import month_of, period_of


class FigureFilter(BaseModel):
    """What `GET /timeliness` may ask: a month, 2026-11, or a quarter, 2026-Q4; else this month."""

    period: str | None = Field(
        default=None, pattern=r"^[2-8][0-9]{3}-((0[1-9]|1[0-2])|Q[1-4])$", max_length=7
    )
    unit: str | None = None


def add_timeliness(router: APIRouter, house: House, who: Any) -> None:
    """Add the route; `who` gives the caller."""

    @router.get("/timeliness")
    def timeliness(
        request: Request, asked: Annotated[FigureFilter, Query()], principal: Principal = who
    ) -> Response:
        period = period_of(asked.period or "") or month_of(house.now())
        found = figures(house, principal, period, asked.unit)
        kind = tables.wanted(request)
        if kind is not None:
            return tables.answer(as_table(found, house), kind)
        return json_of(as_told(found, house))
