"""The people at the desk: most take an alert in hand, some late, some never. 值班室的人。"""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from ledger.book import BookAwayError
from tests.builders import MINUTE, OFFICER
from tests.simulation.agenda import Agenda
from tests.simulation.house import DiedError, House
from vocabulary.hand import Hand

_NEW = "SELECT id, uid FROM alerts WHERE id > ? ORDER BY id"


@dataclass
class DeskPeople:
    """Whoever answers at the desk."""

    agenda: Agenda
    chance: Random
    house: House
    _seen: int = 0

    def look(self, now: datetime) -> None:
        """See what alerts are new, and plan what is done about each."""
        for key, written in self.house.glance(_NEW, self._seen):
            self._seen, uid = key, UUID(bytes=written)
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
