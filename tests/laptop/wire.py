"""Messages to and from a real Kafka, by aiokafka alone. 收发消息。"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from app.laptop.kafka import Brokers


async def declare(brokers: Brokers, topic: str, *, partitions: int = 1) -> None:
    """Create a topic with as many copies as there are brokers, and wait for its leaders."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers.bootstrap)
    await admin.start()
    try:
        copies = len(brokers.running)
        created = await admin.create_topics([NewTopic(topic, partitions, copies)])
        assert [error for _, error, *_ in created.topic_errors] == [0], created
        while True:
            [described] = await admin.describe_topics([topic])
            leaders = [partition["leader"] for partition in described["partitions"]]
            if len(leaders) == partitions and min(leaders) > 0:
                return
            await asyncio.sleep(0.05)
    finally:
        await admin.close()


@asynccontextmanager
async def a_producer(brokers: Brokers) -> AsyncIterator[AIOKafkaProducer]:
    """Give a producer as the gateway's: idempotent, so that every copy in sync has acknowledged."""
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers.bootstrap, enable_idempotence=True, request_timeout_ms=20_000
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def send(brokers: Brokers, topic: str, values: Iterable[bytes]) -> None:
    """Send each value, and wait for its acknowledgement."""
    async with a_producer(brokers) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def receive(brokers: Brokers, topic: str, count: int) -> list[bytes]:
    """Read a topic from its start until so many values have come."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=brokers.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()
