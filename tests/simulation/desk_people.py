"""The people at the desk: most take an alert in hand and settle its case. 值班室的人。"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from ledger.book import BookAwayError
from tests.builders import HOUR, MINUTE, OFFICER
from tests.simulation.agenda import Agenda
from tests.simulation.house import DiedError, House
from vocabulary.case_act import By, CaseAct, Close, Regrade, Reopen
from vocabulary.hand import Hand
from vocabulary.terms import Severity

_NEW = (
    "SELECT alerts.id, alerts.uid, cases.uid FROM alerts"
    " LEFT JOIN cases ON cases.id = alerts.case_id WHERE alerts.id > ? ORDER BY alerts.id"
)


@dataclass
class DeskPeople:
    """Whoever answers at the desk."""

    agenda: Agenda
    chance: Random
    house: House
    on_settled: list[Callable[[datetime, UUID], None]] = field(default_factory=list)
    _seen: int = 0

    def look(self, now: datetime) -> None:
        """See what alerts are new, and plan what is done about each."""
        for key, written, case in self.house.glance(_NEW, self._seen):
            self._seen, uid = key, UUID(bytes=written)
            if case is not None:
                self._plan_what_becomes(now, UUID(bytes=case))
            drawn = self.chance.random()
            minutes = self.chance.uniform(0.2, 5) if drawn < 0.7 else self.chance.uniform(5, 40)
            if drawn < 0.9:
                self._plan(now + MINUTE * minutes, "acknowledge", uid)
            if drawn < 0.05:
                self._plan(now + MINUTE * (minutes + 2), "take_back", uid)
                self._plan(now + MINUTE * (minutes + 2 + 10 * minutes), "acknowledge", uid)

    def _plan(self, at: datetime, act: str, uid: UUID) -> None:
        self.agenda.plan(at, lambda now: self._do(now, act, uid))

    def _do(self, now: datetime, act: str, uid: UUID) -> None:
        if not self.house.is_listening:
            self._plan(now + MINUTE, act, uid)
            return
        try:
            self.house.do(now, getattr(self.house.room.hands, act), [Hand(uid, OFFICER, now)])
        except (BookAwayError, DiedError):
            self._plan(now + MINUTE, act, uid)

    def _plan_what_becomes(self, now: datetime, case: UUID) -> None:
        """Of ten cases four are dealt with, one was nothing, one is graded, one comes back."""
        drawn, by = self.chance.random(), "经现场核实"
        at = now + HOUR * self.chance.uniform(1, 20)
        if drawn < 0.5:
            is_false_alarm = drawn < 0.1
            self._plan_act(at, lambda then: Close(case, By(OFFICER, then, by), is_false_alarm))
        if 0.4 < drawn < 0.5 or drawn < 0.02:
            later = at + HOUR * self.chance.uniform(0, 5)
            self._plan_act(later, lambda then: Reopen(case, By(OFFICER, then, by)))
        if 0.5 <= drawn < 0.6:
            grade = self.chance.choice(list(Severity))
            self._plan_act(at, lambda then: Regrade(case, By(OFFICER, then, by), grade))

    def _plan_act(self, at: datetime, act: Callable[[datetime], CaseAct]) -> None:
        self.agenda.plan(at, lambda now: self._act(now, act))

    def _act(self, now: datetime, act: Callable[[datetime], CaseAct]) -> None:
        chosen = act(now)
        try:
            self.house.act(now, chosen)
        except (BookAwayError, DiedError):
            self._plan_act(now + MINUTE, act)
            return
        for hear in self.on_settled:
            hear(now, chosen.case_uid)  # type: ignore[union-attr]
