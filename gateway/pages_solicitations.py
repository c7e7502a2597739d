"""What the desk asks units for: the form, and how each unit stands. 约稿页。"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.api_cases import REASON_MAX
from gateway.api_solicitations import is_classified
from gateway.form_fields import instant_of
from gateway.language import chosen, said
from gateway.pages_case import NO_REASON
from gateway.pages_form import new_key
from gateway.problems import SENTENCES
from gateway.site import PageError, Site, Visitor, go
from gateway.submitting import KEY_LENGTH_MAX
from ledger import solicitations
from rules.county import Unit
from vocabulary.case_act import By
from vocabulary.identity import solicitation_uid
from vocabulary.solicitation import (
    SUBJECT_MAX,
    UNITS_MAX,
    WANTED_MAX,
    Solicit,
    Unsolicited,
    Withdraw,
)
from vocabulary.terms import UnitKind

_SHOWN = 50
_KINDS = (UnitKind.TOWNSHIP, UnitKind.BUREAU)
_NAMES = ("subject", "wanted", "due_at")
_WANTING = said("请填写")
_NOBODY = said("请至少选一家单位")
_TOO_SOON = said("报送时限太近，留给单位的时间不足")
_MARKED = (
    422,
    said("内容带有密级标志，未予保存"),
    said("涉密内容请走机要渠道，不得经本系统约稿。"),
)


@dataclass(frozen=True)
class _Typed:
    """The form as it was filled in, and what to mend by field."""

    values: dict[str, str]
    units: frozenset[str] = frozenset()
    due_at: datetime | None = None
    mistakes: dict[str, str] = field(default_factory=dict)


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Solicitations(site)
    router.add_api_route("/solicitations", room.page, methods=["GET"])
    router.add_api_route("/solicitations", room.ask, methods=["POST"])
    router.add_api_route("/solicitations/{uid}/withdraw", room.withdraw, methods=["POST"])


@dataclass(frozen=True)
class _Solicitations:
    site: Site

    def page(self, request: Request) -> Response:
        visitor = self.site.visitor_who(request, lambda principal: principal.sees_all)
        return self._show(request, visitor, _Typed(dict.fromkeys(_NAMES, "")), new_key())

    async def ask(self, request: Request) -> Response:
        visitor = self.site.visitor_who(request, lambda principal: principal.is_desk)
        fields = await self.site.posted(request, visitor.number)
        house, key = self.site.house, fields.get("key", "")[:KEY_LENGTH_MAX] or new_key()
        typed = _read(fields, self._units(visitor))
        if is_classified(house, typed.values["subject"], typed.values["wanted"]):
            raise PageError(*_MARKED)
        if typed.mistakes or typed.due_at is None:
            return self._show(request, visitor, typed, key, status=422)
        act = Solicit(
            solicitation_uid(visitor.principal.id, key),
            visitor.principal.id,
            house.now(),
            typed.values["subject"],
            typed.values["wanted"],
            tuple(unit.unit_id for unit in self._units(visitor) if unit.unit_id in typed.units),
            typed.due_at,
        )
        answer = await house.solicit(act)
        if answer is Unsolicited.TOO_SOON:
            mended = _Typed(typed.values, typed.units, None, {"due_at": _TOO_SOON})
            return self._show(request, visitor, mended, key, status=422)
        if isinstance(answer, Unsolicited):
            raise _refused(request, answer)
        return go("/solicitations")

    async def withdraw(self, request: Request, uid: UUID) -> Response:
        visitor = self.site.visitor_who(request, lambda principal: principal.is_desk)
        fields = await self.site.posted(request, visitor.number)
        reason = fields.get("reason", "").strip()[:REASON_MAX]
        if not reason:
            raise PageError(*NO_REASON)
        by = By(visitor.principal.id, self.site.house.now(), reason)
        answer = await self.site.house.solicit(Withdraw(uid, by))
        if isinstance(answer, Unsolicited):
            raise _refused(request, answer)
        return go("/solicitations")

    def _show(
        self, request: Request, visitor: Visitor, typed: _Typed, key: str, status: int = 200
    ) -> Response:
        with self.site.house.book.read() as connection:
            rows = solicitations.newest(connection, _SHOWN)
        shown = {
            "rows": rows,
            "values": typed.values,
            "chosen_units": typed.units,
            "mistakes": typed.mistakes,
            "key": key,
            "groups": [
                (kind.value, [unit for unit in self._units(visitor) if unit.kind is kind])
                for kind in _KINDS
            ],
            "may_act": visitor.principal.is_desk,
        }
        return self.site.show(request, "solicitations.html", shown, visitor=visitor, status=status)

    def _units(self, visitor: Visitor) -> list[Unit]:
        """The units under the visitor's desk; where there are very many, the first of them."""
        county = self.site.house.county
        own = visitor.principal.unit_id
        theirs = (
            unit
            for unit in county.reporting_units
            if any(desk.unit_id == own for desk in county.desks_of(unit.unit_id))
        )
        return list(theirs)[:UNITS_MAX]


def _read(fields: Mapping[str, str], units: list[Unit]) -> _Typed:
    """Read the form; a group's box stands for all of its units."""
    values = {name: fields.get(name, "").strip() for name in _NAMES}
    values["subject"] = values["subject"][:SUBJECT_MAX]
    values["wanted"] = values["wanted"][:WANTED_MAX]
    picked = frozenset(
        unit.unit_id
        for unit in units
        if f"unit-{unit.unit_id}" in fields or f"all-{unit.kind.value}" in fields
    )
    mistakes = {} if values["subject"] else {"subject": _WANTING}
    if not picked:
        mistakes["units"] = _NOBODY
    due_at = None
    try:
        due_at = instant_of(values["due_at"])
    except ValueError as error:
        mistakes["due_at"] = str(error)
    return _Typed(values, picked, due_at, mistakes)


def _refused(request: Request, why: Unsolicited) -> PageError:
    status, chinese, english = SENTENCES[why.value]
    return PageError(
        status, said("本次操作未执行"), english if chosen(request).is_english else chinese
    )
