"""A classified item was turned away: the officer moves, and nothing of it rests here. 涉密提示。"""

import hashlib

from ledger.schema import alerts, deliveries
from tests.builders import (
    LEADER,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SECOND,
    SECRET_WORDS,
    TOWNSHIP,
)
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.arrival import Marked

DIGEST = hashlib.sha256(SECRET_WORDS.encode()).digest()


def a_mark(unit_id: str = TOWNSHIP, digest: bytes = DIGEST, seconds: int = 0) -> Marked:
    return Marked(unit_id, NIGHT + seconds * SECOND, digest)


def test_the_officer_is_called_to_the_confidential_telephone(room: DutyBook) -> None:
    room.mark(a_mark())

    assert room.called() == [OFFICER]
    assert "请接机要电话" in room.sendings[0].title
    assert "0800-2110002" in room.sendings[0].body


def test_the_call_holds_nothing_of_the_item_nor_who_sent_it(room: DutyBook) -> None:
    room.mark(a_mark())

    said = [*room.rows(alerts), *room.rows(deliveries)]
    for row in said:
        text = f"{row['title']}{row.get('summary')}{row.get('body')}"
        assert "青石" not in text
        assert "青松" not in text
        assert "三号库" not in text


def test_the_same_item_sent_again_calls_once(room: DutyBook) -> None:
    room.mark(a_mark())

    room.mark(a_mark(seconds=30), a_mark(seconds=31))

    assert room.sendings == []
    assert len(room.rows(alerts)) == 1


def test_another_item_or_another_unit_calls_again(room: DutyBook) -> None:
    room.mark(a_mark(), a_mark(NEIGHBOUR), a_mark(digest=b"another"))

    assert len(room.rows(alerts)) == 3


def test_a_call_that_nobody_takes_climbs_the_ladder(room: DutyBook) -> None:
    room.mark(a_mark())
    assert room.next_step_at == NIGHT + 5 * MINUTE

    room.fire(just_after(NIGHT + 5 * MINUTE))

    assert room.called() == [OFFICER, LEADER]
