"""What must happen now that it is committed. 提交之后。

The book already holds all of it; effects only spare the sweep a second of waiting.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sending:
    """A committed attempt: this process said that it sends now. 待发。"""

    attempt_id: int
    delivery_id: int
    rank: int
    recipient: str
    channel: int
    channel_id: str
    round: int
    title: str
    body: str
    is_repeat: bool
    lease_until: datetime
    alert_id: int | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """Attempts to carry out, the earliest new step of the clock, and what the board shows."""

    sendings: tuple[Sending, ...] = ()
    next_step_at: datetime | None = None
    is_board_changed: bool = True
