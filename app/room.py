"""The duty room, wired: one process, one book. 值班室装配。"""

import asyncio
import contextlib
import dataclasses
import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp

import rulebook
from app.checking import misfits_of
from app.clock import WallClock
from app.faults import PartDiedError, told_of
from app.front import Front
from app.gauges import BookGauges
from app.metrics import Metrics
from app.settings import Settings
from app.vitals import Vitals
from app.watcher import ping
from gateway.house import Board
from ledger import deliveries
from ledger.book import Book, BookAwayError, alone, open_book
from ledger.effects import Effects
from ledger.writer import Rank, Writer
from notifiers.carrier import Carrier
from notifiers.directory import Directory
from notifiers.links import Links
from rulebook import county as county_files
from rules.lane import Lane
from rules.triage import Judge
from streams.backlog import Backlog
from streams.chaining import Chainer
from streams.clock import DeadlineClock, Firing
from streams.deliver import Deliver
from streams.desk import Desk
from streams.in_flight import InFlight
from streams.intake import Intake
from vocabulary.arrival import Answer, Arrival

log = structlog.get_logger()

_AGAIN_SECONDS = 0.5


def make_desk(settings: Settings, clock: WallClock, *, carries: bool = True) -> Desk:
    """Read county and rulebook.

    Raises:
        CountyError, RulebookError: with every mistake, by file and line.
    """
    law = rulebook.load(settings.rulebook)
    if clock.speed != 1:
        law = dataclasses.replace(law, delivery=_paced(law.delivery, clock.speed))
    county = county_files.load(settings.county, os.environ)
    misfits = misfits_of(settings, law, county)
    if misfits:
        raise county_files.CountyError(tuple(misfits))
    return Desk(
        county=county,
        rulebook=law,
        judge=Judge(law, county),
        directory=Directory(county),
        links=Links(
            public_url=settings.public_url,
            secret_key=settings.key(),
            valid=law.delivery.link_valid,
        ),
        carries=carries,
        now=clock.now,
        owner=f"{os.uname().nodename}:{os.getpid()}:{clock.now().isoformat()}",
    )


def _paced(rule: Any, speed: float) -> Any:
    """Leases and waits rest in the book and so live by its clock; a channel's answer does not."""
    return dataclasses.replace(
        rule, lease=rule.lease * speed, backoff=tuple(wait * speed for wait in rule.backoff)
    )


@dataclass
class DutyRoom:
    """Everything that runs while the duty room is up."""

    settings: Settings
    clock: WallClock
    desk: Desk
    book: Book
    metrics: Metrics = field(default_factory=Metrics)
    board: Board = field(default_factory=Board)
    carrier: Carrier = field(default_factory=Carrier)
    in_flight: InFlight = field(default_factory=InFlight)

    def __post_init__(self) -> None:
        """Make the parts and join them."""
        self.writer = Writer(self.book.writing, on_effects=self._on_effects)
        self.intake = Intake(self.desk)
        self.backlog = Backlog(self.intake, self.writer)
        self.chainer = Chainer(self.book, self.writer, self.clock.now)
        self.deliver = Deliver(
            self.desk,
            self.book,
            self.writer,
            self.carrier,
            self.clock.now,
            on_answer=self.metrics.answered,
        )
        self.gauges = BookGauges(self.book, self.clock.now)
        self.gauges.register(self.metrics.registry)
        self.vitals = Vitals(
            self.clock,
            self.writer,
            self.metrics,
            self.gauges,
            self.deliver,
            kept_until=lambda now: self.in_flight.judged_until(now, None),
        )
        self.deadlines = DeadlineClock(
            Firing(self.desk, self.in_flight),
            self.writer,
            self.clock.now,
            self.clock.sleep_until,
            self.vitals.beat,
        )
        self.vitals.delay_seconds = self.deadlines.delay_seconds
        self.metrics.tell("jibao_clock_delay_seconds", self.deadlines.delay_seconds)
        self.metrics.tell("jibao_muted", lambda: self.deliver.is_muted)
        self.metrics.watch("up", self.desk, self.vitals.health)

    def application(self) -> ASGIApp:
        """Return the HTTP application of this room; the pages are only loaded now."""
        from gateway.app import create_app

        front = Front(self.settings, self.clock, self.desk, self.book, self.writer, self.board)
        house = front.house(self._submit, self._submit_batch, self.vitals.health)
        return create_app(house, registry=self.metrics.registry, refused=self.vitals.refused)

    async def start(self) -> None:
        """Start the writer, close the outage since the last life, free what the dead held."""
        self.writer.start()
        await self.vitals.begin()
        await asyncio.to_thread(self.gauges.look)
        await self.deliver.begin()
        if not self.book.is_shared:  # else their leases free what they hold
            await asyncio.to_thread(self._free_the_dead)

    async def run(self) -> None:
        """Run clock, delivery, backlog, chain and heartbeat until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep("clock", self.deadlines.run))
            group.create_task(self._keep("deliver", self.deliver.run))
            group.create_task(self._keep("intake", self.backlog.run))
            group.create_task(self._keep("chain", self.chainer.run))
            group.create_task(self._keep("pulse", self.vitals.run))
            group.create_task(self.gauges.run())
            group.create_task(self._learn_addresses())
            group.create_task(ping(self.settings.deadman_url.get_secret_value(), self._is_well))

    def _is_well(self) -> bool:
        return bool(self.vitals.health()["is_ready"])

    async def _learn_addresses(self) -> None:
        """Read every address once before it is needed: a thousand at one instant cost a tenth."""
        people = self.desk.county.people.values()
        rooms = (room for unit in self.desk.county.units.values() for room in unit.rooms)
        channels = itertools.chain(rooms, *(person.channels for person in people))
        for number, channel in enumerate(channels):
            self.carrier.understands(channel.url)
            if number % 20 == 0:
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Finish what is in hand, write the last heartbeat, close the book."""
        await self.deliver.finish()
        await self.vitals.end()
        await self.chainer.finish()
        await self.writer.stop()
        await self.carrier.close()
        self.book.close()

    def _on_effects(self, effects: Effects) -> None:
        self.deliver.take(effects.sendings)
        self.deadlines.wake(effects.next_step_at)
        if effects.is_board_changed:
            self.board.change()

    async def _submit(self, arrival: Arrival) -> Answer:
        is_express = self.desk.lane(arrival.submission) is Lane.EXPRESS
        rank = Rank.URGENT if is_express else Rank.USUAL
        landed = self.in_flight.enter(arrival.received_at)
        future = self.writer.post(self.intake.absorb, arrival, rank)
        future.add_done_callback(landed)
        with self._owning_up(arrival.received_at):
            answer: Answer = await asyncio.shield(future)
        self.metrics.count([answer])
        return answer

    async def _submit_batch(self, arrivals: list[Arrival]) -> list[Answer]:
        received_at = min(a.received_at for a in arrivals)
        landed = self.in_flight.enter(received_at)
        future = self.writer.post(self.intake.keep, arrivals, Rank.BULK)
        future.add_done_callback(landed)
        with self._owning_up(received_at):
            answers: list[Answer] = await asyncio.shield(future)
        self.metrics.count(answers)
        self.backlog.wake()
        return answers

    @contextlib.contextmanager
    def _owning_up(self, received_at: datetime) -> Iterator[None]:
        """Let a refused try count as our outage from when it came, not from when we gave up."""
        try:
            yield
        except BookAwayError:
            self.vitals.refusals.note(received_at)
            raise

    def _free_the_dead(self) -> None:
        with self.book.writing.begin() as connection:
            freed = deliveries.free_the_dead(connection, self.clock.now(), self.desk.owner)
        if freed:
            log.warning("repeating_what_was_cut_short", deliveries=freed)

    async def _keep(self, part: str, run: Any) -> None:
        """Run a part again when the book was away; any other fault ends the process.

        A house that answers 202 with nobody behind it would be worse than none.
        """
        while True:
            try:
                await run()
            except* (BookAwayError, DBAPIError):
                with contextlib.suppress(OSError):  # the log may lie on the same full disk
                    log.warning("book_away", part=part)
                self.vitals.refusals.note(self.clock.now())
            await asyncio.sleep(_AGAIN_SECONDS)


@contextlib.asynccontextmanager
async def open_room(
    settings: Settings, clock: WallClock, *, on_death: Callable[[], None] = lambda: None
) -> AsyncIterator[DutyRoom]:
    """Open a duty room on its data folder, run it, and close it in good order.

    Args:
        settings: where county, rulebook and data are.
        clock: the time this room lives by.
        on_death: called when a part died; the block should then end soon.

    Raises:
        PartDiedError: when the block has ended, if a part had died.
    """
    with alone(settings.data):
        desk = make_desk(settings, clock)
        url = settings.database_url.get_secret_value()
        room = DutyRoom(settings, clock, desk, open_book(settings.data, url))
        await room.start()
        running = asyncio.create_task(room.run())
        running.add_done_callback(lambda _: on_death())
        try:
            yield room
        finally:
            is_dead = running.done()
            running.cancel()
            (fault,) = await asyncio.gather(running, return_exceptions=True)
            await room.stop()
        if is_dead:
            log.error("part_died", **told_of(fault))
            raise PartDiedError
