"""Relays at work on a book, and brokers that keep what they are sent. 转发台架。"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from aiokafka.errors import KafkaConnectionError

from ledger import outbox
from ledger.schema import cases, facts
from streams import relay
from streams.relay import Relay
from streams.wire import Headers
from tests.builders import NIGHT, SECOND
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import eventually


@dataclass
class Outlet:
    """Brokers that keep what they are sent, by topic and key, in order."""

    kept: list[tuple[str, bytes, bytes, dict[str, bytes]]] = field(default_factory=list)
    is_away: bool = False
    acknowledges: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(
        self, topic: str, value: bytes, key: bytes, headers: Headers
    ) -> Awaitable[object]:
        if self.is_away:
            raise KafkaConnectionError
        self.kept.append((topic, key, value, dict(headers)))
        return asyncio.ensure_future(self.acknowledges.wait())  # a death may leave it unawaited

    def ids(self, key: bytes | None = None) -> list[bytes]:
        return [told["ce_id"] for _, case, _, told in self.kept if key in (None, case)]


@pytest.fixture
def outlet(monkeypatch: pytest.MonkeyPatch) -> Outlet:
    monkeypatch.setattr(relay, "_REST_SECONDS", 0.01)
    monkeypatch.setattr(relay, "_AWAY_SECONDS", 0.05)
    made = Outlet()
    made.acknowledges.set()
    return made


@asynccontextmanager
async def relaying(room: DutyBook, outlet: Outlet) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(Relay(room.book.writing, outlet, lambda: NIGHT + SECOND).run())
    try:
        yield task
    finally:
        await shot(task)


async def shot(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def waiting(room: DutyBook) -> int:
    with room.book.read() as connection:
        return outbox.depth(connection)


async def all_published(room: DutyBook) -> None:
    await eventually(lambda: waiting(room) == 0, "all of it is published")


def in_order(room: DutyBook) -> dict[bytes, list[str]]:
    """What the book holds, as the keys and ids that must have gone out."""
    uids = {row["id"]: row["uid"] for row in room.rows(cases)}
    told: dict[bytes, list[str]] = defaultdict(list)
    for row in room.rows(facts):
        told[str(uids.get(row["case_id"], "")).encode()].append(row["kind"])
    return told


def kinds(outlet: Outlet) -> dict[bytes, list[str]]:
    told: dict[bytes, list[str]] = defaultdict(list)
    for _, key, _, headers in outlet.kept:
        told[key].append(headers["ce_type"].decode().removeprefix("cn.jibao.").removesuffix(".v1"))
    return told
