"""Up to when everything received has been judged. 水位。

No unit's report is called overdue, late or missing by an instant that intake has not passed:
not in this process, not in the inbox (which rests in the book), not in any partition.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from ledger import positions
from ledger.book import Book

AT_THE_GATEWAY = timedelta(seconds=2.5)  # until an item is on the log, in the inbox, or refused
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
                reached = await asyncio.to_thread(self._positions)
            except SQLAlchemyError:
                self._well_since = None  # refusals of that time may still be on their way here
                return
            self._well_since = self._well_since or self.now()
            self.lag = sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())
            if self.lag == 0:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        if self.passed is None or self.now() - self._well_since >= _SETTLING * self.speed:
            self.passed = asked_at - AT_THE_GATEWAY * self.speed

    def _positions(self) -> Mapping[positions.Place, int]:
        with self.book.read() as connection:
            return positions.all_of(connection)
