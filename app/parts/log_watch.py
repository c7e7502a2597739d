"""Does the log answer, and how far is it judged? 日志观察。

Asks the brokers every few seconds for the ends of some topics, and the book for what is judged of
them. `lag` counts records; `lag_seconds` is for how long the oldest of them may have waited: since
the last time that all there was had been judged. While nobody answers, it grows.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from app.metrics import Metrics
from ledger import positions
from ledger.book import Book

_LOOK_SECONDS = 3.0
_AGAIN_SECONDS = 0.5
_STALE_SECONDS = 12.0
_STALLED_SECONDS = 30.0  # longer than a worker's death and the rebalance after it
_MOST_LOOKS = 500  # that are remembered while a backlog is worked off

Places = Mapping[positions.Place, int]


class Asking(Protocol):
    """Asks the brokers for ends."""

    def __call__(self) -> Awaitable[Places]:
        """Return the end of each partition; raise while the brokers are away."""
        ...

    async def close(self) -> None:
        """Leave the brokers."""
        ...


@dataclass
class LogWatch:
    """One process's look at the log; without a book it looks only whether the log answers."""

    ends: Asking
    book: Book | None = None
    ticking: Callable[[], float] = monotonic
    lag: int = 0
    _answered_at: float | None = None
    _passed_at: float = field(init=False)  # all that was there then is judged
    _moved_at: float = field(init=False)
    _reached: Places = field(default_factory=dict)
    _looks: "deque[tuple[float, Places]]" = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Begin to count from now."""
        self._passed_at = self._moved_at = self.ticking()

    async def run(self) -> None:
        """Look until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(_LOOK_SECONDS if self.is_up() else _AGAIN_SECONDS)
        finally:
            await self.ends.close()

    async def look(self) -> None:
        """Look now."""
        asked_at = self.ticking()
        try:
            ends = await self.ends()
        except Exception:  # noqa: BLE001 (aiokafka's many words for away)
            self._answered_at = None
            return
        self._answered_at = self.ticking()
        if self.book is None:
            return
        try:
            reached = await asyncio.to_thread(self._positions, self.book)
        except SQLAlchemyError:
            return  # nothing is judged while the book is away: the lag grows by itself
        self._count(asked_at, ends, reached)

    def is_up(self) -> bool:
        """Say whether the brokers answered when they were last asked, and that not long ago."""
        return self._is_fresh(self._answered_at)

    def is_moving(self) -> bool:
        """Say whether the lane goes on: nothing waits, or something was judged not long ago."""
        return self.lag == 0 or self.ticking() - self._moved_at < _STALLED_SECONDS

    def lag_seconds(self) -> float:
        """Return for how long the oldest unjudged record may have waited."""
        if self.lag == 0 and self.ticking() - self._passed_at < _STALE_SECONDS:
            return 0.0
        return self.ticking() - self._passed_at

    def tell(self, metrics: Metrics, lane: str = "") -> None:
        """Let scrapes have it."""
        metrics.tell("jibao_log_up", self.is_up)
        if lane:
            metrics.tell("jibao_log_lag_messages", lambda: self.lag, lane=lane)
            metrics.tell("jibao_log_lag_seconds", self.lag_seconds, lane=lane)

    def _count(self, asked_at: float, ends: Places, reached: Places) -> None:
        self.lag = _behind(ends, reached)
        ours = {place: reached.get(place, 0) for place in ends}
        if ours != self._reached or self.lag == 0:
            self._reached, self._moved_at = ours, self.ticking()
        if len(self._looks) < _MOST_LOOKS:
            self._looks.append((asked_at, ends))
        while self._looks and _behind(self._looks[0][1], reached) == 0:
            self._passed_at, _ = self._looks.popleft()

    def _is_fresh(self, then: float | None) -> bool:
        return then is not None and self.ticking() - then < _STALE_SECONDS

    def _positions(self, book: Book) -> Places:
        with book.read() as connection:
            return positions.all_of(connection)


def _behind(ends: Places, reached: Places) -> int:
    return sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())
