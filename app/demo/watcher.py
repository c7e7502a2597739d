"""Whoever looks at board and late log, and has them told at the terminal. 演示旁观。"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from app.clock import WallClock
from app.demo.callers import Callers
from app.demo.greeting import Seats
from app.demo.telling import Teller
from gateway.phone_shelf import Shelf
from rules.county import County

_LOOK_SECONDS = 1.0


@dataclass
class Watcher:
    """Looks as the duty officer and the supervisor may, and keeps the tally."""

    county: County
    callers: Callers
    teller: Teller
    clock: WallClock
    seats: Seats
    shelf: Shelf
    _told: set[tuple[str, str]] = field(default_factory=set)

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """Look once."""
        alerts = await self.callers.alerts(self.seats.officer.person_id)
        log = await self.callers.late_log(self.seats.supervisor.person_id)
        tally = self.teller.tally
        tally.at = self.clock.now()
        tally.messages = self.shelf.count
        tally.alerts = len(alerts)
        tally.acknowledged = sum(alert["acknowledged_at"] is not None for alert in alerts)
        tally.late = sum(entry["timeliness"] in ("late", "overdue") for entry in log)
        tally.missing = sum(entry["timeliness"] == "missing" for entry in log)
        for entry in reversed(log):
            self._tell_lapse(entry)
        self.teller.progress()

    def _tell_lapse(self, entry: dict[str, Any]) -> None:
        lapse = (entry["obligation_id"], entry["timeliness"])
        if lapse not in self._told:
            self._told.add(lapse)
            unit = self.county.units[entry["unit_id"]].name
            self.teller.lapse(self.clock.now(), unit, entry["kind"], entry["timeliness"])
