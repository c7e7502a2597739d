"""What a person does at the desk: a hand on an alert, a word that it was reported. 值班动作。"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's hand on an alert at an instant."""

    alert_uid: UUID
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands after a hand was laid on it. `is_change` is False for a repeat."""

    alert_uid: UUID
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    is_change: bool


@dataclass(frozen=True, slots=True)
class Upward:
    """A person says at `at` that the desk reported a case to `owed_to` at `reported_at`."""

    case_uid: UUID
    owed_to: str
    person_id: str
    at: datetime
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """How many of the desk's open reports that met."""

    count: int
    reported_at: datetime
