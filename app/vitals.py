"""Is the house listening? 生命体征。

The heartbeat is what later says whether a unit was late for us; readiness is the truth, not a
greeting.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.clock import WallClock, is_synchronised
from app.gauges import BookGauges
from app.metrics import Metrics
from ledger.book import BookAwayError
from ledger.writer import Rank, Writer
from streams.deliver import Deliver
from streams.pulse import Beat, Refusals, beat

_BEAT_SECONDS = 5.0
_STALE_SECONDS = 15.0


@dataclass
class Vitals:
    """Heartbeats and readiness."""

    clock: WallClock
    writer: Writer
    metrics: Metrics
    gauges: BookGauges
    deliver: Deliver | None = None  # None where other processes carry
    delay_seconds: Callable[[], float] = lambda: 0.0  # of the clock, where it is in this process
    takes_in_without_book: Callable[[], bool] | None = None  # None where there is no log
    kept_until: Callable[[datetime], datetime | None] = lambda _: None  # what is in flight is not
    refusals: Refusals = field(default_factory=Refusals)
    beaten_at: datetime | None = None
    _alive_at: datetime | None = None

    async def begin(self) -> None:
        """Write the first heartbeat of this life; it closes the outage since the last."""
        now = self.clock.now()
        await self.writer.do(beat, Beat(now, is_first=True))
        self.beaten_at = self._alive_at = now

    async def end(self) -> None:
        """Write the last heartbeat, if the book is there."""
        with contextlib.suppress(BookAwayError):
            now = self.clock.now()
            last = Beat(now, self.refusals.since, kept_until=self.kept_until(now))
            await self.writer.do(beat, last)

    async def live(self) -> None:
        """Begin, however long the book is away, then beat until cancelled."""
        while self.beaten_at is None:
            with contextlib.suppress(BookAwayError):
                await self.begin()
        await self.run()

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            with contextlib.suppress(BookAwayError):
                await self.beat()
            await asyncio.sleep(_BEAT_SECONDS)

    async def beat(self) -> None:
        """Write a heartbeat now, with any refused tries, before something is called late."""
        since = self.refusals.since
        now = self.clock.now()
        if self._alive_at is not None and not self._is_recent(self._alive_at):
            # Frozen, suspended or starved: nobody could reach us, and nobody is late for it.
            since = min(since or self._alive_at, self._alive_at)
            self.refusals.note(since)
        self._alive_at = now
        is_fresh = self.beaten_at is not None and (now - self.beaten_at).total_seconds() < 1
        if since is None and is_fresh:
            return
        try:
            heartbeat = Beat(now, since, kept_until=self.kept_until(now))
            await self.writer.do(beat, heartbeat, Rank.URGENT)
        except BookAwayError:
            if not self._takes_in_without_book():
                self.refusals.note(since or now)
            raise
        self.refusals.written(now)
        self.beaten_at = now

    def refused(self) -> None:
        """Count a try that was answered with 503, and remember since when."""
        self.metrics.refused.inc()
        self.refusals.note(self.clock.now())

    def health(self) -> dict[str, Any]:
        """Say how the parts are; what is not under `is_ready`'s own checks is told beside."""
        is_beating = self._is_recent(self.beaten_at)
        is_on_time = self.delay_seconds() < _STALE_SECONDS * self.clock.speed
        is_taken = self._takes_in_without_book()
        found: dict[str, Any] = {
            "clock": (is_beating or is_taken) and is_on_time,
            "intake": self.refusals.since is None and (self.gauges.is_up() or is_taken),
        }
        told: dict[str, Any] = {"book": self.gauges.is_up()}
        if self.takes_in_without_book is not None:
            told["log"] = is_taken
        if self.deliver is not None:
            found["deliver"] = self._is_recent(self.deliver.last_swept_at)
        return {
            "is_ready": all(found.values()),
            **found,
            **told,
            "is_muted": self.deliver is not None and self.deliver.is_muted,
            "is_clock_synchronised": is_synchronised() if self.clock.speed == 1 else None,
        }

    def _is_recent(self, then: datetime | None) -> bool:
        if then is None:
            return False
        return (self.clock.now() - then).total_seconds() < _STALE_SECONDS * self.clock.speed

    def _takes_in_without_book(self) -> bool:
        return self.takes_in_without_book is not None and self.takes_in_without_book()
