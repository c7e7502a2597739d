"""The duty room as a process that lives, dies and starts again on one book. 值班室进程。

All that decides is the real thing: intake, clock, delivery and acknowledgement, each act in a
transaction on a real book. Simulated are time, the threads around it, and the people.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ledger import deliveries
from ledger.book import Book, BookAwayError, scratch_book
from ledger.effects import Sending
from ledger.schema import inbox
from ledger.writer import Act
from streams.case_acts import CaseActs
from streams.outbound import Answered
from streams.pulse import Beat, Refusals, beat
from tests.builders import HOUR, SECOND, a_desk
from tests.simulation.agenda import Agenda
from tests.simulation.big_county import the_big_county
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.arrival import Answer, Arrival
from vocabulary.case_act import CaseAct
from vocabulary.terms import Outcome

BEAT = timedelta(seconds=5)  # the most that a process lived on after its last heartbeat
_SILENT = 5 * SECOND
_SPREAD = (
    (0.94, Outcome.DELIVERED),
    (0.97, Outcome.UNREACHABLE),
    (0.98, Outcome.REFUSED),
    (1.0, Outcome.UNKNOWN),
)


class DiedError(Exception):
    """The process died before the commit: of this transaction nothing was kept."""


@dataclass
class House:
    """One duty room. `crashes` is how often a transaction is its process's last."""

    agenda: Agenda
    chance: Random
    crashes: float
    on_return: list[Callable[[datetime], None]] = field(default_factory=list)
    on_death: list[Callable[[datetime], None]] = field(default_factory=list)
    book: Book = field(default_factory=scratch_book)
    spells: list[tuple[datetime, datetime]] = field(default_factory=list)  # truly not listening
    wakes_at: datetime | None = None  # the clock
    sweeps_at: datetime | None = None  # delivery
    life: int = 0
    cut_short: int = 0  # transactions that died before their commit
    refused: int = 0  # spells in which the book was away
    is_away: bool = False  # the disk is full: whatever is written is refused
    _room: DutyBook | None = None
    _since: datetime | None = None

    def __post_init__(self) -> None:
        self._connection = self.book.reading.raw_connection()

    # Living and dying.

    @property
    def room(self) -> DutyBook:
        assert self._room is not None
        return self._room

    @property
    def is_listening(self) -> bool:
        return self._room is not None and not self.is_away

    def is_at_rest(self, now: datetime) -> bool:
        """Whether it listens, and neither an item that it answered nor a step due by now waits."""
        is_stepped = self.wakes_at is None or self.wakes_at > now
        return self.is_listening and is_stepped and not self.room.rows(inbox)

    def start(self, now: datetime) -> None:
        """A new process opens the book: it knows nothing but what is written there."""
        self.life += 1
        self.refusals = Refusals()
        self._room = DutyBook(self.book, a_desk(f"life {self.life}", the_big_county()))
        self.is_away = False
        self._room.do(beat, [Beat(now, is_first=True)])
        self.beaten_at = now
        self._room.free_the_dead(now)
        self.wakes_at = self.sweeps_at = now
        self._end_of_spell(now)

    def stop(self, now: datetime, length: timedelta) -> None:
        """End without warning, some seconds after the last heartbeat, for a while."""
        if self._room is None:
            return
        if not self.is_away:
            self._beat(now - BEAT * self.chance.random())
        self._begin_of_spell(min(now, self.beaten_at + BEAT))
        self._room = self.wakes_at = None
        for hear in self.on_death:
            hear(now)
        self.agenda.plan(now + length, self.start)

    def lose_the_book(self, now: datetime, length: timedelta) -> None:
        """Refuse whatever comes, for a while; the process lives on."""
        if not self.is_listening:
            return
        self._beat(now - BEAT * self.chance.random())
        self.is_away = True
        self.refused += 1
        self._begin_of_spell(now)
        next_beat = self.beaten_at + BEAT
        if next_beat < now + length:
            self.refusals.note(next_beat)  # it is refused as well
        life = self.life
        self.agenda.plan(now + length, lambda then: self._find_the_book(then, life))

    def _find_the_book(self, now: datetime, life: int) -> None:
        if self._room is None or life != self.life:
            return
        self.is_away = False
        self._beat(now)
        self.wakes_at = self.sweeps_at = now
        self._end_of_spell(now)

    def _begin_of_spell(self, now: datetime) -> None:
        self._since = self._since or now

    def _end_of_spell(self, now: datetime) -> None:
        if self._since is not None:
            self.spells.append((self._since, now))
            self._since = None
        for hear in self.on_return:
            hear(now)

    def _beat(self, at: datetime) -> None:
        if at <= self.beaten_at:
            return
        kept_until = self.room.in_flight.judged_until(at, None)
        self.room.do(beat, [Beat(at, self.refusals.since, kept_until=kept_until)])
        self.refusals.written(at)
        self.beaten_at = at

    # Acts.

    def glance(self, question: str, *values: int) -> list[Any]:
        """Ask the driver itself: what is asked after each happening must cost nothing."""
        driver: Any = self._connection.driver_connection
        return list(driver.execute(question, values))

    def do(self, now: datetime, act: Act, items: Iterable[Any]) -> list[Any]:
        """Do an act in one transaction, as the writer does.

        Raises:
            BookAwayError: the book is away.
            DiedError: the process died before the commit.
        """
        if self._room is None or self.is_away:
            raise BookAwayError
        if self.chance.random() < self.crashes:
            self._die_within(now, act, list(items))
        values = self._room.do(act, items)
        self._follow_up(now, self._room.sendings, self._room.next_step_at)
        return values

    def _die_within(self, now: datetime, act: Act, items: list[Any]) -> None:
        """Do the whole transaction, but for its commit."""
        self.cut_short += 1
        try:
            with self.book.writing.begin() as connection:
                act(connection, items)
                raise DiedError
        except DiedError:
            self.stop(now, SECOND * self.chance.uniform(1, 60))
            raise

    def _follow_up(
        self, now: datetime, sendings: list[Sending], next_step_at: datetime | None
    ) -> None:
        if next_step_at is not None:
            at = max(now, next_step_at)  # what is long due is looked at now
            self.wakes_at = min(self.wakes_at or at, at)
        if sendings:
            self._carry(now, sendings)
            self._plan_sweep(now)

    # Clock.

    def tick(self, now: datetime) -> None:
        """Let the clock look, a moment after the instant it slept for."""
        now = just_after(now)
        if not self.is_listening:
            self.wakes_at = None  # until the book is back
            self.refusals.note(now)
            return
        self._beat(now)  # before anything is called late
        self.wakes_at = None
        try:
            (fired,) = self.do(now, self.room.firing.fire, [now])
        except DiedError:
            return  # its next life looks at once
        again = now + SECOND if fired.is_held else min(fired.sleeps_until(now), now + HOUR)
        self.wakes_at = min(self.wakes_at or again, again)

    def act(self, now: datetime, act: CaseAct) -> None:
        """Let a person settle a case; what cannot be done is refused, and changes nothing."""
        if not self.is_listening:
            raise BookAwayError
        self.do(now, CaseActs(self.room.desk).do, [act])

    # Intake.

    def absorb(self, now: datetime, arrivals: list[Arrival]) -> list[Answer]:
        return self.do(now, self.room.intake.absorb, arrivals)

    def keep(self, now: datetime, arrivals: list[Arrival]) -> list[Answer]:
        (answers,) = self.do(now, self.room.intake.keep, [arrivals])
        return list(answers)

    def drain(self, now: datetime) -> None:
        """Judge what waits in the inbox, emergencies first."""
        if not self.is_listening:
            return
        for lane in ("express", "submissions"):
            while self.do(now, self.room.intake.drain, [lane])[0]:
                pass

    # Delivery.

    def _carry(self, now: datetime, sendings: list[Sending]) -> None:
        drawn = [(sending, self._outcome()) for sending in sendings]
        heard = [each for each in drawn if each[1] is not Outcome.UNKNOWN]
        silent = [each for each in drawn if each[1] is Outcome.UNKNOWN]
        life = self.life
        soon = now + SECOND * self.chance.uniform(0.05, 0.4)
        if heard:
            self.agenda.plan(soon, lambda then: self._answer(then, life, heard))
        if silent:
            self.agenda.plan(
                now + _SILENT, lambda then: self._answer(then, life, silent, is_silent=True)
            )
            late = [(sending, self._outcome()) for sending, _ in silent]
            self.agenda.plan(now + 2 * _SILENT, lambda then: self._answer(then, life, late))

    def _outcome(self) -> Outcome:
        drawn = self.chance.random()
        return next(outcome for below, outcome in _SPREAD if drawn < below)

    def _answer(
        self,
        now: datetime,
        life: int,
        heard: list[tuple[Sending, Outcome]],
        *,
        is_silent: bool = False,
    ) -> None:
        if self._room is None or life != self.life:
            return  # who waited for the answer is dead
        if self.is_away:
            later = now + 2 * SECOND
            self.agenda.plan(
                later, lambda then: self._answer(then, life, heard, is_silent=is_silent)
            )
            return
        answers = [
            Answered(sending, outcome, "", now, is_silent=is_silent) for sending, outcome in heard
        ]
        with suppress(DiedError):
            self.do(now, self.room.outbound.answer, answers)
            self._plan_sweep(now)

    def sweep(self, now: datetime) -> None:
        """Take up what waits for its next try, or was cut short."""
        self.sweeps_at = None
        if self.is_listening:
            with suppress(DiedError):
                self.do(now, self.room.outbound.claim, [(now, 500)])
                self._plan_sweep(now)

    def _plan_sweep(self, now: datetime) -> None:
        with self.book.read() as connection:
            next_at = deliveries.next_at(connection)
        self.sweeps_at = max(next_at, now + SECOND) if next_at is not None else None
