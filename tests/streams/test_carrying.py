"""Does a committed text come to a telephone, and does the book say so? 发送。

A real writer, a real carrier and a telephone on the loopback; only the county is a fiction.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.phone_behaviour import Order
from gateway.phone_shelf import Kept
from ledger import flags
from ledger.book import open_book
from ledger.schema import attempts, deliveries
from ledger.writer import Writer
from notifiers.carrier import Carrier
from notifiers.directory import Directory
from rulebook import county as county_files
from streams.deliver import Deliver
from tests.builders import COUNTY_FOLDER, NIGHT, OFFICER, a_desk, an_arrival
from tests.loopback import Phone
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import eventually


@pytest.fixture
async def room(tmp_path: Path, phone: Phone) -> AsyncIterator[DutyBook]:
    book = open_book(tmp_path)
    room = DutyBook(book, a_desk())
    county = county_files.load(COUNTY_FOLDER, {"JIBAO_PHONE": phone.host})
    room.change_desk(county=county, directory=Directory(county))
    yield room
    book.close()


@pytest.fixture
async def deliver(room: DutyBook) -> AsyncIterator[Deliver]:
    carrier = Carrier()
    carriers: list[Deliver] = []
    writer = Writer(
        room.book.writing, on_effects=lambda effects: carriers[0].take(effects.sendings)
    )
    carriers.append(
        Deliver(room.desk, room.book, writer, carrier, lambda: NIGHT, on_answer=lambda *_: None)
    )
    (carrying,) = carriers
    writer.start()
    await carrying.begin()
    running = asyncio.create_task(carrying.run())
    yield carrying
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await carrying.finish()
    await writer.stop()
    await carrier.close()


def texts_to(phone: Phone, channel: str) -> list[Kept]:
    return [kept for kept in phone.state.shelf.after(0, 100) if kept.channel == channel]


def states(room: DutyBook) -> set[str]:
    return {row["state"] for row in room.rows(deliveries)}


async def test_a_page_comes_to_the_officers_telephone_with_the_link(
    room: DutyBook, deliver: Deliver, phone: Phone
) -> None:
    room.absorb(an_arrival())
    deliver.take(room.sendings)

    await eventually(lambda: states(room) == {"accepted"}, "all texts were taken")

    (page,) = texts_to(phone, "webhook")
    assert page.to == OFFICER
    assert page.title.startswith("【急报】")
    assert "签收：http://zb.example/a/" in page.text


async def test_an_app_that_refuses_is_followed_by_a_text_message(
    room: DutyBook, deliver: Deliver, phone: Phone
) -> None:
    phone.state.switchboard.told(Order(channel="webhook", mode="refuse"))
    room.absorb(an_arrival())
    deliver.take(room.sendings)

    await eventually(lambda: states(room) == {"accepted"}, "all texts were taken")

    outcomes = [
        (row["channel_id"], row["outcome"])
        for row in room.rows(attempts)
        if row["channel_id"].startswith(OFFICER)
    ]
    assert outcomes == [(f"{OFFICER}.app", "refused"), (f"{OFFICER}.sms", "delivered")]
    assert len(texts_to(phone, "sms")) == 1


async def test_what_may_have_been_sent_before_says_so(
    room: DutyBook, deliver: Deliver, phone: Phone
) -> None:
    room.absorb(an_arrival())  # and the process that began it died
    room.change_desk(owner="the next process")
    room.free_the_dead(NIGHT)

    await eventually(lambda: states(room) == {"accepted"}, "all texts were taken")

    (page,) = texts_to(phone, "webhook")
    assert page.title.startswith("【可能重复】")


async def test_a_muted_book_sends_nothing(room: DutyBook, deliver: Deliver, phone: Phone) -> None:
    with room.book.writing.begin() as connection:
        flags.mute(connection)
    await deliver.begin()

    room.absorb(an_arrival())
    deliver.take(room.sendings)
    await eventually(lambda: deliver.last_swept_at, "the sweep has looked")

    assert deliver.is_muted
    assert texts_to(phone, "webhook") == []
    assert states(room) == {"pending"}


async def test_an_alert_overtakes_the_notices_that_wait(
    room: DutyBook, deliver: Deliver, phone: Phone
) -> None:
    room.absorb(an_arrival())
    alert = room.sendings[0]
    notices = [replace(alert, rank=1, title=f"通知{number}") for number in range(5)]

    deliver.take([*notices, alert])
    await eventually(lambda: len(texts_to(phone, "webhook")) == 6, "all six came")

    assert texts_to(phone, "webhook")[0].title.startswith("【急报】")
