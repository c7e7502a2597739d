"""Judge what waits in the inbox, emergencies first. 积压处理。"""

import asyncio
from dataclasses import dataclass, field

from ledger.book import BookAwayError
from ledger.writer import Rank, Writer
from rules.lane import Lane
from streams.intake import Intake
from streams.waking import woken_within

_SWEEP = 1.0  # seconds; woken earlier by what is put into the inbox


@dataclass
class Backlog:
    """The loop around `Intake.drain`: all of the express lane, then a slice of the rest."""

    intake: Intake
    writer: Writer
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look into the inbox now."""
        self._woken.set()

    async def run(self) -> None:
        """Judge until cancelled."""
        while True:
            self._woken.clear()
            try:
                judged = await self._judge_some()
            except BookAwayError:
                judged = 0
            if judged == 0:
                await woken_within(self._woken, _SWEEP)

    async def _judge_some(self) -> int:
        return await self._drain(Lane.EXPRESS, Rank.URGENT) or await self._drain(
            Lane.SUBMISSIONS, Rank.BULK
        )

    async def _drain(self, lane: Lane, rank: Rank) -> int:
        try:
            judged: int = await self.writer.do(self.intake.drain, lane.value, rank)
        except BookAwayError:
            raise
        except Exception:  # noqa: BLE001 (one item of the slice cannot be taken in: find it)
            judged = await self.writer.do(self.intake.drain_apart, lane.value, rank)
        return judged
