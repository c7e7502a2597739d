"""The pages on a real book, and people who look at them. 页面测试台。

Acts are done at once, each in one transaction, as the writer would do them. Time is whatever
the test says; nobody is called, since delivery is another room.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient

from gateway.headers import SecurityHeaders
from gateway.house import House
from gateway.identity import Identities
from gateway.pages import pages
from gateway.session import entry_path
from ledger.book import Book, BookAwayError
from ledger.schema import alerts
from rules.county import County
from streams.answering import answer
from tests.builders import FIRE, NIGHT, OFFICER, TOWNSHIP, a_desk
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Answer, Arrival, Marked
from vocabulary.case_act import CaseAct, CaseAnswer
from vocabulary.hand import Hand, Standing, Told, Upward
from vocabulary.lapse import LogAnswer
from vocabulary.solicitation import SolicitationAct, SolicitationAnswer

KEY = "a key for tests alone"
CLERK, NEIGHBOUR = f"unit:{TOWNSHIP}", "unit:liulin"
AT_DESK, SUPERVISOR = f"person:{OFFICER}", "person:qiu-zhengming"


@dataclass
class FrontOffice:
    """The house behind the pages, and the pages."""

    book: Book
    now: datetime = NIGHT
    is_away: bool = False
    refused: int = 0
    county: County | None = None  # None: the shipped one
    health: dict[str, Any] = field(
        default_factory=lambda: {
            "is_ready": True,
            "is_muted": False,
            "is_clock_synchronised": True,
        }
    )

    def __post_init__(self) -> None:
        self.room = DutyBook(self.book, a_desk(county=self.county))
        desk = self.room.desk
        self.house = House(
            county=desk.county,
            rulebook=desk.rulebook,
            judge=desk.judge,
            directory=desk.directory,
            links=desk.links,
            book=self.book,
            secret_key=KEY,
            now=lambda: self.now,
            submit=self._submit,
            submit_batch=self._submit_batch,
            mark_classified=self._mark_classified,
            acknowledge=self._acknowledge,
            take_back=self._take_back,
            answer_log=self._answer_log,
            act=self._act,
            report_upward=self._report_upward,
            solicit=self._solicit,
            health=lambda: self.health,
        )
        self.identities = Identities(self.book, desk.county)
        self.app = FastAPI()
        self.app.include_router(pages(self.house, self.identities, refused=self._count_refused))
        self.app.add_middleware(SecurityHeaders)

    def visitor(self, named: str | None = None, **headers: str) -> "Visitor":
        """A browser, signed in as `unit:…` or `person:…`, or not signed in."""
        browser = TestClient(self.app, follow_redirects=False, headers=headers)
        if named is not None:
            browser.get(entry_path(KEY, named))
        return Visitor(browser)

    def pass_time(self, length: timedelta) -> None:
        """Let time pass, and the clock do what came due."""
        self.now += length
        self.room.fire(self.now)

    async def _submit(self, arrival: Arrival) -> Answer:
        if self.is_away:
            raise BookAwayError("disk full")
        (answer,) = self.room.absorb(arrival)
        kept: Answer = answer
        return kept

    async def _submit_batch(self, arrivals: list[Arrival]) -> list[Answer]:
        return self.room.keep(*arrivals)

    async def _mark_classified(self, marked: Marked) -> None:
        if self.is_away:
            raise BookAwayError("disk full")
        self.room.mark(marked)

    async def _acknowledge(self, hand: Hand) -> Standing | None:
        return self.room.acknowledge(hand.alert_uid, hand.person_id, hand.at)

    async def _take_back(self, hand: Hand) -> Standing | None:
        return self.room.take_back(hand.alert_uid, hand.person_id, hand.at)

    async def _answer_log(self, said: LogAnswer) -> dict[str, Any] | None:
        if self.is_away:
            raise BookAwayError("disk full")
        made: dict[str, Any] | None = self.room.do(answer, [said])[0]
        return made

    async def _act(self, act: CaseAct) -> CaseAnswer:
        return self.room.act(act)

    async def _report_upward(self, told: Upward) -> Told | None:
        return self.room.report_upward(told)

    async def _solicit(self, act: SolicitationAct) -> SolicitationAnswer:
        if self.is_away:
            raise BookAwayError("disk full")
        return self.room.solicit(act)

    def _count_refused(self) -> None:
        self.refused += 1


@dataclass
class Visitor:
    """A browser with scripts off: it reads a page, and sends the form that stands on it."""

    browser: TestClient

    def look(self, address: str) -> httpx2.Response:
        return self.browser.get(address)

    def read(self, address: str) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, page: str, address: str, **typed: str) -> httpx2.Response:
        """Fill in the form of `page` that goes to `address`, and send it."""
        return self.browser.post(address, data=hidden_fields(page, address) | typed)

    def report(self, **typed: str) -> httpx2.Response:
        """Open the form, fill it in and send it."""
        return self.send(self.read("/report"), "/report", **typed)


def hidden_fields(page: str, address: str) -> dict[str, str]:
    """What the page's own form for `address` carries unseen."""
    (form,) = re.findall(rf'<form[^>]*action="{re.escape(address)}".*?</form>', page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def receipt_uid(answer: httpx2.Response) -> UUID:
    """The item that a sent form became."""
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].rpartition("/")[2])


def a_report(office: FrontOffice, **typed: str) -> UUID:
    """A township's item, sent by the form; without fields it is a fire."""
    return receipt_uid(office.visitor(CLERK).report(**(typed or FIRE)))


def an_alert(office: FrontOffice) -> UUID:
    """The alert that a fire opens."""
    a_report(office)
    uid: UUID = office.room.row(alerts)["uid"]
    return uid


def the_case(office: FrontOffice) -> str:
    """The id of the newest case, as the board links to it."""
    return office.visitor(AT_DESK).read("/board").partition("/cases/")[2][:36]
