"""A real book, and the acts of the duty room done on it one after another. 台账与动作。

Each act is one transaction, as the writer would do it. Time is whatever the test says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Table, func, select

from ledger import deliveries, late_log
from ledger.book import Book
from ledger.effects import Sending
from ledger.schema import alerts, attempts, cases, facts, inbox, obligations, submissions
from ledger.schema import deliveries as deliveries_table
from ledger.writer import Act, Done
from streams.acknowledge import Acknowledging
from streams.case_acts import CaseActs
from streams.classified import Stub
from streams.clock import Fired, Firing
from streams.desk import Desk
from streams.in_flight import InFlight
from streams.intake import Intake
from streams.outbound import Answered, Outbound
from streams.pulse import Beat, beat
from streams.soliciting import Soliciting
from streams.upward import Reporting
from tests.builders import SECOND
from vocabulary.arrival import Arrival, Receipted
from vocabulary.case_act import Acted, CaseAct, CaseAnswer, Refusal
from vocabulary.hand import Hand, Standing, Told, Upward
from vocabulary.solicitation import (
    SolicitationAct,
    SolicitationAnswer,
    Solicited,
    Unsolicited,
)
from vocabulary.terms import Duty, Outcome

TABLES = (submissions, cases, alerts, obligations, deliveries_table, attempts, facts, inbox)


@dataclass
class DutyBook:
    """The book, its desk, and what the last act must send."""

    book: Book
    desk: Desk
    in_flight: InFlight = field(default_factory=InFlight)
    sendings: list[Sending] = field(default_factory=list)
    next_step_at: datetime | None = None

    def __post_init__(self) -> None:
        self.intake = Intake(self.desk)
        self.hands = Acknowledging(self.desk)
        self.outbound = Outbound(self.desk)
        self.firing = Firing(self.desk, self.in_flight)

    def change_desk(self, **fields: Any) -> None:
        """Let another process, another county or another judge go on with this book."""
        self.desk = replace(self.desk, **fields)
        self.__post_init__()

    def do(self, act: Act, items: Iterable[Any]) -> list[Any]:
        """Do an act for some items in one transaction; its effects are kept for the test."""
        with self.book.writing.begin() as connection:
            done = act(connection, list(items))
        self._remember(done)
        return [each.value for each in done]

    def _remember(self, done: Iterable[Done]) -> None:
        effects = [each.effects for each in done if each.effects is not None]
        self.sendings = [sending for each in effects for sending in each.sendings]
        steps = [each.next_step_at for each in effects if each.next_step_at]
        self.next_step_at = min(steps, default=None)

    # The acts.

    def absorb(self, *arrivals: Arrival) -> list[Any]:
        return self.do(self.intake.absorb, arrivals)

    def take(self, arrival: Arrival) -> dict[str, Any]:
        """Take one item in and read its receipt."""
        (answer,) = self.absorb(arrival)
        assert isinstance(answer, Receipted)
        receipt: dict[str, Any] = orjson.loads(answer.receipt)
        return receipt

    def keep(self, *arrivals: Arrival) -> list[Any]:
        (answers,) = self.do(self.intake.keep, [list(arrivals)])
        return list(answers)

    def drain(self, lane: str = "submissions") -> int:
        (count,) = self.do(self.intake.drain, [lane])
        return int(count)

    def fire(self, now: datetime) -> Fired:
        (fired,) = self.do(self.firing.fire, [now])
        assert isinstance(fired, Fired)
        return fired

    def acknowledge(self, alert: UUID, person: str, at: datetime) -> Standing | None:
        (standing,) = self.do(self.hands.acknowledge, [Hand(alert, person, at)])
        return standing if isinstance(standing, Standing) else None

    def take_back(self, alert: UUID, person: str, at: datetime) -> Standing | None:
        (standing,) = self.do(self.hands.take_back, [Hand(alert, person, at)])
        return standing if isinstance(standing, Standing) else None

    def act(self, act: CaseAct) -> CaseAnswer:
        (answer,) = self.do(CaseActs(self.desk).do, [act])
        assert isinstance(answer, Acted | Refusal)
        return answer

    def solicit(self, act: SolicitationAct) -> SolicitationAnswer:
        (answer,) = self.do(Soliciting(self.desk).do, [act])
        assert isinstance(answer, Solicited | Unsolicited)
        return answer

    def report_upward(self, told: Upward) -> Told | None:
        (found,) = self.do(Reporting(self.desk).report, [told])
        return found if isinstance(found, Told) else None

    def answer(
        self, sending: Sending, outcome: Outcome, at: datetime, *, is_silent: bool = False
    ) -> None:
        answered = Answered(sending, outcome, "", at, is_silent=is_silent)
        self.do(self.outbound.answer, [answered])

    def answer_together(
        self, sendings: list[Sending], outcome: Outcome, at: datetime
    ) -> list[Sending]:
        """Answer several attempts in one transaction. Returns what follows for people."""
        answered = [Answered(sending, outcome, "", at) for sending in sendings]
        self.do(self.outbound.answer, answered)
        return [s for s in self.sendings if not s.recipient.startswith("room:")]

    def claim(self, now: datetime) -> list[Sending]:
        self.do(self.outbound.claim, [(now, 100)])
        return self.sendings

    def mark(self, *marked: Any) -> None:
        self.do(Stub(self.desk).call, marked)

    def live(self, since: datetime, until: datetime | None = None) -> None:
        """Write the first heartbeat of a life, and its last."""
        self.do(beat, [Beat(since, is_first=True)])
        if until is not None:
            self.do(beat, [Beat(until)])

    # What the book says.

    def rows(self, table: Table, **wanted: Any) -> list[dict[str, Any]]:
        query = select(table).order_by(table.c.id)
        for name, value in wanted.items():
            query = query.where(table.c[name] == value)
        with self.book.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def row(self, table: Table, **wanted: Any) -> dict[str, Any]:
        (found,) = self.rows(table, **wanted)
        return found

    def owed(self, duty: Duty, **wanted: Any) -> dict[str, Any]:
        return self.row(obligations, duty=duty.value, **wanted)

    def rows_of_upward(self) -> list[dict[str, Any]]:
        return self.rows(obligations, duty=Duty.UPWARD_REPORT.value)

    def case_uid(self, key: int) -> UUID:
        uid: UUID = self.row(cases, id=key)["uid"]
        return uid

    def late_log(self) -> list[dict[str, Any]]:
        with self.book.read() as connection:
            return late_log.entries(connection)

    def counts(self) -> dict[str, int]:
        """How many rows each table has: what a repeat must not change."""
        with self.book.read() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in TABLES
            }

    def called(self) -> list[str]:
        """Whom the last act calls, in the order of the ladder; rooms left out."""
        return [s.recipient for s in self.sendings if not s.recipient.startswith("room:")]

    def free_the_dead(self, now: datetime) -> int:
        with self.book.writing.begin() as connection:
            return deliveries.free_the_dead(connection, now, self.desk.owner)


def just_after(instant: datetime) -> datetime:
    """The clock wakes a moment after the instant it slept for."""
    return instant + SECOND / 1000
