"""Faust reads from a real Kafka what aiokafka wrote, and goes on where it stopped. Faust 取件。"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from app.laptop.kafka import Brokers
from tests.laptop.fixtures import fresh_name
from tests.laptop.wire import declare, send

pytestmark = pytest.mark.slow

WORKER = ["-m", "faust", "-A", "tests.laptop.plumbing", "worker", "-l", "info", "--without-web"]


@contextmanager
def a_worker(brokers: Brokers, topic: str, received: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "PLUMBING_APP": topic,
        "PLUMBING_BROKERS": brokers.faust_url,
        "PLUMBING_TOPIC": topic,
        "PLUMBING_RECEIVED": str(received),
    }
    with (received.parent / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, *WORKER], env=environment, stdout=log, stderr=log
        )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


async def until_received(received: Path, values: list[bytes]) -> None:
    deadline = monotonic() + 60
    while not received.exists() or received.read_bytes().splitlines() != values:
        log = (received.parent / "worker.log").read_text("utf-8", "replace")
        assert monotonic() < deadline, log[-4000:]
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("odd", [b"\xff\x00 no text", b"", "报".encode()], ids=repr)
async def test_bytes_of_any_kind_arrive_as_they_were(
    kafka: Brokers, tmp_path: Path, odd: bytes
) -> None:
    topic, received = fresh_name("submissions"), tmp_path / "received"
    await declare(kafka, topic)
    await send(kafka, topic, [b"first", odd])

    with a_worker(kafka, topic, received):
        await until_received(received, [b"first", odd])


async def test_a_worker_goes_on_where_another_stopped(kafka: Brokers, tmp_path: Path) -> None:
    topic, received = fresh_name("submissions"), tmp_path / "received"
    await declare(kafka, topic)
    await send(kafka, topic, [b"one", b"two"])

    with a_worker(kafka, topic, received) as worker:
        await until_received(received, [b"one", b"two"])
        worker.terminate()
        assert await asyncio.to_thread(worker.wait, 30) == 0
    await send(kafka, topic, [b"three"])

    with a_worker(kafka, topic, received):
        await until_received(received, [b"one", b"two", b"three"])
