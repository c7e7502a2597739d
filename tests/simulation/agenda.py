"""What is to happen, in its order: simulated time is the instant of what comes next. 日程。"""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Happening = Callable[[datetime], None]


class Agenda:
    """Happenings by their instant; of two at one instant, the one that was planned first."""

    def __init__(self) -> None:
        self._planned: list[tuple[datetime, int, Happening]] = []
        self._numbers = count()

    def plan(self, at: datetime, happening: Happening) -> None:
        """Let something happen at an instant; it is told the instant."""
        heapq.heappush(self._planned, (at, next(self._numbers), happening))

    def next_at(self) -> datetime | None:
        return self._planned[0][0] if self._planned else None

    def happen(self) -> datetime:
        """Do what comes next. Returns its instant."""
        at, _, happening = heapq.heappop(self._planned)
        happening(at)
        return at
