"""Which bytes on the log are an item, whose, and what is said of those that are none? 线上格式。"""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from streams.wire import SEAL, SIGNATURE, read
from tests.builders import FIRE, HOUR, NEIGHBOUR, NIGHT, TOWNSHIP, an_arrival
from tests.streams.log_records import (
    BARE,
    EVENT,
    ITS_KEY,
    KEYS,
    OWN_TOPIC,
    a_record,
    an_envelope,
    of_the_gateway,
    signed,
)
from vocabulary.arrival import Arrival, hash_of
from vocabulary.record import Record, Unreadable
from vocabulary.terms import Verdict


def the_item(record: Record) -> Arrival:
    found = read(record, KEYS)
    assert isinstance(found, Arrival), found
    return found


def what_is_wrong(record: Record) -> Unreadable:
    found = read(record, KEYS)
    assert isinstance(found, Unreadable), found
    return found


# What our own gateway wrote.


def test_what_the_gateway_wrote_is_read_as_it_was() -> None:
    envelope = an_envelope()

    found = the_item(of_the_gateway(envelope))

    assert (found.uid, found.unit_id) == (envelope.uid, TOWNSHIP)
    assert found.submission == envelope.submission
    assert found.body_hash == hash_of(envelope.submission)
    assert found.answered == envelope.receipt
    assert found.verdict_at_door is Verdict.EMERGENCY
    assert (found.is_from_log, found.is_proven, found.is_keyed) == (True, True, True)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-24T03:00:00+08:00",
        "2026-11-23T19:00:00Z",
        "2026-11-24T03:00:00.120000+08:00",
        "2026-11-23T19:00:00.000001-00:00",
        "2026-11-24T00:00:00+05:30",
    ],
)
def test_an_item_that_goes_by_the_log_has_the_same_hash_as_at_the_door(moment: str) -> None:
    at_the_door = an_arrival(**FIRE, known_at=moment, place=" 和平路 ", deaths=0)

    found = the_item(of_the_gateway(an_envelope(at_the_door)))

    assert found.body_hash == at_the_door.body_hash


def test_the_hour_of_receipt_is_the_gateways_and_not_the_brokers() -> None:
    assert the_item(of_the_gateway(an_envelope(), at=HOUR)).received_at == NIGHT


def test_an_item_without_a_key_stays_one_without_a_key() -> None:
    assert the_item(of_the_gateway(an_envelope(is_keyed=False))).is_keyed is False


@pytest.mark.parametrize(
    "forged",
    [b"0" * 64, b"", b"\xff\xfe", "密".encode()],
    ids=["another digest", "none", "no text", "no digest"],
)
def test_who_forges_the_gateways_seal_is_a_stranger(forged: bytes) -> None:
    record = of_the_gateway(an_envelope())
    found = read(replace(record, headers={**record.headers, SEAL: forged}), KEYS)

    assert isinstance(found, Unreadable)
    assert found.unit_id is None


def test_a_seal_does_not_cover_other_bytes() -> None:
    record = of_the_gateway(an_envelope())
    other = record.value.replace(b'"emergency"', b'"routine"')

    assert isinstance(read(replace(record, value=other), KEYS), Unreadable)


# What any Kafka client may write.


def test_a_bare_submission_is_read_and_its_hour_is_the_brokers() -> None:
    found = the_item(a_record())

    assert (found.unit_id, found.received_at) == (TOWNSHIP, NIGHT)
    assert found.submission.title == FIRE["title"]
    assert (found.is_from_log, found.is_proven, found.answered) == (True, False, "")


def test_binary_mode_is_read() -> None:
    found = the_item(a_record(headers=EVENT | {"content-type": b"application/json"}))

    assert found.submission.body == FIRE["body"]


@pytest.mark.parametrize("says_so", [True, False], ids=["by its media type", "by its shape"])
def test_structured_mode_is_read(*, says_so: bool) -> None:
    event = {"specversion": "1.0", "id": "17", "source": "/oa", "type": "oa.report", "data": BARE}
    media_type = {"content-type": b"application/cloudevents+json; charset=utf-8"}

    found = the_item(a_record(event, headers=media_type if says_so else {}))

    assert found.submission.title == FIRE["title"]


def test_an_event_is_known_by_its_source_and_id_wherever_it_lies() -> None:
    structured = {"specversion": "1.0", "id": "17", "source": "/oa", "type": "oa.report"}
    first, again = a_record(headers=EVENT), a_record(headers=EVENT, offset=99)
    other, elsewhere = (
        a_record(headers=EVENT | {"ce_id": b"18"}),
        a_record(structured | {"data": BARE}),
    )

    assert the_item(first).uid == the_item(again).uid == the_item(elsewhere).uid
    assert the_item(other).uid != the_item(first).uid


def test_a_bare_item_is_known_by_its_place_on_the_log() -> None:
    assert the_item(a_record()).uid == the_item(a_record()).uid
    assert the_item(a_record()).uid != the_item(a_record(offset=6)).uid


def test_no_key_of_a_form_or_a_token_is_ever_a_place_on_the_log() -> None:
    assert the_item(a_record()).uid != an_arrival("jibao.express.v1/1/5").uid


# Who sent it.


def test_a_unit_that_signs_with_its_key_is_proven() -> None:
    record = a_record()
    found = the_item(replace(record, headers={SIGNATURE: signed(record.value, ITS_KEY)}))

    assert (found.unit_id, found.is_proven) == (TOWNSHIP, True)


@pytest.mark.parametrize(
    "said",
    [
        signed(b"other bytes", ITS_KEY),
        signed(orjson.dumps(BARE), b"a guess"),
        signed(orjson.dumps(BARE), ITS_KEY, "nobody"),
        f"{TOWNSHIP}=".encode(),
        f"{TOWNSHIP}=十".encode(),
        TOWNSHIP.encode() + b"=\xff\xfe",
        b"",
    ],
    ids=["of other bytes", "a guess", "of nobody", "empty", "no hex", "no text", "no signature"],
)
def test_a_forged_signature_proves_nothing_and_the_item_is_judged_all_the_same(said: bytes) -> None:
    found = the_item(replace(a_record(), headers={SIGNATURE: said}))

    assert found.is_proven is False


@pytest.mark.parametrize("said", [b"\xff", f"{TOWNSHIP}=\xff".encode("latin1"), b"="], ids=repr)
def test_a_forged_signature_on_garbage_is_garbage(said: bytes) -> None:
    assert what_is_wrong(replace(a_record(b"\xff"), headers={SIGNATURE: said})).unit_id is None


def test_a_topic_of_its_own_proves_a_unit_whatever_the_item_says() -> None:
    found = the_item(a_record(topic=OWN_TOPIC))

    assert (found.unit_id, found.submission.unit_id) == (NEIGHBOUR, NEIGHBOUR)
    assert found.is_proven is True


def test_a_proven_unit_need_not_name_itself() -> None:
    assert the_item(a_record(dict(FIRE), topic=OWN_TOPIC)).unit_id == NEIGHBOUR


def test_the_sender_of_garbage_is_known_where_it_is_proven() -> None:
    assert what_is_wrong(a_record(b"{", topic=OWN_TOPIC)).unit_id == NEIGHBOUR
    assert what_is_wrong(a_record({**FIRE, "deaths": -1}, topic=OWN_TOPIC)).unit_id == NEIGHBOUR


# What is no item.


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"not json", "不是有效的 JSON（UTF-8）"),
        (b"", "不是有效的 JSON（UTF-8）"),
        (orjson.dumps(BARE).decode().encode("gb18030"), "不是有效的 JSON（UTF-8）"),
        (b"\xff\xfe\x00", "不是有效的 JSON（UTF-8）"),
        (b"[" * 5000, "不是有效的 JSON（UTF-8）"),
        (["a", "list"], "应为 JSON 对象"),
        (17, "应为 JSON 对象"),
        (None, "应为 JSON 对象"),
        (FIRE, "没有报送单位（unit_id），也未能证明来源"),
        ({"unit_id": TOWNSHIP}, "内容有误：title"),
        ({**BARE, "deaths": -1, "known_at": "昨天"}, "内容有误：deaths、known_at"),
        ({**BARE, "ocurred_at": "2026-11-24"}, "内容有误：ocurred_at"),
        ({**BARE, "on_behalf_of": NEIGHBOUR}, "代报只能由县值班室经网关报送"),
    ],
    ids=lambda case: repr(case)[:24],
)
def test_what_is_no_item_is_told_from_one_and_says_what_to_mend(value: Any, reason: str) -> None:
    found = what_is_wrong(a_record(value))

    assert found.reason == reason
    assert found.unit_id is None


def test_the_reason_repeats_nothing_that_a_stranger_wrote_but_the_name_of_a_field() -> None:
    found = what_is_wrong(a_record({**BARE, "大湾村坍塌，3人死亡\n【急报】": 1, "x" * 9000: 2}))

    assert found.reason == "内容有误：有不认识的字段"


def test_an_event_whose_envelope_is_broken_is_no_item() -> None:
    broken = what_is_wrong(a_record(headers={"ce_specversion": b"1.0", "ce_id": b"17"}))

    assert broken.reason.startswith("不是完整的 CloudEvents 1.0 事件")
