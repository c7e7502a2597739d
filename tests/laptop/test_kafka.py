"""A real Kafka on loopback keeps what it acknowledged, whoever is shot. 真 Kafka：杀不丢。"""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from app.laptop.kafka import BrokerError, Brokers
from tests.laptop.fixtures import a_short_folder, fresh_name, some_brokers
from tests.laptop.wire import a_producer, declare, receive, send

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def three_brokers() -> Iterator[Brokers]:
    with some_brokers(3) as brokers:
        yield brokers


async def test_a_message_comes_back(kafka: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)

    await send(kafka, topic, [b"one", b"two"])

    assert await receive(kafka, topic, 2) == [b"one", b"two"]


async def test_what_was_acknowledged_survives_kill_9(kafka: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)
    await send(kafka, topic, [b"before"])

    kafka.kill(1)
    assert kafka.running == []
    await kafka.revive(1)
    await send(kafka, topic, [b"after"])

    assert await receive(kafka, topic, 2) == [b"before", b"after"]


async def test_a_broker_that_left_by_sigterm_comes_back(kafka: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(kafka, topic)
    await send(kafka, topic, [b"before"])

    await kafka.stop(1)
    await kafka.revive(1)

    assert await receive(kafka, topic, 1) == [b"before"]


async def test_three_brokers_survive_the_loss_of_the_controller(three_brokers: Brokers) -> None:
    topic = fresh_name("submissions")
    await declare(three_brokers, topic, partitions=3)
    controller = three_brokers.controller()
    assert controller is not None
    sent = [f"{number}".encode() for number in range(60)]

    async with a_producer(three_brokers) as producer:
        for value in sent[:20]:
            await producer.send_and_wait(topic, value)
        three_brokers.kill(controller)
        for value in sent[20:40]:
            await producer.send_and_wait(topic, value)
        assert three_brokers.controller() not in {controller, None}
        await three_brokers.revive(controller)
        for value in sent[40:]:
            await producer.send_and_wait(topic, value)

    assert three_brokers.running == [1, 2, 3]
    assert sorted(await receive(three_brokers, topic, 60)) == sorted(sent)


def test_a_folder_used_again_still_holds_its_messages() -> None:
    with a_short_folder() as folder:
        with Brokers(folder) as brokers:
            asyncio.run(declare(brokers, "submissions"))
            asyncio.run(send(brokers, "submissions", [b"yesterday"]))
        with Brokers(folder) as brokers:
            assert asyncio.run(receive(brokers, "submissions", 1)) == [b"yesterday"]


def test_a_frozen_broker_can_be_closed() -> None:
    with some_brokers(1) as brokers:
        os.kill(brokers.pid(1), signal.SIGSTOP)

    assert brokers.running == []


async def test_a_broker_that_cannot_start_says_why() -> None:
    with a_short_folder() as folder:
        brokers = Brokers(folder, settings={"log.retention.hours": "forever"})

        with pytest.raises(BrokerError, match=r"log\.retention\.hours"):
            await brokers.start()

    assert brokers.running == []
