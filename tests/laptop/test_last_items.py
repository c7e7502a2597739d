"""Is a partition judged once its last item is, whatever else takes offsets? 最后一件。"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from app.laptop.kafka import Brokers
from app.parts.last_items import LastItems
from tests.laptop.fixtures import fresh_name
from tests.laptop.wire import declare, send

pytestmark = pytest.mark.slow


@asynccontextmanager
async def looking(brokers: Brokers, topic: str) -> AsyncIterator["Looking"]:
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers.bootstrap)
    await consumer.start()
    try:
        yield Looking(consumer, TopicPartition(topic, 0))
    finally:
        await consumer.stop()


class Looking:
    def __init__(self, consumer: AIOKafkaConsumer, place: TopicPartition) -> None:
        self.items, self.place = LastItems(consumer), place
        self.consumer = consumer

    async def once(self) -> int:
        ends = await self.consumer.end_offsets([self.place])
        return (await self.items.after(ends))[self.place]


async def in_a_transaction(brokers: Brokers, topic: str, *values: bytes, ends_well: bool) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers.bootstrap, transactional_id=fresh_name("sender")
    )
    await producer.start()
    await producer.begin_transaction()
    for value in values:
        await producer.send_and_wait(topic, value)
    await (producer.commit_transaction() if ends_well else producer.abort_transaction())
    await producer.stop()


async def test_plain_items_end_where_the_partition_ends(kafka: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)
    async with looking(kafka, topic) as look:
        assert (await look.once(), await look.once()) == (0, 0)

        await send(kafka, topic, [b"one", b"two"])
        assert (await look.once(), await look.once(), await look.once()) == (2, 2, 2)

        await send(kafka, topic, [b"three"])
        assert (await look.once(), await look.once()) == (3, 3)


@pytest.mark.parametrize("ends_well", [True, False], ids=["committed", "aborted"])
async def test_the_marker_of_a_transaction_is_no_item_that_waits(
    kafka: Brokers, *, ends_well: bool
) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)
    await in_a_transaction(kafka, topic, b"one", b"two", ends_well=ends_well)
    async with looking(kafka, topic) as look:
        assert await look.once() == 3, "it may still be moving"
        assert await look.once() == 2

        await send(kafka, topic, [b"three"])
        await look.once()
        assert await look.once() == 4


async def test_it_looks_back_no_further_than_it_must(kafka: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)
    await send(kafka, topic, [b"x" * 100_000] * 60)
    await in_a_transaction(kafka, topic, b"last", ends_well=True)
    async with looking(kafka, topic) as look:
        await look.once()
        assert await look.once() == 61


async def test_what_the_brokers_deleted_is_not_waited_for(kafka: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)
    await send(kafka, topic, [b"one", b"two"])
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=2)})
    await admin.close()
    async with looking(kafka, topic) as look:
        await look.once()
        assert await look.once() == 0
