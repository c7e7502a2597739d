"""What the gateway asks of the house, joined to the acts that do it. 网关接线。"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.clock import WallClock
from app.settings import Settings
from gateway.house import Board, House
from ledger.book import Book
from ledger.writer import Rank, Writer
from rules.calendars import is_year_known
from streams import answering
from streams.acknowledge import Acknowledging
from streams.case_acts import CaseActs
from streams.classified import Stub
from streams.desk import Desk
from streams.soliciting import Soliciting
from streams.upward import Reporting
from vocabulary.arrival import Answer, Arrival, Marked
from vocabulary.case_act import CaseAct, CaseAnswer
from vocabulary.china_time import civil_day
from vocabulary.hand import Hand, Standing, Told, Upward
from vocabulary.lapse import LogAnswer
from vocabulary.solicitation import SolicitationAct, SolicitationAnswer


@dataclass(frozen=True)
class Front:
    """Makes the house as the gateway sees it, in one process and apart alike."""

    settings: Settings
    clock: WallClock
    desk: Desk
    book: Book
    writer: Writer
    board: Board

    def house(
        self,
        submit: Callable[[Arrival], Awaitable[Answer]],
        submit_batch: Callable[[list[Arrival]], Awaitable[list[Answer]]],
        health: Callable[[], dict[str, Any]],
    ) -> House:
        """Return the house; items come in by the two ways given."""
        return House(
            county=self.desk.county,
            rulebook=self.desk.rulebook,
            judge=self.desk.judge,
            directory=self.desk.directory,
            links=self.desk.links,
            book=self.book,
            secret_key=self.settings.key(),
            now=self.clock.now,
            submit=submit,
            submit_batch=submit_batch,
            mark_classified=self._mark_classified,
            acknowledge=self._acknowledge,
            take_back=self._take_back,
            answer_log=self._answer_log,
            act=self._act,
            report_upward=self._report_upward,
            solicit=self._solicit,
            health=lambda: health() | self._law(),
            board=self.board,
        )

    async def _mark_classified(self, marked: Marked) -> None:
        await self.writer.do(Stub(self.desk).call, marked, Rank.URGENT)

    async def _acknowledge(self, hand: Hand) -> Standing | None:
        act = Acknowledging(self.desk).acknowledge
        standing: Standing | None = await self.writer.do(act, hand, Rank.URGENT)
        return standing

    async def _take_back(self, hand: Hand) -> Standing | None:
        act = Acknowledging(self.desk).take_back
        standing: Standing | None = await self.writer.do(act, hand, Rank.URGENT)
        return standing

    async def _answer_log(self, said: LogAnswer) -> dict[str, Any] | None:
        made: dict[str, Any] | None = await self.writer.do(answering.answer, said, Rank.USUAL)
        return made

    async def _act(self, act: CaseAct) -> CaseAnswer:
        answer: CaseAnswer = await self.writer.do(CaseActs(self.desk).do, act, Rank.URGENT)
        return answer

    async def _report_upward(self, told: Upward) -> Told | None:
        act = Reporting(self.desk).report
        found: Told | None = await self.writer.do(act, told, Rank.URGENT)
        return found

    async def _solicit(self, act: SolicitationAct) -> SolicitationAnswer:
        answer: SolicitationAnswer = await self.writer.do(Soliciting(self.desk).do, act, Rank.USUAL)
        return answer

    def _law(self) -> dict[str, Any]:
        return {
            "rulebook": self.desk.rulebook.digest,
            "county": self.desk.county.county_id,
            "is_calendar_known": is_year_known(civil_day(self.clock.now()).year),
        }
