"""Facts, alerts and notices out to other systems, in order per case. 转发。

At least once, by a lock per case: never by "id greater than the last", because transactions
commit out of order. Delivery to people does not wait for it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
import structlog
from aiokafka.errors import KafkaError
from sqlalchemy import Connection, Engine, RowMapping
from sqlalchemy.exc import DBAPIError

from ledger import outbox, quarantine
from streams.waking import woken_within
from streams.wire import Headers, headers_of
from vocabulary.facts import FACT, AnyFact, SetAside
from vocabulary.identity import derived_uid

log = structlog.get_logger()

SOURCE = "/jibao/book"
_FACT = UUID("64c1f5b3-7c1d-5b0f-8e0a-3f1a0d9c2b58")
_CASES = 100  # in one transaction
_FACTS = 1000
_REST_SECONDS = 1.0
_AWAY_SECONDS = 1.0


class Outlet(Protocol):
    """What is asked of a Kafka producer."""

    async def send(
        self, topic: str, value: bytes, key: bytes, headers: Headers
    ) -> Awaitable[object]:
        """Queue a record in order; what is returned resolves once the brokers have it."""
        ...


@dataclass
class Relay:
    """The loop that publishes what the book holds and has not published."""

    engine: Engine
    outlet: Outlet
    now: Callable[[], datetime]
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self) -> None:
        """Publish until cancelled; while book or log is away, wait."""
        while True:
            self._woken.clear()
            try:
                sent = await self._publish_some()
            except (KafkaError, DBAPIError, TimeoutError) as error:
                log.warning("relay_waits", cause=type(error).__name__)
                await asyncio.sleep(_AWAY_SECONDS)
                continue
            if sent == 0:
                await woken_within(self._woken, _REST_SECONDS)

    async def _publish_some(self) -> int:
        """Publish what some cases have, holding their locks from reading to marking."""
        connection = await asyncio.to_thread(self.engine.connect)
        try:
            rows = await asyncio.to_thread(outbox.take, connection, _CASES, _FACTS)
            kept = [await self._publish(connection, row) for row in rows]
            await asyncio.gather(*kept)
            keys = [row["id"] for row in rows]
            await asyncio.to_thread(outbox.mark, connection, keys, self.now())
        finally:
            await asyncio.to_thread(connection.close)
        return len(rows)

    async def _publish(self, connection: Connection, row: RowMapping) -> Awaitable[object]:
        fact = fact_of(row)
        value, headers = record_of(row["id"], fact)
        if isinstance(fact, SetAside):
            value, more = await asyncio.to_thread(_set_aside, connection, fact)
            headers += more
        key = str(fact.case_id or "").encode()
        return await self.outlet.send(fact.topic, value, key=key, headers=headers)


def fact_of(row: RowMapping) -> AnyFact:
    """Return the fact that a row holds."""
    content: dict[str, Any] = orjson.loads(row["content"])
    content |= {"kind": row["kind"], "at": row["at"], "case_id": row["case_uid"]}
    return FACT.validate_python(content)


def record_of(number: int, fact: AnyFact) -> tuple[bytes, Headers]:
    """Return a fact as the value and the headers of a record; `number` is its row's key."""
    uid = derived_uid(_FACT, str(number))
    attributes = {
        "id": str(uid),
        "source": SOURCE,
        "type": f"cn.jibao.{fact.kind}.v1",
        "time": fact.at,
    }
    return fact.model_dump_json().encode(), headers_of(attributes)


def _set_aside(connection: Connection, fact: SetAside) -> tuple[bytes, Headers]:
    """Return the record that was set aside: its bytes, or their hash; why, and where from."""
    row = quarantine.by_uid(connection, fact.quarantine)
    if row is None:
        return b"", []
    origin = f"{row['topic']}/{row['partition']}/{row['offset']}"
    told = [
        ("jibao-quarantine-id", str(fact.quarantine).encode()),
        ("jibao-reason", fact.reason.encode()),
        ("jibao-origin", origin.encode()),
        ("jibao-sha256", row["content_hash"].hex().encode()),
    ]
    return row["content"] or b"", told
