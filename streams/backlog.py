"""Judge what waits in the inbox, emergencies first. 积压处理。"""

import asyncio
from dataclasses import dataclass, field

from ledger.book import BookAwayError
from ledger.writer import Rank, Writer
from rules.lane import Lane
from streams.intake import Intake

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
                await self._rest()

    async def _judge_some(self) -> int:
        urgent: int = await self.writer.do(self.intake.drain, Lane.EXPRESS.value, Rank.URGENT)
        if urgent:
            return urgent
        judged: int = await self.writer.do(self.intake.drain, Lane.SUBMISSIONS.value, Rank.BULK)
        return judged

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), _SWEEP)
        except TimeoutError:
            return
