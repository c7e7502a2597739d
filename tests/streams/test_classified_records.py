"""Classified content came by the log: what rests of it, and who moves? 日志来的涉密件。"""

from pathlib import Path

import orjson
import pytest

from ledger.schema import alerts
from tests.builders import (
    CLASSIFIED,
    SECRET_WORDS,
    Item,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import (
    BARE,
    SET_ASIDE,
    a_record,
    absorbed,
    an_envelope,
    of_the_gateway,
)

ALONE_ON_A_LINE: Item = {"title": "情况", "body": f"机密\n{SECRET_WORDS}"}


def escaped(item: Item) -> bytes:
    """As a client writes that escapes what is not ASCII."""
    body: str = item["body"]
    return b'{"title":"\\u673a\\u5bc6\\u26051\\u5e74","body":"' + body.encode() + b'"}'


@pytest.mark.parametrize(
    "value",
    [
        orjson.dumps(BARE | CLASSIFIED),
        orjson.dumps(BARE | ALONE_ON_A_LINE),
        escaped(CLASSIFIED).replace(b"{", b'{"unit_id":"qingshi",'),
        escaped(CLASSIFIED),
        orjson.dumps({"机密★1年": SECRET_WORDS}),
        orjson.dumps(CLASSIFIED) + b"}",
        orjson.dumps(CLASSIFIED).decode().encode("gb18030"),
    ],
    ids=["plain", "a line", "escaped", "of nobody", "a field", "broken", "GB 18030"],
)
def test_of_classified_content_nothing_rests_but_its_hash(
    room: DutyBook, tmp_path: Path, value: bytes
) -> None:
    record = a_record(value)

    absorbed(room, record)

    row = room.row(SET_ASIDE)
    assert (row["content"], row["headers"]) == (None, None)
    assert row["content_hash"].hex()
    assert (row["topic"], row["partition"], row["offset"]) == ("jibao.express.v1", 1, 5)
    assert room.counts()["submissions"] == 0
    room.book.close()
    for file in tmp_path.iterdir():
        rests = file.read_bytes()
        assert SECRET_WORDS.encode() not in rests
        assert SECRET_WORDS.encode("gb18030") not in rests
        assert b"\\u673a" not in rests


def test_for_classified_content_the_officer_moves_as_if_it_had_come_by_http(
    room: DutyBook,
) -> None:
    absorbed(room, a_record(BARE | CLASSIFIED))

    causes = {row["cause"]: row for row in room.rows(alerts)}
    assert set(causes) == {"set_aside", "classified"}
    assert causes["classified"]["level"] == "emergency"
    assert "机要电话" in causes["classified"]["title"]
    assert len(room.called()) == 1


def test_what_the_gateway_looked_at_is_not_looked_at_again(room: DutyBook) -> None:
    """Its own rules were of its own day: what it accepted is kept."""
    absorbed(room, of_the_gateway(an_envelope(an_arrival(title="机密★1年", body="火灾"))))

    assert room.counts()["submissions"] == 1


def test_a_foreign_item_that_may_not_be_classified_is_kept(room: DutyBook) -> None:
    absorbed(room, a_record(BARE | {"body": "做好保密检查，保守国家秘密。"}))

    assert room.counts()["submissions"] == 1
