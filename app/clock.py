"""The one door to the clock. 时钟之门。

`speed` above one makes the demo's day pass quickly: everything in the book lives by this
clock, and only the waiting for a channel's answer is real.
"""

import asyncio
import ctypes
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Self

from streams.waking import woken_within
from vocabulary.china_time import BEIJING

_STRETCH_SECONDS = 5.0
_TIME_ERROR = 5  # adjtimex(2): the machine's clock is not synchronised


@dataclass
class WallClock:
    """The time, as this process lives it."""

    speed: float = 1.0
    starts_at: datetime | None = None
    _began: float = field(default_factory=monotonic)

    @classmethod
    def shared(cls, said: str) -> Self:
        """Return the clock that `said` describes, the same in every process; empty: the real one.

        For the demo's day in several processes: what `as_shared` of one of them returned.
        """
        if not said:
            return cls()
        speed, starts_at, began = said.split(" ")
        return cls(float(speed), datetime.fromisoformat(starts_at), float(began))

    def as_shared(self) -> str:
        """Return a description of this clock for other processes of the same machine."""
        return f"{self.speed} {self.now().isoformat()} {monotonic()}"

    def now(self) -> datetime:
        """Return the instant now, in Beijing's time zone."""
        if self.starts_at is None:
            return datetime.now(BEIJING)
        return self.starts_at + timedelta(seconds=(monotonic() - self._began) * self.speed)

    async def sleep_until(self, instant: datetime, woken: asyncio.Event) -> None:
        """Sleep until the instant, or until `woken` is set.

        In stretches of a few seconds, looking only at the clock: a machine that was suspended, or
        whose hour was put forward, must not oversleep a deadline by as much.
        """
        while not woken.is_set():
            seconds = (instant - self.now()).total_seconds() / self.speed
            if seconds <= 0:
                return
            await woken_within(woken, min(seconds, _STRETCH_SECONDS))


def is_synchronised() -> bool | None:
    """Say whether the kernel believes its clock; None where it cannot be asked.

    A wrong clock of ours would convict every unit in the county.
    """
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (AttributeError, OSError):
        return None
    return None if state < 0 else bool(state != _TIME_ERROR)
