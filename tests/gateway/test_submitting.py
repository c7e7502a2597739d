"""What does a sender hear at the door? 报送接口。"""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ledger.schema import alerts, inbox, submissions
from tests.builders import (
    CLASSIFIED,
    FIRE,
    MEETING,
    SECRET_WORDS,
    TOWNSHIP,
    WALL,
)
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import OpenRoom, an_open_room

DOOR = "/submissions"
OFFICER = "person:feng-jianye"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenRoom]:
    monkeypatch.setenv("JIBAO_PHONE", "127.0.0.1:9")  # nobody listens: what is sent fails at once
    async with an_open_room(tmp_path) as room:
        yield room


def kept(house: OpenRoom) -> int:
    book = DutyBook(house.room.book, house.room.desk)
    return len(book.rows(submissions)) + len(book.rows(inbox))


async def send(
    house: OpenRoom, item: Any, key: str | None = None, by: str = "unit:qingshi", **more: Any
) -> Any:
    caller = await house.caller(by, **more)
    return await caller.post(DOOR, json=item, headers={"Idempotency-Key": key} if key else {})


async def test_an_item_is_answered_202_with_its_receipt(house: OpenRoom) -> None:
    answer = await send(house, WALL)

    assert answer.status_code == 202
    receipt = answer.json()
    assert set(receipt) == {
        "submission_id",
        "received_at",
        "verdict",
        "severity",
        "case_id",
        "obligations",
        "missing_elements",
    }
    assert (receipt["verdict"], receipt["severity"]) == ("emergency", "serious")
    assert set(receipt["obligations"][0]) == {
        "kind",
        "due_at",
        "fulfilment",
        "timeliness",
        "source",
    }
    assert kept(house) == 1


async def test_a_nil_report_needs_no_words(house: OpenRoom) -> None:
    assert (await send(house, {"stage": "nil"})).status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": "Bearer not-a-token"}, id="a wrong one"),
        pytest.param({"Authorization": "Basic cWluZ3NoaQ=="}, id="something else"),
    ],
)
async def test_without_a_good_token_nothing_is_taken(
    house: OpenRoom, headers: dict[str, str]
) -> None:
    caller = await house.caller(None)

    for path in (DOOR, f"{DOOR}:batch"):
        answer = await caller.post(path, json=FIRE, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert "令牌" in answer.json()["detail"]
    assert kept(house) == 0


async def test_an_item_over_64_kib_is_too_large(house: OpenRoom) -> None:
    answer = await send(house, {"title": "长", "body": "长" * 30_000})

    assert answer.status_code == 413
    assert "64 KiB" in answer.json()["detail"]


async def test_a_body_without_a_stated_length_is_read_no_further_than_its_limit(
    house: OpenRoom,
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 1024

    answer = await (await house.caller()).post(DOOR, content=endless())

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("item", "field", "chinese", "english"),
    [
        pytest.param(
            FIRE | {"deths": 2}, "deths", "没有这一项", "not a known field", id="misspelt"
        ),
        pytest.param(FIRE | {"deaths": -1}, "deaths", "不能为负数", "negative", id="below zero"),
        pytest.param(
            FIRE | {"deaths": 1e9}, "deaths", "数字过大", "too large", id="no such number"
        ),
        pytest.param(FIRE | {"stage": "初报"}, "stage", "不是可选的值", "allowed", id="no stage"),
        pytest.param(
            FIRE | {"known_at": "2026-11-24T03:00:00"}, "known_at", "须带时区", "zone", id="no zone"
        ),
        pytest.param(
            FIRE | {"known_at": "三点"}, "known_at", "时间格式有误", "not a time", id="no time"
        ),
        pytest.param(
            FIRE | {"occurred_at": "9999-12-31T23:59:00Z"},
            "occurred_at",
            "年份有误",
            "a year that cannot be",
            id="no year of ours",
        ),
        pytest.param({"stage": "first"}, "title", "不能都为空", "both be empty", id="empty"),
        pytest.param([], "", "应为一个 JSON 对象", "should be a JSON object", id="a list"),
    ],
)
async def test_a_malformed_item_names_the_field_in_the_callers_language(
    house: OpenRoom, item: Any, field: str, chinese: str, english: str
) -> None:
    for language, expected in (("zh", chinese), ("en", english)):
        answer = await send(house, item, language=language)
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/malformed"
        (error,) = answer.json()["errors"]
        assert error["field"] == field
        assert expected in error["sentence"]
    assert kept(house) == 0


@pytest.mark.parametrize("body", [b"{", b"", b'{"title": "\xff"}'], ids=["cut", "empty", "bytes"])
async def test_what_is_no_json_is_said_to_be_none(house: OpenRoom, body: bytes) -> None:
    answer = await (await house.caller()).post(DOOR, content=body)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "", "sentence": "不是有效的 JSON（UTF-8）"}]


async def test_a_refusal_never_repeats_what_was_sent(house: OpenRoom) -> None:
    answer = await send(house, FIRE | {"deaths": "两名姓王的群众"})

    assert "王" not in answer.text


async def test_the_same_key_and_body_get_the_same_receipt(house: OpenRoom) -> None:
    first = await send(house, FIRE, "key-1")

    again = await send(house, FIRE, "key-1")

    assert (again.status_code, again.content) == (202, first.content)
    assert kept(house) == 1


async def test_another_body_under_a_used_key_is_told_to_come_as_a_follow_up(
    house: OpenRoom,
) -> None:
    first = await send(house, FIRE, "key-1")

    answer = await send(house, WALL, "key-1")

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/key-used"
    assert answer.json()["submission_id"] == first.json()["submission_id"]
    assert "续报" in answer.json()["detail"]
    assert kept(house) == 1


async def test_a_key_has_at_most_200_characters(house: OpenRoom) -> None:
    answer = await send(house, FIRE, "k" * 201)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert (await send(house, FIRE, "k" * 200)).status_code == 202


async def test_a_classified_item_is_refused_with_the_lawful_channel_named(
    house: OpenRoom,
) -> None:
    answer = await send(house, CLASSIFIED)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/classified"
    assert answer.json()["telephone"] == "0800-2110002"
    assert "机要" in answer.json()["detail"]
    (alert,) = DutyBook(house.room.book, house.room.desk).rows(alerts)
    assert alert["cause"] == "classified"


@pytest.mark.parametrize("way", ["one", "batch"])
async def test_nothing_of_a_classified_item_is_in_any_file(
    house: OpenRoom, tmp_path: Path, way: str
) -> None:
    caller = await house.caller()
    secret = {"title": "机密★1年 " + SECRET_WORDS, "body": SECRET_WORDS, "reporter": "青松联络员"}
    if way == "one":
        await caller.post(DOOR, json=secret, headers={"Idempotency-Key": "qingsong-key"})
    else:
        await caller.post(f"{DOOR}:batch", json=secret)
    assert (await send(house, MEETING)).status_code == 202

    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert "召开".encode() in written  # else this test would prove nothing
    for words in (SECRET_WORDS, "青松", "联络员"):
        assert words.encode() not in written


async def test_only_the_desk_speaks_for_another_unit(house: OpenRoom) -> None:
    for item in (FIRE | {"on_behalf_of": "liulin"}, FIRE | {"unit_id": "liulin"}):
        answer = await send(house, item)
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/not-yours"
    assert kept(house) == 0


async def test_a_unit_may_name_itself(house: OpenRoom) -> None:
    assert (await send(house, FIRE | {"unit_id": TOWNSHIP})).status_code == 202


async def test_the_desk_logs_a_call_on_a_units_behalf(house: OpenRoom) -> None:
    call = FIRE | {"on_behalf_of": TOWNSHIP, "called_at": "2026-11-24T03:09:00+08:00"}

    receipt = (await send(house, call, by=OFFICER)).json()

    assert [(o["kind"], o["fulfilment"]) for o in receipt["obligations"]] == [
        ("written_first_report", "open"),
        ("phone_first_report", "met"),
        ("follow_up_report", "open"),
    ]


async def test_a_unit_that_is_not_in_the_county_cannot_be_spoken_for(house: OpenRoom) -> None:
    answer = await send(house, FIRE | {"on_behalf_of": "nowhere"}, by=OFFICER)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/no-such-unit"


@pytest.mark.slow
async def test_a_book_that_cannot_be_written_is_a_503_with_the_telephone(
    house: OpenRoom, tmp_path: Path
) -> None:
    caller = await house.caller()
    await caller.get("/obligations")  # the token is known from now on
    other = sqlite3.connect(tmp_path / "jibao.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    answer = await send(house, FIRE)
    other.execute("ROLLBACK")
    other.close()

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["telephone"] == "0800-2110001"
    assert kept(house) == 0
    assert (await send(house, FIRE)).status_code == 202
