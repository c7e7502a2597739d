"""Is a record read whose header's name is no text, and what lies around it? 非文本的消息头。

The bytes are a batch as brokers give it to a consumer.
"""

from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from streams.odd_headers import read_any_header_name

PLAIN, GZIP = 0, 1
A_NAME = "a name that will be other bytes"
ODD = b"\xff\xfe" * 15 + b"\xff"
assert len(ODD) == len(A_NAME)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "MemoryRecords", fetcher.MemoryRecords)
    monkeypatch.setattr(fetcher, "PartitionRecords", fetcher.PartitionRecords)
    read_any_header_name()


def a_batch(*names: str, first: int = 0, packed: int = PLAIN) -> bytes:
    """A batch whose records have a header of each name, and their offset as value."""
    builder = DefaultRecordBatchBuilder(2, packed, False, -1, -1, -1, 1 << 20)
    for number, name in enumerate(names):
        headers = [(name, b"said"), ("plain", None)]
        builder.append(number, 1000, b"key", f"{first + number}".encode(), headers)
    batch = bytearray(builder.build())
    batch[0:8] = first.to_bytes(8, "big")
    return bytes(batch).replace(A_NAME.encode(), ODD)


def read(content: bytes, start: int = 0) -> list[tuple[int, bytes, Any]]:
    """Read it as a consumer does that asked for what lies from `start` on."""
    records = fetcher.PartitionRecords(
        TopicPartition("a", 0), fetcher.MemoryRecords(content), None, start, None, None, False, 0
    )
    return [(record.offset, record.value, record.headers) for record in records]


def test_what_is_text_is_read_as_ever() -> None:
    assert read(a_batch("one", "two")) == [
        (0, b"0", (("one", b"said"), ("plain", None))),
        (1, b"1", (("two", b"said"), ("plain", None))),
    ]


def test_what_is_no_text_is_replaced_and_nothing_is_lost_or_doubled() -> None:
    content = a_batch("one", A_NAME, "three") + a_batch("four", A_NAME, first=3)

    found = read(content)

    assert [(offset, value) for offset, value, _ in found] == [
        (number, f"{number}".encode()) for number in range(5)
    ]
    names = [headers[0][0] for _, _, headers in found]
    assert names == ["one", "\ufffd" * 31, "three", "four", "\ufffd" * 31]
    assert {headers[0][1] for _, _, headers in found} == {b"said"}


def test_it_goes_on_where_the_consumer_asked_it_to() -> None:
    content = a_batch("one", A_NAME, "three")

    assert [offset for offset, _, _ in read(content, start=2)] == [2]


def test_packed_by_gzip_it_is_the_same() -> None:
    plain = [value for _, value, _ in read(a_batch("one", "two", packed=GZIP))]

    assert plain == [b"0", b"1"]
