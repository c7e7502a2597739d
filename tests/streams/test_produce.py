"""Is what the gateway answered kept, by the log or by the inbox, and answered once? 投递。

The brokers are a stand-in that can be slow or away; book and writer are real, and can be away.
"""

import asyncio
from typing import Any

import pytest

from ledger.away import BookAwayError
from ledger.schema import inbox, submissions
from streams import produce
from streams.produce import Producing
from streams.wire import read
from tests.builders import FIRE, HOUR, MEETING, NIGHT, WALL, an_arrival
from tests.streams.a_gateway import EXPRESS, SUBMISSIONS, Gateway, told
from tests.streams.log_records import KEYS
from tests.streams.open_room import eventually
from vocabulary.arrival import Arrival, Receipted

# By the log.


@pytest.mark.parametrize(
    ("item", "topic"), [(FIRE, EXPRESS), (MEETING, SUBMISSIONS)], ids=["a fire", "a meeting"]
)
async def test_an_item_goes_onto_the_lane_that_its_verdict_says(
    gateway: Gateway, item: dict[str, Any], topic: str
) -> None:
    arrival = an_arrival(**item)

    answer = await gateway.submit(arrival)

    (record,) = gateway.brokers.records
    found = read(record, KEYS)
    assert record.topic == topic
    assert isinstance(found, Arrival)
    assert (found.uid, found.received_at, found.answered) == (arrival.uid, NIGHT, answer.receipt)
    assert gateway.room.counts()["inbox"] == 0


async def test_the_answer_comes_only_after_the_brokers_have_it(gateway: Gateway) -> None:
    gateway.brokers.ack.clear()
    answering = asyncio.create_task(gateway.submit(an_arrival()))
    await eventually(lambda: gateway.brokers.records, "the brokers were asked")
    assert not answering.done()

    gateway.brokers.ack.set()

    assert told(await answering)["verdict"] == "emergency"


async def test_the_receipt_tells_verdict_and_debts_before_the_book_was_asked(
    gateway: Gateway,
) -> None:
    receipt = told(await gateway.submit(an_arrival(**WALL)))

    assert (receipt["verdict"], receipt["severity"]) == ("emergency", "serious")
    assert receipt["received_at"] == "2026-11-24T03:12:07+08:00"
    assert receipt["case_id"] is None
    assert receipt["obligations"][0]["kind"] == "written_first_report"
    assert "path" not in receipt


# By the inbox.


async def test_with_the_brokers_away_the_inbox_takes_it_and_the_receipt_says_so(
    gateway: Gateway,
) -> None:
    gateway.brokers.is_away = True

    answer = await gateway.submit(an_arrival())

    assert told(answer)["path"] == "inbox"
    assert told(answer)["verdict"] == "emergency"
    (row,) = gateway.room.rows(inbox)
    assert (row["received_at"], row["lane"], row["answered"]) == (NIGHT, "express", answer.receipt)


async def test_brokers_that_do_not_answer_in_time_are_away(gateway: Gateway) -> None:
    gateway.brokers.ack.clear()

    answer = await gateway.submit(an_arrival())

    assert told(answer)["path"] == "inbox"
    assert gateway.room.counts()["inbox"] == 1


async def test_what_both_took_is_one_item_whose_receipt_is_the_one_that_was_given(
    gateway: Gateway,
) -> None:
    gateway.brokers.ack.clear()
    answer = await gateway.submit(an_arrival())

    gateway.judge_the_log()
    while_it_waits = await gateway.way_in.submit(an_arrival(at=NIGHT + HOUR))
    gateway.judge_the_inbox()
    afterwards = await gateway.way_in.submit(an_arrival(at=NIGHT + HOUR))

    assert gateway.room.counts()["submissions"] == 1
    again = Receipted(answer.receipt, is_repeat=True)
    assert while_it_waits == afterwards == again


async def test_brokers_that_were_away_a_moment_ago_are_not_asked_for_each_item(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(produce, "_AWAY_SECONDS", 60)
    gateway.brokers.is_away = True
    for number in range(5):
        await gateway.submit(an_arrival(f"{number}"))
    assert gateway.brokers.asked == 1
    assert gateway.way_in.has_log_failed()

    gateway.brokers.is_away = False
    gateway.way_in._away_until = 0  # a while has passed
    answer = await gateway.submit(an_arrival("last"))

    assert "path" not in told(answer)
    assert not gateway.way_in.has_log_failed()


# An emergency that the log has and the book has not.


async def test_an_emergency_that_is_not_in_the_book_in_time_goes_to_the_inbox_too(
    gateway: Gateway,
) -> None:
    answer = await gateway.submit(an_arrival())

    row = await eventually(lambda: gateway.room.rows(inbox), "it is in the inbox")
    assert row[0]["answered"] == answer.receipt

    gateway.judge_the_inbox()
    gateway.judge_the_log()
    assert gateway.room.counts()["submissions"] == gateway.room.counts()["cases"] == 1


async def test_an_emergency_that_came_into_the_book_in_time_does_not(gateway: Gateway) -> None:
    await gateway.submit(an_arrival())
    gateway.judge_the_log()

    await gateway.way_in.finish()

    assert gateway.room.counts()["inbox"] == 0


async def test_a_routine_item_is_not_followed(gateway: Gateway) -> None:
    await gateway.submit(an_arrival(**MEETING))

    await asyncio.sleep(0.75)

    assert gateway.room.counts()["inbox"] == 0


async def test_an_emergency_goes_to_the_inbox_as_soon_as_the_book_is_back(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(produce, "_AGAIN_SECONDS", 0.02)
    gateway.book.away.set()
    await gateway.submit(an_arrival())
    await asyncio.sleep(0.75)
    assert gateway.room.counts()["inbox"] == 0

    gateway.book.away.clear()

    await eventually(lambda: gateway.room.rows(inbox), "it is in the inbox")


# The book away.


async def test_with_the_book_away_the_log_takes_it_all_the_same(gateway: Gateway) -> None:
    gateway.book.away.set()

    answer = await gateway.submit(an_arrival(**MEETING))

    assert told(answer)["verdict"] == "routine"
    assert len(gateway.brokers.records) == 1


async def test_with_log_and_book_away_nothing_is_promised(gateway: Gateway) -> None:
    gateway.book.away.set()
    gateway.brokers.is_away = True

    with pytest.raises(BookAwayError):
        await gateway.way_in.submit(an_arrival())


async def test_with_the_book_away_another_body_under_a_key_becomes_an_item_of_its_own(
    gateway: Gateway,
) -> None:
    another_gateway = Producing(
        gateway.room.desk, gateway.book, gateway.way_in.writer, gateway.brokers, KEYS
    )
    gateway.book.away.set()
    await gateway.submit(an_arrival(**MEETING))
    await another_gateway.submit(an_arrival(title="周报", body="本周工作正常。"))
    gateway.book.away.clear()

    gateway.judge_the_log()

    assert len(gateway.room.rows(submissions)) == 2
