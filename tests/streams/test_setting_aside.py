"""What cannot be taken in: is it kept whole, is someone told, does nothing wait for it? 隔离。"""

from dataclasses import replace

import pytest

from ledger.schema import alerts, deliveries, facts, submissions
from streams.relay import fact_of
from tests.builders import DESK, HOUR, ITS_CLERK, NIGHT, OFFICER, THEIR_CLERK, WALL
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import (
    BARE,
    ITS_KEY,
    OWN_TOPIC,
    SET_ASIDE,
    a_record,
    absorbed,
    signed,
)
from vocabulary.terms import Duty

WORDS = "大湾村坍塌，3人死亡".encode()


def test_it_is_kept_whole_with_why_and_where_from(room: DutyBook) -> None:
    record = a_record(WORDS, offset=41, headers={"content-type": b"text/plain", "odd": b"\xff"})

    absorbed(room, record, now=NIGHT + HOUR)

    row = room.row(SET_ASIDE)
    assert row["content"] == WORDS
    assert row["reason"] == "不是有效的 JSON（UTF-8）"
    assert (row["topic"], row["partition"], row["offset"]) == ("jibao.express.v1", 1, 41)
    assert '"content-type":"text/plain"' in row["headers"]
    assert (row["received_at"], row["at"], row["retried_at"]) == (NIGHT, NIGHT + HOUR, None)


def test_its_neighbours_are_taken_in(room: DutyBook) -> None:
    taken = absorbed(room, a_record(offset=5), a_record(WORDS, offset=6), a_record(offset=7))

    assert taken == 2
    assert room.counts()["submissions"] == 2


def test_someone_at_the_desk_is_asked_to_look_and_is_told_why_and_not_what(
    room: DutyBook,
) -> None:
    absorbed(room, a_record(WORDS))

    alert = room.row(alerts)
    assert (alert["level"], alert["unit_id"]) == ("attention", DESK)
    assert alert["title"] == "【关注】有一件报送无法接收，已隔离（来源不明）"
    assert "不是有效的 JSON" in alert["summary"]
    assert f"jibao quarantine show {room.row(SET_ASIDE)['uid']}" in alert["summary"]
    assert "大湾村" not in alert["title"] + alert["summary"]
    assert room.owed(Duty.LOOK)["fulfilment"] == "open"


def test_nobody_is_woken_for_it_at_once_but_in_the_end_someone_is(room: DutyBook) -> None:
    absorbed(room, a_record(WORDS))
    assert room.called() == []

    assert room.next_step_at is not None
    room.fire(room.next_step_at)

    assert room.called() == [OFFICER]


@pytest.mark.parametrize(
    ("topic", "headers", "clerk"),
    [
        (OWN_TOPIC, {}, THEIR_CLERK),
        ("", {"jibao-signature": signed(WORDS, ITS_KEY)}, ITS_CLERK),
    ],
    ids=["by its own topic", "by its signature"],
)
def test_the_sender_is_told_what_to_mend_where_it_is_proven(
    room: DutyBook, topic: str, headers: dict[str, bytes], clerk: str
) -> None:
    absorbed(room, replace(a_record(WORDS, topic=topic), headers=headers))

    notice = room.row(deliveries)
    assert notice["recipient"] == clerk
    assert "无法接收，请修改后重报" in notice["title"]
    assert "不是有效的 JSON" in notice["body"]
    assert notice["body"].splitlines()[-1].startswith("紧急情况请立即电话报告：")


@pytest.mark.parametrize("value", [b"garbage", {**BARE, "deaths": -1}], ids=["garbage", "a slip"])
def test_nobody_is_told_where_anyone_may_have_written_it(room: DutyBook, value: object) -> None:
    absorbed(room, a_record(value))

    assert room.rows(deliveries) == []


def test_what_our_own_process_stumbled_over_is_told_to_no_unit_that_is_only_named_in_it(
    room: DutyBook,
) -> None:
    absorbed(room, a_record(), unfit="处理时出错（RuntimeError）")

    assert room.rows(deliveries) == []
    assert room.row(SET_ASIDE)["reason"] == "处理时出错（RuntimeError）"
    assert room.rows(submissions) == []


@pytest.mark.parametrize("value", [{**BARE, "unit_id": "nowhere"}, {**BARE, "unit_id": ""}])
def test_an_item_of_a_unit_that_is_not_of_this_county_is_set_aside(
    room: DutyBook, value: object
) -> None:
    absorbed(room, a_record(value))

    assert room.row(SET_ASIDE)["reason"] == "本县没有这个报送单位"


def test_the_same_record_twice_is_set_aside_and_told_of_once(room: DutyBook) -> None:
    absorbed(room, a_record(WORDS, topic=OWN_TOPIC))
    before = room.counts()

    absorbed(room, a_record(WORDS, topic=OWN_TOPIC), now=NIGHT + HOUR)

    assert room.counts() == before
    assert len(room.rows(SET_ASIDE)) == 1


def test_other_systems_hear_of_it_through_the_relay(room: DutyBook) -> None:
    absorbed(room, a_record(WORDS))

    (told,) = [row | {"case_uid": None} for row in room.rows(facts, kind="set_aside")]
    fact = fact_of(told)

    assert fact.topic == "jibao.quarantine.v1"
    assert fact.model_dump()["quarantine"] == room.row(SET_ASIDE)["uid"]


def test_garbage_beside_an_emergency_does_not_change_the_emergency(room: DutyBook) -> None:
    absorbed(room, a_record(WORDS, offset=5), a_record({**BARE, **WALL}, offset=6))

    assert room.called() == [OFFICER]
    assert {row["cause"] for row in room.rows(alerts)} == {"set_aside", "opened"}
