"""A county's life from a seed: units, desk, house and weather, as one row of happenings. 模拟。

Nothing here waits: the next instant is that of whatever comes next, the clock's step or what
was planned. The same seed is the same life, to the microsecond.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ledger.schema import obligations
from tests.builders import HOUR, MINUTE, SECOND
from tests.simulation.agenda import Agenda
from tests.simulation.desk_people import DeskPeople
from tests.simulation.house import House
from tests.simulation.units import Units
from tests.simulation.witness import Witness
from vocabulary.china_time import BEIJING

DAY = timedelta(days=1)
_CRASHES = 0.002  # of all transactions
_STOPS, _REFUSALS = 0.5, 0.4  # of all days
_BY_DAY = 20 * HOUR  # weather of a day has passed before the day has
_SETTLED = 2 * HOUR  # after the last planned day: what was due in it is decided


@dataclass
class Life:
    """One life of one county."""

    seed: int
    days: int
    steps: int = 0
    agenda: Agenda = field(default_factory=Agenda)

    def __post_init__(self) -> None:
        chance = Random(self.seed)
        self.chance = chance
        self.begins = datetime(2026, 1, 1, tzinfo=BEIJING) + DAY * chance.randrange(360)
        self.house = House(self.agenda, chance, _CRASHES)
        self.units = Units(self.agenda, chance, self.house)
        self.people = DeskPeople(self.agenda, chance, self.house)
        self.people.on_settled.append(self.units.conclude)
        self.witness = Witness(self.house, self.units)

    def live(self) -> None:
        """Live all days; after each happening the witness looks at the book."""
        self.house.start(self.begins)
        for day in range(self.days):
            self.agenda.plan(self.begins + DAY * day, self._plan_a_day)
        now, ends = self.begins, self.begins + DAY * self.days + _SETTLED
        while now < ends or not self.house.is_at_rest(now):
            now = self._next()
            self.steps += 1
            self.people.look(now)
            self.witness.look(now)
        self.witness.look_at_the_end(now)

    def owed(self) -> list[dict[str, Any]]:
        return self.house.room.rows(obligations)

    def _next(self) -> datetime:
        house = self.house
        wakes = [
            (at, act)
            for at, act in ((house.wakes_at, house.tick), (house.sweeps_at, house.sweep))
            if at is not None
        ]
        at, act = min(wakes, key=lambda wake: wake[0], default=(None, None))
        planned = self.agenda.next_at()
        if at is None or act is None or (planned is not None and planned <= at):
            return self.agenda.happen()
        act(at)
        return at

    def _plan_a_day(self, midnight: datetime) -> None:
        self.units.live_a_day(midnight)
        if self.chance.random() < _STOPS:
            length = MINUTE * self.chance.choice((0.1, 2, 20, 200))
            self._plan_weather(midnight, self.house.stop, length)
        if self.chance.random() < _REFUSALS:
            length = SECOND * self.chance.choice((3, 60, 1200))
            self._plan_weather(midnight, self.house.lose_the_book, length)

    def _plan_weather(
        self, midnight: datetime, act: Callable[[datetime, timedelta], None], length: timedelta
    ) -> None:
        at = midnight + _BY_DAY * self.chance.random()
        self.agenda.plan(at, lambda now: act(now, length))
