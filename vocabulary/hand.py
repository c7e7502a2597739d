"""A person's hand on an alert. 签收动作。"""

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
