"""What is due, at its instant. 时钟。

The clock sleeps until the next step in the book and is woken by an earlier one; it polls
nothing. Each firing is one act: the steps whose instant has come, the marks they make, the
texts they send. Reports wait for the watermark, so nobody is called late while their report
is still on its way to the book; nudges, acknowledgements and looks wait for nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ledger import obligations, submissions
from ledger.effects import Effects
from ledger.sheet import Sheet
from ledger.writer import Done, Rank, Writer
from streams.calendar import open_day
from streams.desk import Desk
from streams.stepping import Stepping
from streams.watermark import Watermark
from vocabulary.china_time import civil_day

AT_ONCE = 1000  # steps in one transaction
_HELD_BACK = 0.05  # seconds until a report that waits for the watermark is looked at again


@dataclass(frozen=True, slots=True)
class Fired:
    """What one firing came to: how many steps, when the next is, whether a report is held."""

    count: int
    next_at: datetime | None
    is_held: bool

    def sleeps_until(self, now: datetime) -> datetime:
        """Return when the clock must look again: at the next step, or when the day turns."""
        tomorrow = datetime.combine(
            civil_day(now) + timedelta(days=1), datetime.min.time(), tzinfo=now.tzinfo
        )
        return min(self.next_at or tomorrow, tomorrow)


@dataclass(frozen=True)
class Firing:
    """The acts of the clock, for the writer to do."""

    desk: Desk
    watermark: Watermark
    opened: set[str] = field(default_factory=set)

    def fire(self, connection: Connection, instants: Sequence[datetime]) -> list[Done]:
        """Do the steps whose instant has come. Each `Done` holds a `Fired`."""
        return [self._fire(connection, now) for now in instants]

    def _fire(self, connection: Connection, now: datetime) -> Done:
        sheet = Sheet(connection)
        self._open_today(sheet, now)
        sheet.flush()
        waiting = submissions.oldest_waiting(connection)
        judged_until = self.watermark.judged_until(now, waiting)
        rows = obligations.due_for_step(connection, now, judged_until, AT_ONCE)
        sendings = Stepping(sheet, self.desk, now, judged_until).step(rows)
        sheet.flush()
        later = obligations.next_step_at(connection, after=now)
        is_held = len(rows) < AT_ONCE and obligations.is_any_held(connection, now)
        return Done(
            Fired(len(rows), later, is_held),
            Effects(sendings=tuple(sendings), is_board_changed=bool(rows)),
        )

    def _open_today(self, sheet: Sheet, now: datetime) -> None:
        """Open the day's reports; remembered only once the book was seen to hold them."""
        day = civil_day(now)
        if day.isoformat() not in self.opened and open_day(sheet, self.desk, day) == 0:
            self.opened.clear()
            self.opened.add(day.isoformat())


@dataclass
class DeadlineClock:
    """The loop around `Firing`: sleep, fire, sleep."""

    firing: Firing
    writer: Writer
    now: Callable[[], datetime]
    sleep_until: Callable[[datetime, asyncio.Event], Awaitable[None]]
    before: Callable[[], Awaitable[None]]
    longest: timedelta = timedelta(hours=1)  # asleep without a look
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _sleeping_until: datetime | None = None
    _firing_since: datetime | None = None

    def delay_seconds(self) -> float:
        """Return by how much the clock is late: overslept, or at a firing that does not end."""
        since = self._firing_since or self._sleeping_until
        return 0.0 if since is None else max(0.0, (self.now() - since).total_seconds())

    def wake(self, step_at: datetime | None) -> None:
        """Wake if `step_at` comes before what the clock sleeps for."""
        if step_at is not None and (self._sleeping_until is None or step_at < self._sleeping_until):
            self._woken.set()

    def look(self) -> None:
        """Wake now: nobody knows what was missed."""
        self._woken.set()

    async def run(self) -> None:
        """Fire steps until cancelled."""
        while True:
            self._firing_since = self._firing_since or self.now()  # a firing that failed is owed
            await self.before()
            self._woken.clear()
            self._sleeping_until = None
            now = self.now()
            fired: Fired = await self.writer.do(self.firing.fire, now, Rank.URGENT)
            self._firing_since = None
            if fired.count >= AT_ONCE:
                continue
            await self._sleep(now, fired)

    async def _sleep(self, now: datetime, fired: Fired) -> None:
        if fired.is_held:
            await asyncio.sleep(_HELD_BACK)
            return
        self._sleeping_until = min(fired.sleeps_until(now), now + self.longest)
        await self.sleep_until(self._sleeping_until, self._woken)
