"""Many items at once, one a line: does each line get its own answer? 批量报送。"""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.schema import inbox, submissions
from tests.builders import CLASSIFIED, FIRE, MEETING, SECRET_WORDS, WALL, an_arrival
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import OpenRoom, an_open_room, eventually

DOOR = "/submissions:batch"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenRoom]:
    monkeypatch.setenv("JIBAO_PHONE", "127.0.0.1:9")
    async with an_open_room(tmp_path) as room:
        yield room


def keyed(item: dict[str, Any], key: str) -> dict[str, Any]:
    return item | {"idempotency_key": key}


async def send(house: OpenRoom, *lines: Any, by: str = "unit:qingshi") -> list[dict[str, Any]]:
    caller = await house.caller(by)
    body = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    answer = await caller.post(DOOR, content=body)
    assert answer.status_code == 202
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def until_judged(house: OpenRoom, count: int) -> list[dict[str, Any]]:
    book = DutyBook(house.room.book, house.room.desk)
    await eventually(
        lambda: len(book.rows(submissions)) == count and not book.rows(inbox), "all is judged"
    )
    return book.rows(submissions)


async def test_each_line_has_a_receipt_and_its_judgement_follows(house: OpenRoom) -> None:
    receipts = await send(house, MEETING, FIRE)

    assert [receipt["verdict"] for receipt in receipts] == [None, None]
    judged = await until_judged(house, 2)
    assert {row["verdict"] for row in judged} == {"routine", "emergency"}
    assert {str(row["uid"]) for row in judged} == {each["submission_id"] for each in receipts}


async def test_an_item_can_be_asked_after_before_it_is_judged(house: OpenRoom) -> None:
    waiting = an_arrival()
    with house.room.book.writing.begin() as connection:
        connection.execute(
            inbox.insert().values(
                id=1,
                uid=waiting.uid,
                unit_id=waiting.unit_id,
                lane="a lane that nobody drains",
                received_at=waiting.received_at,
                body_hash=waiting.body_hash,
                content=waiting.submission.model_dump_json(),
            )
        )

    mine = await (await house.caller()).get(f"/submissions/{waiting.uid}")
    theirs = await (await house.caller("unit:liulin")).get(f"/submissions/{waiting.uid}")

    assert (mine.status_code, theirs.status_code) == (200, 404)
    assert mine.json()["verdict"] is None
    assert mine.json()["received_at"] == "2026-11-24T03:12:07+08:00"


async def test_a_bad_line_is_answered_in_its_place_and_stops_nothing(house: OpenRoom) -> None:
    answers = await send(
        house,
        MEETING,
        {"title": "长", "body": "长" * 30_000},
        b"{",
        b"[1]",
        FIRE | {"deaths": -1},
        FIRE | {"on_behalf_of": "liulin"},
        FIRE | {"idempotency_key": ""},
        WALL,
    )

    told = [answer.get("type", "kept") for answer in answers]
    assert told == [
        "kept",
        "/problems/too-large",
        "/problems/malformed",
        "/problems/malformed",
        "/problems/malformed",
        "/problems/not-yours",
        "/problems/malformed",
        "kept",
    ]
    assert answers[4]["errors"] == [{"field": "deaths", "sentence": "不能为负数"}]
    await until_judged(house, 2)


async def test_a_classified_line_is_refused_alone(house: OpenRoom) -> None:
    refused, kept = await send(house, CLASSIFIED, MEETING)

    assert refused["type"] == "/problems/classified"
    assert refused["telephone"] == "0800-2110002"
    assert SECRET_WORDS not in str(refused)
    assert kept["submission_id"]


async def test_a_batch_sent_again_is_the_same_batch(house: OpenRoom) -> None:
    lines = (keyed(MEETING, "1"), keyed(FIRE, "2"))
    first = await send(house, *lines)
    await until_judged(house, 2)

    again = await send(house, *lines)

    assert again == first
    await until_judged(house, 2)


async def test_another_body_under_a_used_key_is_a_conflict_of_that_line(house: OpenRoom) -> None:
    first, second = await send(house, keyed(MEETING, "1"), keyed(FIRE, "1"))

    assert second["type"] == "/problems/key-used"
    assert second["submission_id"] == first["submission_id"]


async def test_blank_lines_are_no_items(house: OpenRoom) -> None:
    assert len(await send(house, b"", MEETING, b"  ", b"")) == 1


async def test_more_lines_than_one_transaction_takes_keep_their_order(house: OpenRoom) -> None:
    lines = [keyed(MEETING | {"title": f"第{number}件"}, str(number)) for number in range(300)]

    receipts = await send(house, *lines)

    assert len({receipt["submission_id"] for receipt in receipts}) == 300
    judged = await until_judged(house, 300)
    titles = {str(row["uid"]): orjson.loads(row["content"])["title"] for row in judged}
    assert [titles[receipt["submission_id"]] for receipt in receipts] == [
        line["title"] for line in lines
    ]


async def test_a_batch_in_one_bad_encoding_is_answered_line_by_line(house: OpenRoom) -> None:
    (answer,) = await send(house, '{"title": "起火"}'.encode("gb18030"))

    assert answer["errors"] == [{"field": "", "sentence": "不是有效的 JSON（UTF-8）"}]


async def test_a_batch_that_is_announced_too_large_is_not_read(house: OpenRoom) -> None:
    caller = await house.caller()
    announced = {"Content-Length": str(33 * 1024 * 1024)}

    assert (await caller.post(DOOR, content=b"{}", headers=announced)).status_code == 413


@pytest.mark.slow
async def test_a_book_that_cannot_be_written_keeps_nothing_of_a_batch_and_says_so(
    house: OpenRoom, tmp_path: Path
) -> None:
    caller = await house.caller()
    await caller.get("/obligations")  # the token is known from now on
    other = sqlite3.connect(tmp_path / "jibao.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    answer = await caller.post(DOOR, content=orjson.dumps(FIRE))
    other.execute("ROLLBACK")
    other.close()

    assert answer.status_code == 503
    assert (answer.json()["kept"], answer.json()["lines"]) == (0, 1)
    assert answer.json()["telephone"] == "0800-2110001"
    assert (await send(house, FIRE))[0]["submission_id"]
    await until_judged(house, 1)
