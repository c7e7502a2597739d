"""What the book says of itself, for whoever watches. 台账指标。

Every process reads it, so that the figures outlive any one of them: an alarm takes the greatest.
It is read in a thread and beside all else, and a scrape gets what was last read. A book that is
away, or that has not answered for a while, is `jibao_book_up 0`, and its figures are absent.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ledger import deliveries, outbox, quarantine, submissions
from ledger.book import Book
from ledger.upgrading import refuse_newer

_READ_SECONDS = 3.0
_STALE_SECONDS = 12.0  # a server that hangs answers neither yes nor no

BOOK_GAUGES = {
    "jibao_book_up": "1 while the book answers this process",
    "jibao_inbox_waiting": "Items in the inbox, not yet judged",
    "jibao_oldest_unjudged_seconds": "Age of the oldest item in the inbox that is not judged",
    "jibao_oldest_undelivered_alert_seconds": "Age of the oldest alert text nobody has received",
    "jibao_outbox_depth": "Facts not yet published; only where there is a log",
    "jibao_quarantine_depth": "Records set aside that wait for a person",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What was read at one time."""

    inbox: int
    oldest_unjudged: datetime | None
    oldest_alert: datetime | None
    quarantine: int
    outbox: int | None  # None where nothing is published

    @classmethod
    def read(cls, connection: Connection, *, is_shared: bool) -> "Figures":
        """Read them."""
        return cls(
            inbox=submissions.count_waiting(connection),
            oldest_unjudged=submissions.oldest_waiting(connection),
            oldest_alert=deliveries.oldest_alert_waiting(connection),
            quarantine=quarantine.depth(connection),
            outbox=outbox.depth(connection) if is_shared else None,
        )


@dataclass(eq=False)  # a registry keeps its collectors by identity
class BookGauges(Collector):
    """The figures of the book, read again and again."""

    book: Book
    now: Callable[[], datetime]
    ticking: Callable[[], float] = monotonic
    _figures: Figures | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)

    def register(self, registry: CollectorRegistry) -> None:
        """Let scrapes of this registry have them."""
        registry.register(self)

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(_READ_SECONDS)

    def look(self) -> None:
        """Read now.

        Raises:
            BookTooNewError: another process has brought the book past what this one knows.
        """
        try:
            with self.book.read() as connection:
                if self.book.is_shared:
                    refuse_newer(connection)
                figures = Figures.read(connection, is_shared=self.book.is_shared)
        except SQLAlchemyError:
            self._figures = None
        else:
            self._figures, self._read_at = figures, self.ticking()

    def is_up(self) -> bool:
        """Say whether the book answered when it was last asked, and that not long ago."""
        return self._figures is not None and self.ticking() - self._read_at < _STALE_SECONDS

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Give the figures to a scrape."""
        figures = self._figures if self.is_up() else None
        yield _gauge("jibao_book_up", float(figures is not None))
        if figures is not None:
            yield from self._told(figures)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name them all, without asking the book."""
        return [_gauge(name, None) for name in BOOK_GAUGES]

    def _told(self, figures: Figures) -> Iterator[GaugeMetricFamily]:
        yield _gauge("jibao_inbox_waiting", figures.inbox)
        yield _gauge("jibao_oldest_unjudged_seconds", self._age(figures.oldest_unjudged))
        yield _gauge("jibao_oldest_undelivered_alert_seconds", self._age(figures.oldest_alert))
        yield _gauge("jibao_quarantine_depth", figures.quarantine)
        if figures.outbox is not None:
            yield _gauge("jibao_outbox_depth", figures.outbox)

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self.now() - since).total_seconds())


def _gauge(name: str, value: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, BOOK_GAUGES[name], value=value)
