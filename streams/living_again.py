"""Live a past again on a scratch book, under any law. 推演。

The same intake, clock and acknowledgement, at the instants the past had: nothing is modelled,
so what comes out is what this house would have done. Nobody is called: the scratch book is
carried by nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from itertools import count
from typing import Any

from ledger.book import Book
from ledger.schema import outages
from ledger.sheet import Sheet
from ledger.writer import Act, Done
from rules.timeliness import Outage
from streams.acknowledge import Acknowledging
from streams.clock import AT_ONCE, Fired, Firing
from streams.desk import Desk
from streams.in_flight import InFlight
from streams.intake import Intake
from streams.pulse import Beat, beat
from vocabulary.arrival import Arrival
from vocabulary.hand import Hand

_INSTANT = timedelta(milliseconds=1)  # the clock wakes a moment after what it slept for
_TOGETHER = timedelta(seconds=5)  # items of so short a while are one transaction
_MOST = 48


@dataclass(frozen=True)
class Past:
    """What happened to a house in [since, until), each list in the order of its instants."""

    since: datetime
    until: datetime
    founded_at: datetime
    arrivals: Sequence[Arrival]
    hands: Sequence[Hand]
    outages: Sequence[Outage]


@dataclass
class LivingAgain:
    """One life of a past under one law. `refused` counts the items that intake stumbled over."""

    book: Book
    desk: Desk
    past: Past
    on_items: Callable[[int], None] = lambda _: None
    refused: int = 0
    _wakes_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._wakes_at = self.past.since
        self._intake = Intake(self.desk)
        self._firing = Firing(self.desk, InFlight())
        self._hands = Acknowledging(self.desk)

    def live(self) -> None:
        """Live it from the first instant to the last."""
        self._do(beat, [Beat(self.past.founded_at, is_first=True)])
        waiting: list[Arrival] = []
        for at, happening in self._happenings():
            if waiting and not (self._is_with(waiting, at) and isinstance(happening, Arrival)):
                self._take(waiting)
            self._tick_until(at)
            match happening:
                case Arrival():
                    waiting.append(happening)
                case Outage():
                    self._do(_write_outage, [happening])
                case Hand():
                    self._do(self._hands.acknowledge, [happening])
        self._take(waiting)
        self._tick_until(self.past.until)

    def _happenings(self) -> Iterable[tuple[datetime, Any]]:
        numbers = count()  # of two at one instant the one of the earlier list comes first
        rows = merge(
            ((each.ends, 0, next(numbers), each) for each in self.past.outages),
            ((each.received_at, 1, next(numbers), each) for each in self.past.arrivals),
            ((each.at, 2, next(numbers), each) for each in self.past.hands),
        )
        return ((at, happening) for at, _, _, happening in rows)

    def _is_with(self, waiting: list[Arrival], at: datetime) -> bool:
        is_soon = at - waiting[0].received_at <= _TOGETHER and at < self._wakes_at
        return is_soon and len(waiting) < _MOST

    def _take(self, waiting: list[Arrival]) -> None:
        if not waiting:
            return
        try:
            self._do(self._intake.absorb, waiting)
        except Exception:  # noqa: BLE001 (find the one; its neighbours are judged)
            for each in waiting:
                self._take_alone(each)
        self.on_items(len(waiting))
        waiting.clear()

    def _take_alone(self, arrival: Arrival) -> None:
        try:
            self._do(self._intake.absorb, [arrival])
        except Exception:  # noqa: BLE001 (counted and told)
            self.refused += 1

    def _tick_until(self, instant: datetime) -> None:
        """Let the clock look at each of its instants before this one; not while we were down."""
        while self._wakes_at < instant:
            now = self._wakes_at + _INSTANT
            down = next((o for o in self.past.outages if o.starts <= now < o.ends), None)
            if down is not None:
                self._wakes_at = down.ends
                continue
            self._wakes_at = instant
            (fired,) = self._do(self._firing.fire, [now])
            assert isinstance(fired, Fired)
            is_more = fired.is_held or fired.count >= AT_ONCE
            self._wakes_at = now + _INSTANT if is_more else fired.sleeps_until(now)

    def _do(self, act: Act, items: Sequence[Any]) -> list[Any]:
        with self.book.writing.begin() as connection:
            done = act(connection, items)
        steps = (each.effects.next_step_at for each in done if each.effects is not None)
        self._wakes_at = min((self._wakes_at, *(step for step in steps if step is not None)))
        return [each.value for each in done]


def _write_outage(connection: Any, spans: Sequence[Outage]) -> list[Done]:
    sheet = Sheet(connection)
    for span in spans:
        sheet.add(outages, from_at=span.starts, to_at=span.ends, cause="推演")
    sheet.flush()
    return [Done(None) for _ in spans]
