"""What every part has: a desk, the shared book, a writer, a page for those who run it. 部件。"""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette

from app.clock import WallClock, is_synchronised
from app.gauges import BookGauges
from app.metrics import Metrics
from app.parts.senders import read_keys
from app.room import make_desk
from app.serving import beside
from app.settings import Settings
from gateway.operations import add_operations
from ledger.book import Book, BookAwayError, BookTooNewError, open_book
from ledger.effects import Effects
from ledger.writer import Writer
from streams.desk import Desk
from streams.topics import LANE_TOPICS
from streams.waking import unless

log = structlog.get_logger()

_HANDS = 3  # connections that write: more only wait for each other
_AGAIN_SECONDS = 0.5
Run = Callable[[], Awaitable[None]]


@dataclass
class Part:
    """One process of the duty room.

    `checks` say whether it is well; what `told` says stands beside them and does not count.
    """

    name: str
    settings: Settings
    clock: WallClock
    desk: Desk
    book: Book
    metrics: Metrics = field(default_factory=Metrics)
    on_effects: list[Callable[[Effects], None]] = field(default_factory=list)
    checks: dict[str, Callable[[], bool]] = field(default_factory=dict)
    told: dict[str, Callable[[], Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the writer, and what is told of this process."""
        self.gauges = BookGauges(self.book, self.clock.now)
        self.gauges.register(self.metrics.registry)
        self.checks["book"] = self.gauges.is_up
        self.writer = Writer(self.book.writing, self._tell, threads=_HANDS)
        self.keys = read_keys(self.settings.kafka_senders, self.settings.key())

    @property
    def url(self) -> str:
        """The book's address."""
        return self.settings.database_url.get_secret_value()

    @property
    def own_topics(self) -> tuple[str, ...]:
        """Topics that belong to one foreign sender each; the express lane reads them."""
        return tuple(self.keys.own_topics)

    @property
    def topics_in(self) -> tuple[str, ...]:
        """Every topic that brings items."""
        return (*LANE_TOPICS.values(), *self.own_topics)

    def is_well(self) -> bool:
        """Say whether every check of this part holds."""
        return all(check() for check in self.checks.values())

    def health(self) -> dict[str, Any]:
        """Say how this part is."""
        found = {name: check() for name, check in self.checks.items()}
        return {
            "is_ready": all(found.values()),
            **found,
            **{name: say() for name, say in self.told.items()},
            "is_clock_synchronised": is_synchronised() if self.clock.speed == 1 else None,
            "rulebook": self.desk.rulebook.digest,
            "county": self.desk.county.county_id,
        }

    def _tell(self, effects: Effects) -> None:
        for tell in self.on_effects:
            tell(effects)


@asynccontextmanager
async def part(
    settings: Settings, name: str, stop: asyncio.Event | None = None, *, carries: bool = False
) -> AsyncIterator[Part]:
    """Open a part on the shared book, waiting for the book as long as it is away.

    Raises:
        StoppedWaitingError: `stop` was set before the book was there.
    """
    clock = WallClock.shared(settings.demo_clock)
    desk = make_desk(settings, clock, carries=carries)
    book = await unless(stop or asyncio.Event(), _opened(settings))
    here = Part(name, settings, clock, desk, book)
    here.writer.start()
    await asyncio.to_thread(here.gauges.look)
    try:
        yield here
    finally:
        await here.writer.stop()
        here.book.close()


@asynccontextmanager
async def running(here: Part, *runs: Run, has_pages: bool = False) -> AsyncIterator[None]:
    """Run loops beside the block, and the operations pages where a port is set for them.

    A loop whose book went away begins again; any other fault ends the process, because a part
    that looks alive and does nothing would be worse than none.

    Raises:
        BookTooNewError: a newer version has brought the book past what this process knows.
    """
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_said_plainly())
        if not has_pages:
            here.metrics.watch(here.name, here.desk, here.health)
        if here.settings.ops_port and not has_pages:
            app = Starlette()
            add_operations(app, here.health, here.metrics.registry)
            await stack.enter_async_context(beside(app, here.settings.host, here.settings.ops_port))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = [group.create_task(_again(run)) for run in (*runs, here.gauges.run)]
        gc.freeze()  # see `app.serving`
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """Raise what a person must be told by itself, not as one of a group."""
    try:
        yield
    except BaseExceptionGroup as group:
        newer = group.subgroup(BookTooNewError)
        if newer is None:
            raise
        raise BookTooNewError(*newer.exceptions[0].args) from None


async def _opened(settings: Settings) -> Book:
    url = settings.database_url.get_secret_value()
    while True:
        try:
            return await asyncio.to_thread(open_book, settings.data, url)
        except BookAwayError:
            log.warning("book_away", part="start")
            await asyncio.sleep(1)


async def _again(run: Run) -> None:
    while True:
        try:
            await run()
        except (BookAwayError, DBAPIError) as error:
            log.warning("book_away", cause=type(error).__name__)
        except BaseExceptionGroup as group:
            if group.split((BookAwayError, DBAPIError))[1] is not None:
                raise
            log.warning("book_away", cause="group")
        await asyncio.sleep(_AGAIN_SECONDS)
