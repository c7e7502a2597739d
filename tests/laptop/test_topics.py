"""Do brokers keep what the house asks of its topics, whatever a sender does? 主题与发件方。"""

import json

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import InvalidReplicationFactorError, MessageSizeTooLargeError

from app.laptop.kafka import Brokers
from streams.topics import TopicRule, declare
from tests.laptop.fixtures import fresh_name

pytestmark = pytest.mark.slow

PACKINGS = (None, "gzip", "snappy", "lz4", "zstd")


@pytest.fixture
async def topic(kafka: Brokers) -> str:
    """A topic of one unit's own, as the house declares it."""
    name = fresh_name("reports")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await declare(admin, TopicRule(partitions=1), [name])
    await admin.close()
    return name


def a_sender(brokers: Brokers, packing: str | None) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=brokers.bootstrap, compression_type=packing, max_request_size=50_000_000
    )


async def test_every_packing_is_read_and_no_sender_dates_its_own(
    kafka: Brokers, topic: str
) -> None:
    for packing in PACKINGS:
        async with a_sender(kafka, packing) as sender:
            value = json.dumps({"packed by": packing}).encode() * 20
            await sender.send_and_wait(topic, value, timestamp_ms=1)

    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    )
    async with consumer:
        read = [await consumer.getone() for _ in PACKINGS]
    assert all(b"packed by" in record.value for record in read)
    assert all(record.timestamp > 1 for record in read)


@pytest.mark.parametrize("packing", PACKINGS)
async def test_what_is_too_large_unpacked_is_refused_at_the_door(
    kafka: Brokers, topic: str, packing: str | None
) -> None:
    async with a_sender(kafka, packing) as sender:
        with pytest.raises(MessageSizeTooLargeError):
            await sender.send_and_wait(topic, b" " * 20_000_000)


async def test_brokers_too_few_for_the_copies_asked_for_are_heard(kafka: Brokers) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    with pytest.raises(InvalidReplicationFactorError):
        await declare(admin, TopicRule(replication=3), [fresh_name("reports")])
    await admin.close()
