"""Once someone has mended why, is what was set aside taken in as if at once? 重新接收。"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger import quarantine
from ledger.schema import alerts, obligations, submissions
from streams.retrying import Retrying
from tests.builders import CLASSIFIED, HOUR, NIGHT, TOWNSHIP
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import (
    BARE,
    ITS_KEY,
    KEYS,
    SET_ASIDE,
    a_record,
    absorbed,
    an_envelope,
    of_the_gateway,
    signed,
)
from vocabulary.record import Record

OUR_FAULT = "处理时出错（RuntimeError）"
LATER = NIGHT + 3 * HOUR


def retry(room: DutyBook, uid: UUID | None = None) -> str | None:
    uid = uid or room.row(SET_ASIDE)["uid"]
    with room.book.writing.begin() as connection:
        row = quarantine.by_uid(connection, uid)
        assert row is not None
        return Retrying(room.desk, KEYS).retry(connection, row, LATER)


@pytest.mark.parametrize(
    "record", [a_record(), of_the_gateway(an_envelope())], ids=["foreign", "of the gateway"]
)
def test_it_is_taken_in_with_its_first_hour_of_receipt(room: DutyBook, record: Record) -> None:
    absorbed(room, record, unfit=OUR_FAULT, now=NIGHT + HOUR)

    assert retry(room) is None

    item = room.row(submissions)
    assert item["received_at"] == NIGHT
    assert (item["owing_unit_id"], item["verdict"]) == (TOWNSHIP, "emergency")
    assert room.row(alerts, cause="opened")["opened_at"] == NIGHT
    assert room.row(SET_ASIDE)["retried_at"] == LATER


def test_nobody_is_late_because_it_lay_there(room: DutyBook) -> None:
    told = {**BARE, "known_at": NIGHT.isoformat()}
    record = a_record(told)
    record = replace(record, headers={"jibao-signature": signed(record.value, ITS_KEY)})
    absorbed(room, record, unfit=OUR_FAULT)

    retry(room)

    (written,) = room.rows(obligations, duty="written_first_report")
    assert written["timeliness"] == "on_time"


def test_it_keeps_its_id_and_its_sender(room: DutyBook) -> None:
    record = a_record()
    record = replace(record, headers={"jibao-signature": signed(record.value, ITS_KEY)})
    absorbed(room, record)
    (first,) = room.rows(submissions)

    absorbed(room, replace(record, offset=99), unfit=OUR_FAULT)
    retry(room)

    one, other = room.rows(submissions)
    assert (one["uid"], one["is_proven"]) == (first["uid"], True)
    assert (other["uid"] != one["uid"], other["is_proven"]) == (True, True)


def test_what_is_still_wrong_stays_and_says_why(room: DutyBook) -> None:
    absorbed(room, a_record({**BARE, "deaths": -1}))

    assert retry(room) == "内容有误：deaths"
    assert room.row(SET_ASIDE)["retried_at"] is None
    assert waiting(room) == 1


def test_of_classified_content_there_is_nothing_to_take_in(room: DutyBook) -> None:
    absorbed(room, a_record(BARE | CLASSIFIED))

    assert retry(room) == "内容带有密级标志，未保存"
    assert room.rows(submissions) == []


def test_a_second_retry_changes_nothing(room: DutyBook) -> None:
    absorbed(room, a_record(), unfit=OUR_FAULT)
    retry(room)
    before = room.counts()

    assert retry(room) is None

    assert room.counts() == before
    assert waiting(room) == 0


def waiting(room: DutyBook) -> Any:
    with room.book.read() as connection:
        return quarantine.depth(connection)
