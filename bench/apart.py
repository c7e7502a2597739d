"""A duty room in its parts, on Kafka and PostgreSQL: of our own, or as named. 分体值班室。"""

import asyncio
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from sqlalchemy import text

from app.laptop.cluster import PARTS, PartError, Parts, parts, servers
from app.laptop.lacking import LackingError
from app.parts.log_client import Ends, options
from app.settings import Settings
from bench.processes import StartError
from bench.room import Room
from ledger import positions
from ledger.book import Book, open_book
from streams.topics import LANE_TOPICS

_DATABASE_URL = "JIBAO_DATABASE_URL"
_GIVE_UP_SECONDS = 60.0
_LOOK_SECONDS = 0.5


@dataclass
class ApartRoom(Room):
    """A duty room in its parts: what runs it is started with it and ended by the ground.

    With servers of our own each room has new ones. On those that are named, one room follows
    another, so it begins only once nothing of the last one waits. A part that ends by itself is
    started again, as a supervisor would do it, and counted.
    """

    restarts: int = 0
    _held_back: set[str] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)
    _supervisor: threading.Thread | None = None
    _key: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @cached_property
    def settings(self) -> Settings:
        """What every part is told of the log and the book."""
        if self.ground.kafka:
            kafka, database_url = self.ground.kafka, os.environ.get(_DATABASE_URL, "")
            if not database_url:
                raise StartError(f"--kafka {kafka} 还需要 {_DATABASE_URL}（PostgreSQL 的地址）")
        else:
            own = _servers(self.ground.folder / f"{self.data.name}-servers")
            kafka, database_url = self.ground.closing.enter_context(own)
        return Settings(kafka=kafka, database_url=database_url, data=self.data)  # type: ignore[arg-type]

    @cached_property
    def parts(self) -> Parts:
        """The processes, not yet started."""
        given = {n: v for n, v in os.environ.items() if n.startswith("JIBAO_KAFKA_")}
        told = {"JIBAO_COUNTY": str(self.county_folder), "JIBAO_SECRET_KEY": self._key}
        made = parts(
            self.data,
            self.settings.kafka,
            self.settings.database_url.get_secret_value(),
            **given,
            **told,
            **self.environment,
        )
        found = self.ground.closing.enter_context(made)
        for kind in PARTS:
            found.add(kind)
        found.at_port("gateway", self.port)
        return found

    def about(self) -> dict[str, Any]:
        """Return what it consists of, for `settings`."""
        with self._book() as book, book.read() as connection:
            version = connection.execute(text("SHOW server_version")).scalar()
        return {
            "parts": list(PARTS),
            **asyncio.run(_cluster(self.settings)),
            "book": f"PostgreSQL {version}",
            "are_servers_our_own": not self.ground.kafka,
            "restarts": self.restarts,
        }

    def start(self, *, is_awaited: bool = True) -> None:
        """Start all parts; wait until each is ready unless told not to."""
        for name in self.parts.parts:
            self.parts.begin(name)
        if is_awaited:
            self.wait()

    def wait(self) -> None:
        """Wait until each part says that it is ready, and nothing older waits to be judged."""
        try:
            for name in self.parts.parts:
                self.parts.wait(name)
        except PartError as error:
            raise StartError(str(error)) from error
        self._until_nothing_waits()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self._supervisor.start()
        self.ground.closing.callback(self._unsupervised)

    def stop(self) -> None:
        """End the parts in good order."""
        self._unsupervised()
        self.parts.close()

    def hold_back(self) -> None:
        """End the worker of the routine lane; what is sent waits on the log."""
        self._held_back.add("submissions")
        self.parts.stop("submissions")

    def let_go(self) -> None:
        """Start it again."""
        self.parts.start("submissions")
        self._held_back.clear()

    def waiting(self) -> int:
        """Return how many items wait to be judged, on the log and in the inbox."""
        ends = asyncio.run(_ends(self.settings))
        with self._book() as book, book.read() as connection:
            reached = positions.all_of(connection)
        return super().waiting() + _lag(ends, reached)

    def held(self) -> int:
        """Return how many items the book holds, once nothing waits on the log."""
        self._until_nothing_waits()
        return super().held()

    def _supervise(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            for name, part in self.parts.parts.items():
                if not part.is_up and name not in self._held_back:
                    self.restarts += 1
                    self.parts.begin(name)

    def _unsupervised(self) -> None:
        self._over.set()
        if self._supervisor is not None:
            self._supervisor.join()

    def _until_nothing_waits(self) -> None:
        """Wait as long as it becomes less."""
        least, until = self.waiting(), monotonic() + _GIVE_UP_SECONDS
        while least and monotonic() < until:
            sleep(_LOOK_SECONDS)
            now = self.waiting()
            if now < least:
                least, until = now, monotonic() + _GIVE_UP_SECONDS

    def open(self) -> Book:
        """Open its book."""
        return open_book(self.data, self.settings.database_url.get_secret_value())


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a broker and a PostgreSQL; gives the broker's address and the book's."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            log, book = runner.run(stack.enter_async_context(servers(folder)))
        except LackingError as error:
            raise StartError(str(error)) from error
        try:
            yield log.bootstrap, book.url
        finally:
            runner.run(stack.aclose())


async def _ends(settings: Settings) -> Mapping[positions.Place, int]:
    ends = Ends(settings, tuple(LANE_TOPICS.values()))
    try:
        return await ends()
    finally:
        await ends.close()


async def _cluster(settings: Settings) -> dict[str, int]:
    """Return how many brokers there are, and how many of them keep each item."""
    client = AIOKafkaAdminClient(**options(settings))
    try:
        await client.start()
        cluster = await client.describe_cluster()
        (topic, *_) = await client.describe_topics([LANE_TOPICS[next(iter(LANE_TOPICS))]])
    except KafkaError as error:
        raise StartError(f"Kafka {settings.kafka}: {type(error).__name__}") from error
    finally:
        await client.close()
    copies = [len(partition["replicas"]) for partition in topic["partitions"]]
    return {
        "brokers": len(cluster["brokers"]),
        "partitions": len(copies),
        "replication": min(copies, default=0),
    }


def _lag(ends: Mapping[positions.Place, int], reached: Mapping[positions.Place, int]) -> int:
    return sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())
