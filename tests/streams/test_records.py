"""Do records of the log become items of the book, once, whatever comes twice? 日志接入。"""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from ledger import positions
from ledger.schema import alerts, cases, deliveries, submissions
from streams.records import Batch, Records
from tests.builders import (
    CLASSIFIED,
    FIRE,
    HOUR,
    MEETING,
    MINUTE,
    NIGHT,
    WALL,
    an_arrival,
    from_the_inbox,
)
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import (
    BARE,
    EVENT,
    ITS_KEY,
    KEYS,
    OWN_TOPIC,
    SET_ASIDE,
    a_record,
    absorbed,
    an_envelope,
    of_the_gateway,
    signed,
)
from vocabulary.judgement import JUDGEMENT
from vocabulary.record import Record
from vocabulary.terms import Verdict


def reasons_of(row: dict[str, Any]) -> list[str]:
    return [reason.rule for reason in JUDGEMENT.validate_json(row["judgement"]).reasons]


def reached(room: DutyBook) -> dict[positions.Place, int]:
    with room.book.read() as connection:
        return positions.all_of(connection)


# Once.


def test_an_emergency_on_the_log_calls_the_officer(room: DutyBook) -> None:
    taken = absorbed(room, of_the_gateway(an_envelope()))

    assert taken == 1
    assert room.row(cases)["title"] == FIRE["title"]
    assert room.called() == ["feng-jianye"]


def test_a_batch_that_comes_again_changes_nothing(room: DutyBook) -> None:
    batch = [
        of_the_gateway(an_envelope(), offset=5),
        a_record(offset=6),
        a_record(b"garbage", offset=7),
        a_record({**BARE, **CLASSIFIED}, offset=8),
    ]
    absorbed(room, *batch)
    before = (room.counts(), reached(room), len(room.rows(SET_ASIDE)))

    absorbed(room, *batch)

    assert (room.counts(), reached(room), len(room.rows(SET_ASIDE))) == before
    assert room.sendings == []


def test_copies_of_one_item_by_the_log_and_by_the_inbox_are_one_item(room: DutyBook) -> None:
    arrival = an_arrival()
    absorbed(room, of_the_gateway(an_envelope(arrival), offset=5))
    before = room.counts()

    room.absorb(from_the_inbox(arrival))
    absorbed(room, of_the_gateway(an_envelope(arrival), offset=6))

    assert room.counts() == before


def test_the_receipt_given_at_the_door_stays_the_answer(room: DutyBook) -> None:
    absorbed(room, of_the_gateway(an_envelope(receipt='{"given":"at the door"}')))

    (again,) = room.absorb(an_arrival(at=NIGHT + HOUR))

    assert again.receipt == '{"given":"at the door"}'


def test_an_event_sent_twice_by_a_foreign_client_is_one_item(room: DutyBook) -> None:
    absorbed(room, a_record(headers=EVENT, offset=5), a_record(headers=EVENT, offset=6))

    assert room.counts()["submissions"] == room.counts()["cases"] == 1


def test_the_hour_of_receipt_is_the_gateways_or_the_brokers(room: DutyBook) -> None:
    ours = of_the_gateway(an_envelope(), at=HOUR)
    absorbed(room, ours, replace(a_record(offset=6), at=NIGHT + MINUTE))

    assert [row["received_at"] for row in room.rows(submissions)] == [NIGHT, NIGHT + MINUTE]


# How far.


def test_positions_advance_with_the_items_past_items_and_garbage_alike(room: DutyBook) -> None:
    absorbed(room, a_record(offset=5), a_record(b"garbage", offset=6))

    assert reached(room) == {("jibao.express.v1", 1): 7}


def test_positions_never_go_back(room: DutyBook) -> None:
    absorbed(room, a_record(offset=5), a_record(offset=6))
    absorbed(room, a_record(offset=5))

    assert reached(room) == {("jibao.express.v1", 1): 7}


def test_where_the_transaction_fails_the_position_stays_with_the_items(
    room: DutyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(positions, "advance", fail)
    with pytest.raises(RuntimeError):
        absorbed(room, a_record(), a_record(b"garbage", offset=6))

    assert reached(room) == {}
    assert room.counts()["submissions"] == 0
    assert room.rows(SET_ASIDE) == []


def test_each_batch_of_a_group_is_taken_in_wholly(room: DutyBook) -> None:
    records = Records(room.desk, KEYS)
    batches = [Batch((a_record(offset=n), a_record(offset=n + 1)), NIGHT) for n in (1, 3)]

    assert room.do(records.absorb, batches) == [2, 2]
    assert reached(room) == {("jibao.express.v1", 1): 5}


# The verdict at the door.


def test_the_verdict_at_the_door_may_be_raised(room: DutyBook) -> None:
    absorbed(room, of_the_gateway(an_envelope(verdict=Verdict.ROUTINE)))

    assert room.row(submissions)["verdict"] == "emergency"
    assert len(room.called()) == 1


def test_the_verdict_at_the_door_is_never_lowered_but_by_a_person(room: DutyBook) -> None:
    meeting = an_envelope(an_arrival(**MEETING), verdict=Verdict.EMERGENCY)

    absorbed(room, of_the_gateway(meeting))

    row = room.row(submissions)
    assert row["verdict"] == "emergency"
    assert reasons_of(row)[0] == "verdict_at_door"
    assert len(room.called()) == 1


# Two bodies under one key, neither of which the gateway could see.


def test_a_second_body_under_one_key_is_an_item_of_its_own_and_marked(room: DutyBook) -> None:
    first = of_the_gateway(an_envelope(an_arrival()), offset=5)
    second = of_the_gateway(an_envelope(an_arrival(**WALL)), offset=6)

    absorbed(room, first)
    absorbed(room, second)
    absorbed(room, second)

    kept, other = room.rows(submissions)
    assert kept["uid"] == an_arrival().uid != other["uid"]
    assert "second_body" not in reasons_of(kept)
    assert "second_body" in reasons_of(other)


# Whose it is.


def page_of(room: DutyBook) -> str:
    alert = room.row(alerts)
    return f"{alert['title']}\n{alert['summary']}"


def test_an_item_whose_sender_is_unproven_is_judged_and_says_so_in_the_page(room: DutyBook) -> None:
    absorbed(room, a_record())

    assert room.row(submissions)["is_proven"] is False
    assert room.row(alerts)["title"].endswith("（自称青石镇，来源未核实）")
    assert "自称青石镇，来源未核实报送" in room.row(alerts)["summary"]
    assert len(room.called()) == 1


@pytest.mark.parametrize(
    "record",
    [
        of_the_gateway(an_envelope()),
        replace(
            a_record(),
            headers={"jibao-signature": signed(orjson.dumps(BARE), ITS_KEY)},
        ),
        a_record(topic=OWN_TOPIC),
    ],
    ids=["the gateway's seal", "a signature", "a topic of its own"],
)
def test_a_proven_sender_is_not_doubted(room: DutyBook, record: Record) -> None:
    absorbed(room, record)

    assert room.row(submissions)["is_proven"] is True
    assert "未核实" not in page_of(room)


def test_a_stranger_that_waited_in_the_inbox_is_still_unproven(room: DutyBook) -> None:
    room.keep(replace(an_arrival(), is_proven=False))
    room.drain("express")

    assert room.row(submissions)["is_proven"] is False


def test_who_was_called_from_memory_may_be_called_again_and_the_page_says_so(
    room: DutyBook,
) -> None:
    envelope = an_envelope()

    absorbed(room, of_the_gateway(envelope), called={envelope.uid})

    assert all(row["is_repeat"] for row in room.rows(deliveries))
