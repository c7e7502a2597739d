"""Up to when everything received has been judged. 水位。

No unit's report is called overdue, late or missing by an instant that intake has not passed:
not in this process, not in the inbox (which rests in the book), not in any partition.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from ledger import positions
from ledger.book import Book
from streams.pulse import seen_at

AT_THE_GATEWAY = timedelta(seconds=5.5)  # until an item is on the log, in the inbox, or refused
_SETTLING = timedelta(seconds=10)  # after the book was away: two heartbeats of every gateway
_LOOK_SECONDS = 0.5

Ends = Callable[[], Awaitable[Mapping[positions.Place, int]]]


class Watermark(Protocol):
    """What the clock asks before it calls anybody late."""

    def judged_until(self, now: datetime, oldest_waiting: datetime | None) -> datetime:
        """Return the instant before which everything received has been judged.

        Args:
            now: the clock's instant.
            oldest_waiting: the earliest `received_at` in the inbox, if any waits.
        """
        ...


@dataclass
class LogWatermark:
    """The partitions of the log: judged once their positions reach the ends they had then."""

    book: Book
    ends: Ends
    now: Callable[[], datetime]
    speed: float = 1.0  # of `now`, as the demo lives by it
    passed: datetime | None = None
    lag: int = 0  # records that were on the log and not judged, when last looked at
    _well_since: datetime | None = None

    def judged_until(self, now: datetime, oldest_waiting: datetime | None) -> datetime:
        """Return how far the log was judged; before the first look, nothing was."""
        passed = self.passed or datetime.fromtimestamp(0, now.tzinfo)
        return min(passed, oldest_waiting) if oldest_waiting else passed

    def age_seconds(self) -> float:
        """Return the age of that instant; without bound before the first look."""
        return math.inf if self.passed is None else (self.now() - self.passed).total_seconds()

    async def run(self) -> None:
        """Look again and again until cancelled; while the log is away nobody is late."""
        while True:
            await self._look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self) -> None:
        asked_at = self.now()
        try:
            ends = await self.ends()
        except Exception:  # noqa: BLE001 (aiokafka's many words for away: nothing is passed)
            return
        while True:
            try:
                reached, heard_at = await asyncio.to_thread(self._known)
            except SQLAlchemyError:
                self._well_since = None  # refusals of that time may still be on their way here
                return
            self._well_since = self._well_since or self.now()
            self.lag = sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())
            if self.lag == 0:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        if self.passed is None or self.now() - self._well_since >= _SETTLING * self.speed:
            passed = asked_at - AT_THE_GATEWAY * self.speed
            self.passed = min(passed, heard_at) if heard_at is not None else passed

    def _known(self) -> tuple[Mapping[positions.Place, int], datetime | None]:
        """Return how far the partitions are judged, and when a gateway was last heard of.

        While no gateway lives nobody can report: what falls due then is decided once the first
        heartbeat of the next one has written the outage down.
        """
        with self.book.read() as connection:
            return positions.all_of(connection), seen_at(connection)
