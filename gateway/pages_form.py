"""The township's form: one column, works without a script, loses nothing typed. 报送表单。"""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from gateway.form_fields import NAMES, Filled, read_form
from gateway.identity import Principal
from gateway.intake_door import ClassifiedError, NoSuchUnitError, NotYoursError
from gateway.language import said
from gateway.site import Site, Visitor, go
from gateway.submitting import KEY_LENGTH_MAX
from ledger import cases, obligations, solicitations, submissions
from ledger.book import BookAwayError
from vocabulary.arrival import Conflict, Marked
from vocabulary.terms import Medium, Stage

_STAGES = [stage.value for stage in Stage]
_MEDIA = [Medium.WRITTEN.value, Medium.PHONE.value]
_PREFILLED = ("case_id", "solicitation_id", "stage", "title", "on_behalf_of")

_NOT_YOURS = said("只有县值班室可以代其他单位报送")
_NO_SUCH_UNIT = said("本县没有这个单位，请重选")


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Form(site)
    router.add_api_route("/report", room.empty, methods=["GET"])
    router.add_api_route("/report", room.submit, methods=["POST"])


def blank(site: Site, visitor: Visitor, request: Request) -> dict[str, Any]:
    """Return what a fresh form shows; a link may have named the case and the stage."""
    asked = request.query_params
    values = dict.fromkeys(NAMES, "") | {name: asked.get(name, "") for name in _PREFILLED}
    if values["stage"] not in _STAGES:
        values["stage"] = Stage.FOLLOW_UP.value if values["case_id"] else Stage.FIRST.value
    is_call = visitor.principal.is_desk  # the desk writes down what it was told by telephone
    values["medium"] = Medium.PHONE.value if is_call else Medium.WRITTEN.value
    if visitor.principal.kind == "person":
        own_name = site.house.county.people[visitor.principal.id].name
        values["recorder" if visitor.principal.is_desk else "reporter"] = own_name
    return _shown(site, visitor, Filled(values), key=new_key())


def new_key() -> str:
    """Mint the key under which a form may be sent again without becoming a second item."""
    return f"form-{secrets.token_urlsafe(16)}"


@dataclass(frozen=True)
class _Form:
    site: Site

    def empty(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        shown = blank(self.site, visitor, request)
        return self.site.show(request, "report.html", shown, visitor=visitor)

    async def submit(self, request: Request) -> Response:
        visitor = self.site.visitor(request)
        fields = await self.site.posted(request, visitor.number)
        key = fields.get("key", "")[:KEY_LENGTH_MAX] or new_key()
        filled = read_form(fields, self.site.house.now())
        if filled.submission is None:
            if self._is_marked(filled):
                return await self._turn_away(request, visitor, filled)
            return await self._again(request, visitor, filled, key, status=422)
        try:
            answer = await self.site.door.take(visitor.principal, filled.submission, key)
        except ClassifiedError:
            return self._classified(request, visitor)
        except NotYoursError:
            return await self._mend(request, visitor, filled, key, _NOT_YOURS)
        except NoSuchUnitError:
            return await self._mend(request, visitor, filled, key, _NO_SUCH_UNIT)
        except BookAwayError:
            self.site.refused()
            if self._is_marked(filled):
                return self._classified(request, visitor, status=503)
            return await self._again(request, visitor, filled, key, status=503, is_away=True)
        if isinstance(answer, Conflict):
            return await asyncio.to_thread(
                self._conflict, request, visitor, filled, answer.submission_uid
            )
        return go(f"/receipts/{_receipt_uid(answer.receipt)}")

    async def _mend(
        self, request: Request, visitor: Visitor, filled: Filled, key: str, mistake: str
    ) -> Response:
        mended = Filled(filled.values, {"on_behalf_of": mistake})
        return await self._again(request, visitor, mended, key, status=422)

    async def _again(
        self,
        request: Request,
        visitor: Visitor,
        filled: Filled,
        key: str,
        *,
        status: int,
        is_away: bool = False,
    ) -> Response:
        known = await asyncio.to_thread(_shown, self.site, visitor, filled, key=key)
        shown = known | {"is_away": is_away}
        headers = {"Retry-After": "5"} if is_away else None
        return self.site.show(
            request, "report.html", shown, visitor=visitor, status=status, headers=headers
        )

    def _conflict(
        self, request: Request, visitor: Visitor, filled: Filled, first_uid: UUID
    ) -> Response:
        """Offer what was typed as a follow-up to what already rests under the key."""
        with self.site.house.book.read() as connection:
            first = submissions.one(connection, first_uid)
        case_uid = first["case_uid"] if first else None
        offered = {
            "stage": Stage.FOLLOW_UP.value,
            "case_id": str(case_uid) if case_uid else filled.values["case_id"],
        }
        shown = _shown(self.site, visitor, Filled(filled.values | offered), key=new_key())
        shown["conflict"] = {
            "uid": first_uid,
            "received_at": first["received_at"] if first else None,
        }
        return self.site.show(request, "report.html", shown, visitor=visitor, status=422)

    def _is_marked(self, filled: Filled) -> bool:
        judge = self.site.house.judge
        return any(judge.is_classified(text) for text in filled.values.values() if text)

    async def _turn_away(self, request: Request, visitor: Visitor, filled: Filled) -> Response:
        """Tell the officer of a marked text whose form had mistakes: it is not shown again."""
        digest = hashlib.sha256(repr(sorted(filled.values.items())).encode()).digest()
        marked = Marked(visitor.principal.unit_id, self.site.house.now(), digest)
        try:
            await self.site.house.mark_classified(marked)
        except BookAwayError:
            self.site.refused()
            return self._classified(request, visitor, status=503)
        return self._classified(request, visitor)

    def _classified(self, request: Request, visitor: Visitor, status: int = 422) -> Response:
        shown = {"is_told": status != 503}
        return self.site.show(request, "classified.html", shown, visitor=visitor, status=status)


def _shown(site: Site, visitor: Visitor, filled: Filled, *, key: str) -> dict[str, Any]:
    return {
        "values": filled.values,
        "mistakes": filled.mistakes,
        "key": key,
        "stages": _STAGES,
        "media": _MEDIA,
        "units": site.house.county.reporting_units if visitor.principal.is_desk else (),
        "case_title": _case_title(site, visitor, filled.values),
        "asked": _solicitation(site, visitor, filled.values),
        "is_away": False,
        "conflict": None,
    }


def _case_title(site: Site, visitor: Visitor, values: Mapping[str, str]) -> str:
    """Return the title of the case that the form names, to whoever may know it."""
    try:
        uid = UUID(values["case_id"])
    except ValueError:
        return ""
    try:
        with site.house.book.read() as connection:
            case = cases.by_uid(connection, [uid]).get(uid)
            may = case is not None and _may_know(connection, visitor.principal, case)
    except OperationalError:  # the form is shown all the same, with what was typed in it
        return ""
    return str(case["title"]) if case is not None and may else ""


def _solicitation(
    site: Site, visitor: Visitor, values: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """Return what the form answers, to whoever was asked for it, and to the desk."""
    try:
        uid = UUID(values["solicitation_id"])
        with site.house.book.read() as connection:
            found = solicitations.one(connection, uid)
    except (ValueError, OperationalError):
        return None
    units = {each["unit_id"] for each in found["units"]} if found is not None else set()
    return found if visitor.principal.sees_all or visitor.principal.unit_id in units else None


def _may_know(connection: Connection, principal: Principal, case: Mapping[str, Any]) -> bool:
    """Say whether a case's title is for them: the desk, its unit, and who owes a report for it."""
    unit_id = principal.unit_id
    if principal.sees_all or case["unit_id"] == unit_id:
        return True
    return bool(obligations.find(connection, unit_id=unit_id, case_key=case["id"], limit=1))


def _receipt_uid(receipt: str) -> str:
    return str(orjson.loads(receipt)["submission_id"])
