"""What the tests of the distributed duty room share. 集群测试公用。"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.laptop.kafka import Brokers
from app.laptop.postgres import Postgres
from tests.cluster.harness import Cluster, a_cluster, only_one_cluster
from tests.cluster.rulebooks import a_rulebook
from tests.journeys.counties import a_county
from tests.laptop.fixtures import fresh_database, postgres, some_brokers
from tests.loopback import Phone

__all__ = ["postgres"]


@pytest.fixture
def alone() -> Iterator[None]:
    """No other test has a cluster meanwhile."""
    with only_one_cluster():
        yield


@pytest.fixture
def environment(tmp_path: Path, phone: Phone) -> dict[str, str]:
    """The settings of every part: one officer on duty, short limits, the loopback phone."""
    return {
        "JIBAO_COUNTY": str(a_county(tmp_path)),
        "JIBAO_RULEBOOK": str(a_rulebook(tmp_path)),
        "JIBAO_PHONE": phone.host,
    }


@pytest.fixture
def one_broker(alone: None) -> Iterator[Brokers]:
    """A broker of this test's own: topics have fixed names."""
    with some_brokers(1) as brokers:
        yield brokers


@pytest.fixture
def cluster(
    tmp_path: Path, one_broker: Brokers, postgres: Postgres, environment: dict[str, str]
) -> Iterator[Cluster]:
    """A duty room of one process for each part, on one broker; not yet started."""
    with (
        fresh_database(postgres) as url,
        a_cluster(tmp_path / "parts", (one_broker, postgres, url), **environment) as cluster,
    ):
        yield cluster
