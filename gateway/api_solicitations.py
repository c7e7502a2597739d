"""What the desk asks units for, through the API. 接口：约稿。"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from gateway.api_cases import Reasoned
from gateway.api_replies import ProblemError, json_of, must
from gateway.house import House
from gateway.identity import Principal
from gateway.submitting import KEY_LENGTH_MAX
from ledger import solicitations
from vocabulary.case_act import By
from vocabulary.identity import solicitation_uid
from vocabulary.solicitation import (
    SUBJECT_MAX,
    UNITS_MAX,
    WANTED_MAX,
    Solicit,
    SolicitationAct,
    Unsolicited,
    Withdraw,
)
from vocabulary.submission import Moment

_HIDDEN = ("id", "uid", "units")
_OF_THE_BOOK = ("solicitation_id", "obligation_uid", "due_at")


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("nul_in_text", "holds the character U+0000")
    return text


Text = Annotated[str, AfterValidator(_without_nul)]


class Soliciting(BaseModel):
    """`POST /solicitations`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    subject: Annotated[Text, Field(min_length=1, max_length=SUBJECT_MAX)]
    wanted: Annotated[Text, Field(max_length=WANTED_MAX)] = ""
    units: tuple[Annotated[Text, Field(max_length=64)], ...] = Field(
        min_length=1, max_length=UNITS_MAX
    )
    due_at: Moment


def add_solicitations(router: APIRouter, house: House, who: Any) -> None:
    """Add the routes."""

    async def do(act: SolicitationAct, principal: Principal) -> Response:
        must(principal.is_desk and principal.kind == "person")
        answer = await house.solicit(act)
        if isinstance(answer, Unsolicited):
            raise ProblemError(answer.value)
        return json_of(_read(house, answer.solicitation_uid, principal))

    @router.post("/solicitations")
    async def solicit(
        said: Soliciting,
        principal: Principal = who,
        key: Annotated[
            str | None, Header(alias="Idempotency-Key", min_length=1, max_length=KEY_LENGTH_MAX)
        ] = None,
    ) -> Response:
        if is_classified(house, said.subject, said.wanted):
            raise ProblemError("marked-words")
        return await do(asked(principal.id, said, key, house.now()), principal)

    @router.post("/solicitations/{solicitation_id}/withdraw")
    async def withdraw(
        solicitation_id: UUID, said: Reasoned, principal: Principal = who
    ) -> Response:
        by = By(principal.id, house.now(), said.reason)
        return await do(Withdraw(solicitation_id, by), principal)

    @router.get("/solicitations")
    def solicitation_list(
        principal: Principal = who, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> Response:
        unit_id = None if principal.sees_all else principal.unit_id
        with house.book.read() as connection:
            rows = solicitations.newest(connection, limit, unit_id=unit_id)
        return json_of({"solicitations": [_shown(row, principal) for row in rows]})

    @router.get("/solicitations/{solicitation_id}")
    def solicitation(solicitation_id: UUID, principal: Principal = who) -> Response:
        return json_of(_read(house, solicitation_id, principal))


def asked(person_id: str, said: Soliciting, key: str | None, now: datetime) -> Solicit:
    """Return what a person asks for; without a key each time is another."""
    uid = solicitation_uid(person_id, key or f"{now.isoformat()} {said.subject}")
    return Solicit(uid, person_id, now, said.subject, said.wanted, said.units, said.due_at)


def is_classified(house: House, *texts: str) -> bool:
    """Say whether any of these bears a classified mark: it then is not stored."""
    return any(house.judge.is_classified(text) for text in texts if text)


def _read(house: House, uid: UUID, principal: Principal) -> dict[str, Any]:
    """Return a solicitation.

    Raises:
        ProblemError: there is none, for this caller.
    """
    with house.book.read() as connection:
        row = solicitations.one(connection, uid)
    shown = _shown(row, principal) if row is not None else None
    if shown is None or not shown["units"]:
        raise ProblemError("not-found")
    return shown


def _shown(row: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """A unit sees that it was asked, and not who else."""
    told = {str(name): value for name, value in row.items() if name not in _HIDDEN}
    units = [
        {"obligation_id": each["obligation_uid"]}
        | {str(name): value for name, value in each.items() if name not in _OF_THE_BOOK}
        for each in row["units"]
        if principal.sees_all or each["unit_id"] == principal.unit_id
    ]
    return {"solicitation_id": row["uid"], **told, "units": units}
