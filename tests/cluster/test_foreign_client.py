"""Any Kafka client can submit, and no bytes of any client hold up the next item. 外来客户端。

The client is Debian's kcat, which knows nothing of this house; brokers, book and parts are real.
"""

import asyncio
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from tests.cluster.harness import Cluster
from tests.conftest import need
from tests.journeys.counties import OFFICER
from tests.journeys.house import wait_until
from tests.loopback import Phone
from tests.streams.log_records import signed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EXPRESS, QUARANTINE = "jibao.express.v1", "jibao.quarantine.v1"
SENDERS = "keys:\n  qingshi: the township's own secret\n"
PARTS = ("express", "submissions", "clock", "deliver")


def a_fire(place: str) -> bytes:
    """A fire that no other item of the test is about."""
    body = f"{place}一民房起火，2人受伤，消防已到场。"
    return json.dumps({"unit_id": "qingshi", "title": f"{place}起火", "body": body}).encode()


@dataclass(frozen=True)
class Kcat:
    """The client, as an operator of another system would call it."""

    program: str
    brokers: str

    def sends(self, value: bytes, *options: str | bytes, topic: str = EXPRESS) -> None:
        """Produce one record; returns once the brokers acknowledged it."""
        command: Sequence[str | bytes] = (self.program, "-b", self.brokers, "-P", "-t", topic)
        split = ("-D", "\x01")  # not at line ends: one record is one value
        subprocess.run([*command, *split, *options], input=value, check=True, timeout=30)

    def reads(self, topic: str) -> list[dict[str, Any]]:
        """Consume a whole topic: keys, values and headers."""
        command = [self.program, "-b", self.brokers, "-C", "-t", topic, "-e", "-q", "-J"]
        read = subprocess.run(command, capture_output=True, check=True, timeout=30)
        found = []
        for line in read.stdout.decode("utf-8", "replace").splitlines():
            record = json.loads(line)
            said = record.pop("headers", [])
            record["headers"] = dict(zip(said[::2], said[1::2], strict=True))
            found.append(record)
        return found


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Any) -> dict[str, str]:
    senders = tmp_path / "senders.yaml"
    senders.write_text(SENDERS, "utf-8")
    return environment | {"JIBAO_KAFKA_SENDERS": str(senders)}


@pytest.fixture
def kcat(cluster: Cluster) -> Kcat:
    program = need("kcat", "apt-get install kcat")
    cluster.parts.start(*PARTS)
    return Kcat(program, cluster.brokers.bootstrap)


def page_about(phone: Phone, place: str, cluster: Cluster) -> str:
    """What the officer read of it, once it has come."""

    def received() -> list[str]:
        return [
            f"{message.title}\n{message.text}"
            for message in phone.state.shelf.after(0, 1000)
            if message.to == OFFICER and place in f"{message.title}{message.text}"
        ]

    wait_until(received, f"{place} is on the phone", told=lambda: cluster.log)
    return received()[0]


def test_kcat_submits_bare_json_and_gets_its_alert_and_its_garbage_holds_up_nothing(
    kcat: Kcat, cluster: Cluster, phone: Phone
) -> None:
    kcat.sends(a_fire("大湾村"))

    assert "自称青石镇，来源未核实" in page_about(phone, "大湾村", cluster)

    kcat.sends(b"\xff\x00 garbage", "-p", "0")
    kcat.sends(a_fire("双井村"), "-p", "0")

    page_about(phone, "双井村", cluster)
    (row,) = cluster.book.rows("SELECT * FROM quarantine")
    assert bytes(row["content"]) == b"\xff\x00 garbage"
    alerts = cluster.book.rows("SELECT * FROM alerts WHERE cause = 'set_aside'")
    assert [alert["level"] for alert in alerts] == ["attention"]

    wait_until(lambda: kcat.reads(QUARANTINE), "it is published", told=lambda: cluster.log)
    (told,) = kcat.reads(QUARANTINE)
    assert told["headers"]["jibao-reason"] == "不是有效的 JSON（UTF-8）"
    assert told["headers"]["jibao-origin"] == f"{EXPRESS}/0/{row['offset']}"
    assert told["headers"]["ce_type"] == "cn.jibao.set_aside.v1"
    assert told["payload"].endswith(" garbage")


COMPRESSED = ("gzip", "snappy", "lz4", "zstd")
ODD: Sequence[tuple[bytes, Sequence[str | bytes]]] = (
    (b"{}", ("-H", b"\xff\xfe=\xff")),  # a header whose name is no text
    (b"{}", ("-H", b"jibao-signature=qingshi=\xff")),
    (b"{}", ("-H", "jibao-seal")),  # a header without a value
    (b"[" * 100_000, ()),
    (b"x" * 900_000, ()),
)


async def without_a_value(brokers: str) -> None:
    """Send what a client of a compacted topic sends to delete; kcat sends none."""
    producer = AIOKafkaProducer(bootstrap_servers=brokers)
    await producer.start()
    await producer.send_and_wait(EXPRESS, None, key=b"qingshi", partition=0)
    await producer.stop()


def test_nothing_that_a_client_can_write_holds_up_what_comes_after_it(
    kcat: Kcat, cluster: Cluster, phone: Phone
) -> None:
    """However it compresses, whatever its headers, with or without a value, as large as it may."""
    proof = signed(a_fire("红星村"), b"the township's own secret").decode()
    for way in COMPRESSED:
        kcat.sends(a_fire(f"{way}村"), "-z", way, "-p", "0")
    for value, options in ODD:
        kcat.sends(value, *options, "-p", "0")
    asyncio.run(without_a_value(kcat.brokers))
    kcat.sends(a_fire("红星村"), "-H", f"jibao-signature={proof}", "-p", "0")

    page = page_about(phone, "红星村", cluster)

    assert "未核实" not in page
    for way in COMPRESSED:
        assert page_about(phone, f"{way}村", cluster)
    assert cluster.book.count("quarantine") == len(ODD) + 1
    wait_until(
        lambda: len(kcat.reads(QUARANTINE)) == len(ODD) + 1,
        "all of it is published",
        told=lambda: cluster.log,
    )
    assert max(len(each["payload"] or "") for each in kcat.reads(QUARANTINE)) == 900_000
