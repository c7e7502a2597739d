"""The duty room, wired: one process, one book. 值班室装配。"""

import asyncio
import contextlib
import dataclasses
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from fastapi import FastAPI

import rulebook
from app.clock import WallClock
from app.metrics import Metrics
from app.settings import Settings
from app.vitals import Vitals
from gateway.app import create_app
from gateway.house import Board, House
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
from streams.acknowledge import Acknowledging
from streams.backlog import Backlog
from streams.classified import Stub
from streams.clock import DeadlineClock, Firing
from streams.deliver import Deliver
from streams.desk import Desk
from streams.in_flight import InFlight
from streams.intake import Intake
from vocabulary.arrival import Answer, Arrival, Marked
from vocabulary.hand import Hand, Standing

log = structlog.get_logger()

_BEAT_SECONDS = 5.0
_DEADMAN_SECONDS = 60.0
_STALE_SECONDS = 15.0


def make_desk(settings: Settings, clock: WallClock) -> Desk:
    """Read county and rulebook.

    Raises:
        CountyError, RulebookError: with every mistake, by file and line.
    """
    law = rulebook.load(settings.rulebook)
    if clock.speed != 1:
        law = dataclasses.replace(law, delivery=_paced(law.delivery, clock.speed))
    county = county_files.load(settings.county, os.environ)
    return Desk(
        county=county,
        rulebook=law,
        judge=Judge(law),
        directory=Directory(county),
        links=Links(
            public_url=settings.public_url,
            secret_key=settings.key(),
            valid=law.delivery.link_valid,
        ),
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
        self.acknowledging = Acknowledging(self.desk)
        self.stub = Stub(self.desk)
        self.backlog = Backlog(self.intake, self.writer)
        self.deliver = Deliver(
            self.desk,
            self.book,
            self.writer,
            self.carrier,
            self.clock.now,
            on_answer=self.metrics.answered,
        )
        self.vitals = Vitals(self.clock, self.book, self.writer, self.deliver, self.metrics)
        self.deadlines = DeadlineClock(
            Firing(self.desk, self.in_flight),
            self.writer,
            self.clock.now,
            self.clock.sleep_until,
            self.vitals.beat,
        )
        self.metrics.clock_delay_seconds.set_function(self.deadlines.delay_seconds)

    def application(self) -> FastAPI:
        """Return the HTTP application of this room."""
        house = House(
            county=self.desk.county,
            rulebook=self.desk.rulebook,
            judge=self.desk.judge,
            directory=self.desk.directory,
            links=self.desk.links,
            book=self.book,
            secret_key=self.settings.key(),
            now=self.clock.now,
            submit=self._submit,
            submit_batch=self._submit_batch,
            mark_classified=self._mark_classified,
            acknowledge=self._acknowledge,
            take_back=self._take_back,
            health=self._health,
            board=self.board,
        )
        return create_app(house, registry=self.metrics.registry, refused=self.vitals.refused)

    async def start(self) -> None:
        """Start the writer, close the outage since the last life, free what the dead held."""
        self.writer.start()
        await self.vitals.begin()
        await asyncio.to_thread(self._free_the_dead)

    async def run(self) -> None:
        """Run clock, delivery, backlog and heartbeat until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep("clock", self.deadlines.run))
            group.create_task(self._keep("deliver", self.deliver.run))
            group.create_task(self._keep("intake", self.backlog.run))
            group.create_task(self._keep("pulse", self.vitals.run))
            group.create_task(self.vitals.ping(self.settings.deadman_url.get_secret_value()))

    async def stop(self) -> None:
        """Finish what is in hand, write the last heartbeat, close the book."""
        await self.deliver.finish()
        await self.vitals.end()
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
        answer: Answer = await asyncio.shield(future)
        self.metrics.accepted.inc()
        return answer

    async def _submit_batch(self, arrivals: list[Arrival]) -> list[Answer]:
        landed = self.in_flight.enter(min(a.received_at for a in arrivals))
        future = self.writer.post(self.intake.keep, arrivals, Rank.BULK)
        future.add_done_callback(landed)
        answers: list[Answer] = await asyncio.shield(future)
        self.metrics.accepted.inc(len(answers))
        self.backlog.wake()
        return answers

    async def _mark_classified(self, marked: Marked) -> None:
        await self.writer.do(self.stub.call, marked, Rank.URGENT)

    async def _acknowledge(self, hand: Hand) -> Standing | None:
        standing: Standing | None = await self.writer.do(
            self.acknowledging.acknowledge, hand, Rank.URGENT
        )
        return standing

    async def _take_back(self, hand: Hand) -> Standing | None:
        standing: Standing | None = await self.writer.do(
            self.acknowledging.take_back, hand, Rank.URGENT
        )
        return standing

    def _health(self) -> dict[str, Any]:
        return {
            **self.vitals.health(),
            "rulebook": self.desk.rulebook.digest,
            "county": self.desk.county.county_id,
        }

    def _free_the_dead(self) -> None:
        with self.book.writing.begin() as connection:
            freed = deliveries.free_the_dead(connection, self.clock.now(), self.desk.owner)
        if freed:
            log.warning("repeating_what_was_cut_short", deliveries=freed)

    async def _keep(self, part: str, run: Any) -> None:
        """Run a part again when the book was away; any other fault ends the process."""
        while True:
            try:
                await run()
            except BookAwayError:
                log.warning("book_away", part=part)
                self.vitals.refused()
                await asyncio.sleep(0.5)
            else:
                return


@contextlib.asynccontextmanager
async def open_room(settings: Settings, clock: WallClock) -> AsyncIterator[DutyRoom]:
    """Open a duty room on its data folder, run it, and close it in good order."""
    with alone(settings.data):
        desk = make_desk(settings, clock)
        room = DutyRoom(settings, clock, desk, open_book(settings.data))
        await room.start()
        running = asyncio.create_task(room.run())
        try:
            yield room
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await room.stop()
