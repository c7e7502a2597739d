"""One item as a unit sends it. 报送件。"""

from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from vocabulary.terms import Medium, Stage

_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_COUNT_MAX = 10_000_000


def _conceivable(moment: datetime) -> datetime:
    """Refuse a slip of the pen that no calendar could be asked about."""
    if not _EARLIEST <= moment < _LATEST:
        raise PydanticCustomError("moment_out_of_range", "is no moment of this age")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_conceivable)]
Count = Annotated[NonNegativeInt, Field(le=_COUNT_MAX)]


class Submission(BaseModel):
    """What arrives: prose, and what the sender chose to state beside it. 报送件。

    `unit_id` comes from the sender's token and is set by the gateway; the desk names another
    unit in `on_behalf_of` when it logs a telephone call, whose hour is `called_at`. Figures
    stated here overrule figures read out of the prose. Unknown fields are refused, so that a
    misspelled one is not lost in silence.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    unit_id: str | None = Field(default=None, max_length=64)
    on_behalf_of: str | None = Field(default=None, max_length=64)
    called_at: Moment | None = None
    recorder: str | None = Field(default=None, max_length=64)
    title: str = Field(default="", max_length=500)
    body: str = Field(default="", max_length=40_000)
    stage: Stage = Stage.FIRST
    case_id: str | None = Field(default=None, max_length=64)
    solicitation_id: str | None = Field(default=None, max_length=64)
    medium: Medium = Medium.WRITTEN
    occurred_at: Moment | None = None
    known_at: Moment | None = None
    drafted_at: Moment | None = None
    approved_at: Moment | None = None
    place: str | None = Field(default=None, max_length=200)
    deaths: Count | None = None
    injured: Count | None = None
    missing: Count | None = None
    reporter: str | None = Field(default=None, max_length=64)
    is_drill: bool = False

    @field_validator("*")
    @classmethod
    def _can_rest_in_a_book(cls, value: Any) -> Any:
        """Refuse the one letter that no PostgreSQL takes."""
        if isinstance(value, str) and "\x00" in value:
            raise PydanticCustomError("nul_in_text", "holds the character U+0000")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.title or self.body or self.stage is Stage.NIL):
            raise ValueError("nothing_said")
        return self

    @property
    def owing_unit(self) -> str | None:
        """The unit whose report this is: the caller's when the desk logged a call."""
        return self.on_behalf_of or self.unit_id


def named_case(submission: Submission) -> UUID | None:
    """Return the case an item names; None when it names none, or none that could be ours."""
    return _as_uid(submission.case_id)


def named_solicitation(submission: Submission) -> UUID | None:
    """Return the solicitation an item answers; None likewise. 所答约稿。"""
    return _as_uid(submission.solicitation_id)


def _as_uid(stated: str | None) -> UUID | None:
    if stated is None:
        return None
    try:
        return UUID(stated)
    except ValueError:
        return None
