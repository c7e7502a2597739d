"""What a person says to a row of the late log, signed. 对台账的答复。"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from vocabulary.terms import AnswerKind, Lapse

REASON_MAX = 2_000


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("nul_in_text", "holds the character U+0000")
    return text


class Reason(BaseModel):
    """A rebuttal or a waiver, as it is sent. 理由。"""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    reason: Annotated[str, Field(min_length=1, max_length=REASON_MAX), AfterValidator(_without_nul)]


class ReasonedLapse(Reason):
    """A finding as it is sent: which lapse, and why. 认定及理由。"""

    lapse: Lapse


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """One answer, signed. 一条答复。

    `said_by` is `unit:<id>` or `person:<id>`; `unit_id` the unit for whom a rebuttal is made,
    None of a supervisor, who answers every row.
    """

    obligation_uid: UUID
    kind: AnswerKind
    lapse: Lapse | None
    reason: str
    said_by: str
    unit_id: str | None
    at: datetime
