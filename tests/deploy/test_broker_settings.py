"""A real broker with what docker-compose.yml tells it: does it take it, and flush each message?"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from app.laptop.kafka import Brokers
from app.laptop.lacking import LackingError
from tests.conftest import lacking
from tests.laptop.fixtures import a_short_folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parent.parent.parent
# Where it lives and listens is the laptop's own; the heap is no property.
ELSEWHERE = {
    "advertised.listeners",
    "controller.quorum.voters",
    "heap.opts",
    "listeners",
    "log.dirs",
    "node.id",
}


def told() -> dict[str, str]:
    """The properties that the image makes of its environment: KAFKA_A_B is a.b."""
    compose: Any = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    environment = compose["services"]["kafka"]["environment"]
    return {
        name.removeprefix("KAFKA_").replace("_", ".").lower(): value
        for name, value in environment.items()
        if name.startswith("KAFKA_")
    }


PROPERTIES = {name: value for name, value in told().items() if name not in ELSEWHERE}


@pytest.fixture
def brokers() -> Iterator[Brokers]:
    with a_short_folder() as folder, ExitStack() as stack:
        try:
            running = stack.enter_context(Brokers(folder, settings=PROPERTIES))
        except LackingError as error:
            lacking(error.what, error.mend)
        yield running


async def test_a_real_broker_takes_every_property_and_flushes_each_message(
    brokers: Brokers,
) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=brokers.bootstrap)
    await client.start()
    try:
        asked = [ConfigResource(ConfigResourceType.BROKER, "1")]
        (answer,) = await client.describe_configs(asked)
    finally:
        await client.close()
    (resource,) = answer.resources
    found = {entry[0]: entry[1] for entry in resource[4]}

    assert {name: found.get(name) for name in PROPERTIES} == PROPERTIES
    assert found["log.flush.interval.messages"] == "1"
