"""Two workers share a lane; one is shot, one told to end, one frozen. 通道进程失其一。

What lay on the lost one's partitions waits for the other: for as long as a consumer's session
lasts, and no unit is called late for that. Emergencies need not wait so long: what is not in the
book within two seconds goes to the inbox.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import SQLAlchemyError

from app.clock import WallClock
from app.laptop.kafka import Brokers
from app.laptop.postgres import Postgres
from tests.cluster.harness import Cluster, a_cluster
from tests.cluster.holding import delays, figures, nothing_is_lost, uid_of
from tests.cluster.traffic import Traffic
from tests.conftest import IN_CI
from tests.laptop.fixtures import fresh_database
from tests.loopback import Phone
from vocabulary.china_time import to_microseconds

SESSION_SECONDS = 6.0  # of a consumer, as the Faust app of a lane asks for it
REBALANCE_SECONDS = 4.0  # and what joining again may take on a busy machine
PAGE_SECONDS = 5.0
LANES = ("express", "submissions")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def cluster(
    tmp_path: Path, one_broker: Brokers, postgres: Postgres, environment: dict[str, str]
) -> Iterator[Cluster]:
    seconds = (("submissions", "submissions-2"), ("express", "express-2"))
    with (
        fresh_database(postgres) as url,
        a_cluster(
            tmp_path / "parts", (one_broker, postgres, url), *seconds, **environment
        ) as cluster,
    ):
        yield cluster


@dataclass
class Watcher:
    """When each item was first seen in the book."""

    cluster: Cluster
    seen: dict[str, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator[None]:
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            try:
                rows = self.cluster.book.rows("SELECT uid FROM submissions")
            except SQLAlchemyError:
                continue
            now = to_microseconds(WallClock().now())
            for row in rows:
                self.seen.setdefault(str(row["uid"]), now)

    def worst(self, traffic: Traffic, span: tuple[int, int]) -> tuple[float, float]:
        """Return the longest ways into the book of what was sent then: emergencies, and others."""
        ways: dict[bool, list[float]] = {True: [0.0], False: [0.0]}
        for item in traffic.told:
            if item.sent_at is None or uid_of(item) not in self.seen:
                continue
            sent_at = to_microseconds(item.sent_at)
            if span[0] <= sent_at < span[1]:
                ways[item.is_emergency].append((self.seen[uid_of(item)] - sent_at) / 1e6)
        return max(ways[True]), max(ways[False])


def shot(cluster: Cluster, lane: str) -> None:
    cluster.kill(lane)


def told_to_end(cluster: Cluster, lane: str) -> None:
    assert cluster.stop(lane) == 0, cluster.log


def frozen(cluster: Cluster, lane: str) -> None:
    cluster.parts.freeze(lane)


WAYS = (shot, told_to_end, frozen) if IN_CI else (shot, frozen)


def test_the_other_worker_takes_over_within_the_session(cluster: Cluster, phone: Phone) -> None:
    """Each way in turn, on both lanes at once; in between the lost ones come back."""
    cluster.start()
    traffic, watcher = Traffic(cluster, "w", chance=Random(4)), Watcher(cluster)
    since: list[int] = []

    with watcher.watching():
        with traffic.flowing():
            time.sleep(2)
            for lose in WAYS:
                since.append(to_microseconds(WallClock().now()))
                for lane in LANES:
                    lose(cluster, lane)
                time.sleep(SESSION_SECONDS + 1)
                for lane in LANES:
                    cluster.parts.thaw(lane)
                    cluster.revive(lane)
                for lane in LANES:
                    cluster.wait(lane)
                time.sleep(1)
        cluster.until_quiet()

    spans = list(zip(since, [*since[1:], to_microseconds(WallClock().now())], strict=True))
    worst = [watcher.worst(traffic, span) for span in spans]
    pages = max(delays(traffic, phone))
    for lose, (urgent, usual) in zip(WAYS, worst, strict=True):
        print(f"\n{lose.__name__}: longest way to the book: express {urgent:.2f} s,", end="")
        print(f" submissions {usual:.2f} s", end="")
    print(f"\nworst page {pages:.2f} s; {figures(cluster, traffic, phone)}")
    nothing_is_lost(cluster, traffic, phone)
    assert traffic.differing == []
    assert pages < PAGE_SECONDS
    assert max(usual for _, usual in worst) < SESSION_SECONDS + REBALANCE_SECONDS
