"""Kafka is stopped under load, and comes back. 日志离线。

Nothing waits for it but the publishing: the inbox takes what comes, pages go out, clocks run. When
it is back everything is in the book once, and on the topics at least once, in order per case.
"""

import asyncio
import time
from collections import defaultdict
from random import Random

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from app.laptop.kafka import Brokers
from streams.relay import record_of
from tests.cluster.harness import Cluster, ends_of
from tests.cluster.holding import delays, figures, nothing_is_lost
from tests.cluster.traffic import Traffic
from tests.conftest import IN_CI
from tests.loopback import Phone
from vocabulary.china_time import from_microseconds
from vocabulary.facts import ALERTS, FACT, FACTS, NOTICES

AWAY_SECONDS = 60.0 if IN_CI else 15.0
PAGE_SECONDS = 5.0
OUT = (ALERTS, NOTICES, FACTS)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_pages_go_out_and_nothing_is_lost_or_doubled(cluster: Cluster, phone: Phone) -> None:
    cluster.start()
    traffic = Traffic(cluster, "k", chance=Random(5))

    with traffic.flowing():
        time.sleep(3)
        cluster.brokers.kill(1)
        time.sleep(AWAY_SECONDS)
        assert len(delays(traffic, phone)) > AWAY_SECONDS, "pages went out meanwhile"
        asyncio.run(cluster.brokers.revive(1))
        time.sleep(3)
    cluster.until_quiet()

    pages = max(delays(traffic, phone))
    print(f"\nKafka away: worst page {pages:.2f} s; {figures(cluster, traffic, phone)}")
    nothing_is_lost(cluster, traffic, phone)
    everything_is_published_in_order(cluster)
    assert traffic.differing == []
    assert pages < PAGE_SECONDS


def everything_is_published_in_order(cluster: Cluster) -> None:
    """Each fact of the book is on its topic; per case, first copies stand in the book's order."""
    written = facts_of(cluster)
    published = asyncio.run(published_on(cluster.brokers))

    missing = {
        topic: [
            uid for uids in by_case.values() for uid in uids if uid not in all_of(published, topic)
        ]
        for topic, by_case in written.items()
    }
    copies = sum(len(uids) for by_case in published.values() for uids in by_case.values())
    once = sum(len(uids) for by_case in written.values() for uids in by_case.values())
    print(f"published: {once} facts, {copies} records")
    assert missing == {topic: [] for topic in OUT}
    for topic, by_case in written.items():
        for case, uids in by_case.items():
            assert list(dict.fromkeys(published[topic][case])) == uids


def all_of(published: dict[str, dict[str, list[str]]], topic: str) -> set[str]:
    return {uid for uids in published[topic].values() for uid in uids}


def facts_of(cluster: Cluster) -> dict[str, dict[str, list[str]]]:
    """Return the ids that the book's facts have as events, by topic and case, in order."""
    found: dict[str, dict[str, list[str]]] = {topic: defaultdict(list) for topic in OUT}
    query = "SELECT f.*, c.uid AS case_uid FROM facts f LEFT JOIN cases c ON c.id = f.case_id"
    for row in cluster.book.rows(f"{query} ORDER BY f.id"):
        content = orjson.loads(row["content"]) | {
            "kind": row["kind"],
            "at": from_microseconds(row["at"]),
            "case_id": row["case_uid"],
        }
        fact = FACT.validate_python(content)
        _, headers = record_of(row["id"], fact)
        found[fact.topic][str(fact.case_id or "")].append(dict(headers)["ce_id"].decode())
    return found


async def published_on(brokers: Brokers) -> dict[str, dict[str, list[str]]]:
    """Return the events on the topics, by topic and key, in the order of their partitions."""
    ends = await ends_of(brokers, OUT)
    found: dict[str, dict[str, list[str]]] = {topic: defaultdict(list) for topic in OUT}
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers.bootstrap)
    await consumer.start()
    try:
        places = [TopicPartition(*place) for place, end in ends.items() if end]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        left = sum(ends.values())
        while left > 0:
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                left -= len(records)
                for record in records:
                    uid = dict(record.headers)["ce_id"].decode()
                    found[place.topic][(record.key or b"").decode()].append(uid)
    finally:
        await consumer.stop()
    return found
