"""A distributed duty room under test: real processes, killed and revived under load. 集群台架。

A part that ends by itself is started again, as a supervisor would do; one that a test holds down
stays down. Of all the tests on this machine only one has a cluster at a time.
"""

import asyncio
import contextlib
import fcntl
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy.exc import SQLAlchemyError

from app.clock import WallClock
from app.laptop.cluster import PARTS, Parts, parts
from app.laptop.kafka import Brokers
from app.laptop.postgres import Postgres
from ledger import tokens
from ledger.book import open_book
from streams.topics import LANE_TOPICS
from tests.cluster.reading import SharedReader
from tests.journeys.asking import Reply, ask
from tests.journeys.house import wait_until
from vocabulary.china_time import to_microseconds

QUIET_SECONDS = 120.0
_LOOK_SECONDS = 0.1
_LAUNCHER = (sys.executable, "-m", "tests.journeys.launcher")


@contextmanager
def only_one_cluster() -> Iterator[None]:
    """Wait until no other test of this machine has a cluster."""
    with (Path(tempfile.gettempdir()) / "jibao-cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass
class Cluster:
    """One duty room in its parts, and the supervisor that starts again what ended."""

    brokers: Brokers
    postgres: Postgres
    url: str
    parts: Parts
    clock: WallClock = field(default_factory=WallClock)
    is_over: bool = False
    ended: list[tuple[str, int]] = field(default_factory=list)  # by itself: the part, its code
    _held: set[str] = field(default_factory=set)
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def book(self) -> SharedReader:
        """What reads the book beside the parts."""
        return SharedReader(self.url)

    @property
    def log(self) -> str:
        """The last words of every part."""
        words = (f"--- {name}\n{part.last_words()}" for name, part in self.parts.parts.items())
        return "\n".join([f"ended by themselves: {self.ended}", *words])

    def start(self, orders: Mapping[str, str] | None = None) -> None:
        """Start every part, under an order of the launcher where one is given; wait for all."""
        for name in self.parts.parts:
            self._begin(name, (orders or {}).get(name))
        for name in self.parts.parts:
            self._wait(name, may_die=name in (orders or {}))
        threading.Thread(target=self._supervise, daemon=True).start()

    def kill(self, name: str) -> None:
        """Shoot a part and hold it down."""
        self._held.add(name)
        self.parts.kill(name)

    def stop(self, name: str) -> int:
        """Ask a part to end, and hold it down; returns its exit code."""
        self._held.add(name)
        return self.parts.stop(name)

    def revive(self, name: str) -> None:
        """Start a part again, and do not wait for it."""
        if not self.parts.parts[name].is_up:
            self._begin(name, None)
        self._held.discard(name)

    def wait(self, name: str) -> None:
        """Wait until a part is ready."""
        wait_until(
            lambda: self.parts.parts[name].is_ready, f"{name} is ready", told=lambda: self.log
        )

    def close(self) -> None:
        """Let the supervisor rest, and end every part."""
        self.is_over = True
        self._held.update(self.parts.parts)
        time.sleep(2 * _LOOK_SECONDS)
        self.parts.close()

    # What a load asks of a house.

    @property
    def is_up(self) -> bool:
        """Whether units go on reporting."""
        return not self.is_over

    def token(self, principal: str) -> str:
        """Return a token of `unit:<id>` or `person:<id>`, made at the first asking."""
        if principal not in self._tokens:
            made = secrets.token_urlsafe(24)
            book = open_book(Path(), self.url)
            with book.writing.begin() as connection:
                tokens.add(connection, tokens.hash_of(made), principal, WallClock().now())
            book.close()
            self._tokens[principal] = made
        return self._tokens[principal]

    def ask(self, method: str, path: str, principal: str = "", **more: object) -> Reply:
        """Ask the gateway something in someone's name."""
        token = self.token(principal) if principal else ""
        port = self.parts.parts["gateway"].port
        return ask(port, method, path, token=token, **more)  # type: ignore[arg-type]

    def post(self, item: Mapping[str, object], key: str | None = None, **more: object) -> Reply:
        """Hand in one item of a township."""
        return self.ask(
            "POST", "/api/v1/submissions", "unit:qingshi", content=item, key=key, **more
        )

    # What is waited for.

    def until_quiet(self) -> None:
        """Wait until nothing waits to be judged, called, sent or published."""
        wait_until(
            lambda: not self._waiting(),
            "nothing waits",
            patience=QUIET_SECONDS,
            told=lambda: f"{self._waiting()}\n{self.log}",
        )

    def _waiting(self) -> dict[str, object]:
        try:
            now = to_microseconds(self.clock.now())
            found: dict[str, object] = dict(self.book.waiting(now))
            found["on the log"] = self.lag()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return {"cannot be asked": type(error).__name__}
        return {what: count for what, count in found.items() if count}

    def lag(self) -> int:
        """Return how many records are on the log and not judged."""
        reached = self.book.positions()
        ends = asyncio.run(ends_of(self.brokers, tuple(LANE_TOPICS.values())))
        return sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())

    def _begin(self, name: str, order: str | None) -> None:
        around = (*_LAUNCHER, *order.split(), "--") if order else ()
        self.parts.begin(name, *around)

    def _wait(self, name: str, *, may_die: bool) -> None:
        part = self.parts.parts[name]
        wait_until(
            lambda: part.is_ready or not part.is_up, f"{name} is ready", told=lambda: self.log
        )
        assert may_die or part.is_up, self.log

    def _supervise(self) -> None:
        while not self.is_over or self._held < set(self.parts.parts):
            for name, part in self.parts.parts.items():
                if name not in self._held and not part.is_up and part.process is not None:
                    self.ended.append((name, part.process.returncode))
                    self._begin(name, None)
            time.sleep(_LOOK_SECONDS)


@contextmanager
def a_cluster(
    folder: Path,
    servers: tuple[Brokers, Postgres, str],
    *more: tuple[str, str],
    **environment: str,
) -> Iterator[Cluster]:
    """Give a duty room of one process for each part, not yet started.

    Args:
        folder: where each part has its data and its log.
        servers: brokers, PostgreSQL, and the address of an empty database.
        more: further parts, each its kind and its name.
        environment: the settings of every part.
    """
    brokers, postgres, url = servers
    own = {"JIBAO_SECRET_KEY": "k" * 40, **environment}
    with parts(folder, brokers.bootstrap, url, **own) as made:
        gateway = made.add("gateway")
        at = {"JIBAO_PUBLIC_URL": f"http://127.0.0.1:{gateway.port}"}
        for kind, name in (*((kind, kind) for kind in PARTS if kind != "gateway"), *more):
            made.add(kind, name, **at)
        clock = WallClock.shared(environment.get("JIBAO_DEMO_CLOCK", ""))
        cluster = Cluster(brokers, postgres, url, made, clock)
        with contextlib.closing(cluster):
            yield cluster


async def ends_of(brokers: Brokers, topics: tuple[str, ...]) -> dict[tuple[str, int], int]:
    """Return where the partitions of these topics end now."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=brokers.bootstrap)
    await consumer.start()
    try:
        places = [
            TopicPartition(topic, number)
            for topic in topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        found = await consumer.end_offsets(places)
        return {(place.topic, place.partition): end for place, end in found.items()}
    finally:
        await consumer.stop()
