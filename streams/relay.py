"""Facts, alerts and notices out to other systems, in order per case. 转发。

At least once, by a lock per case: never by "id greater than the last", because transactions
commit out of order. Delivery to people does not wait for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
import structlog
from aiokafka.errors import KafkaError
from sqlalchemy import Connection, Engine, RowMapping
from sqlalchemy.exc import DBAPIError

from ledger import outbox, quarantine
from streams.topics import RECORD_BYTES_MAX
from streams.wire import OCTETS, Headers, headers_of
from vocabulary.facts import FACT, AnyFact, SetAside
from vocabulary.identity import derived_uid

log = structlog.get_logger()

SOURCE = "/jibao/book"
_FACT = UUID("64c1f5b3-7c1d-5b0f-8e0a-3f1a0d9c2b58")
_CASES = 100  # in one transaction
_FACTS = 1000
_REST_SECONDS = 0.25  # other systems can wait so long: facts gather, and cost less
_AWAY_SECONDS = 1.0


class HeldUpError(RuntimeError):
    """Some facts were not taken by the brokers; those of other cases went out. 转发受阻。"""


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

    async def run(self) -> None:
        """Publish until cancelled; while book or log is away, wait."""
        while True:
            try:
                sent = await self._publish_some()
            except (HeldUpError, KafkaError, DBAPIError, TimeoutError) as error:
                log.warning("relay_waits", cause=type(error).__name__)
                await asyncio.sleep(_AWAY_SECONDS)
                continue
            if sent < _FACTS:
                await asyncio.sleep(_REST_SECONDS)

    async def _publish_some(self) -> int:
        """Publish what some cases have, holding their locks from reading to marking."""
        connection = await asyncio.to_thread(self.engine.connect)
        try:
            rows = await asyncio.to_thread(outbox.take, connection, _CASES, _FACTS)
            acknowledged = await self._publish_all(connection, rows)
            keys = [row["id"] for row in rows if row["id"] in acknowledged]
            await asyncio.to_thread(outbox.mark, connection, keys, self.now())
        finally:
            await asyncio.to_thread(connection.close)
        if len(keys) < len(rows):
            raise HeldUpError(len(rows) - len(keys))
        return len(rows)

    async def _publish_all(
        self, connection: Connection, rows: Sequence[RowMapping]
    ) -> AbstractSet[int]:
        """Return the keys of what the brokers have; of a case nothing after its first failure."""
        queued = [await self._publish(connection, row) for row in rows]
        answers = await asyncio.gather(*queued, return_exceptions=True)
        held_up: set[int | None] = set()
        acknowledged: set[int] = set()
        for row, answer in zip(rows, answers, strict=True):
            if isinstance(answer, BaseException):
                if not isinstance(answer, KafkaError | TimeoutError):
                    raise answer
                held_up.add(row["case_id"])
            elif row["case_id"] not in held_up:
                acknowledged.add(row["id"])
        return acknowledged

    async def _publish(self, connection: Connection, row: RowMapping) -> Awaitable[object]:
        fact = fact_of(row)
        value, headers = record_of(row["id"], fact)
        if isinstance(fact, SetAside):
            found = await asyncio.to_thread(quarantine.by_uid, connection, fact.quarantine)
            value, headers = record_set_aside(row["id"], fact, found)
        key = str(fact.case_id or "").encode()
        return await self.outlet.send(fact.topic, value, key=key, headers=headers)


def fact_of(row: Mapping[Any, Any]) -> AnyFact:
    """Return the fact that a row holds."""
    content: dict[str, Any] = orjson.loads(row["content"])
    content |= {"kind": row["kind"], "at": row["at"], "case_id": row["case_uid"]}
    return FACT.validate_python(content)


def record_of(number: int, fact: AnyFact) -> tuple[bytes, Headers]:
    """Return a fact as the value and the headers of a record; `number` is its row's key."""
    return fact.model_dump_json().encode(), headers_of(_attributes(number, fact))


def record_set_aside(
    number: int, fact: SetAside, found: Mapping[Any, Any] | None
) -> tuple[bytes, Headers]:
    """Return what was set aside: its bytes whole, with headers that say why and where from.

    Of what was classified, or is larger than any record we take, only the hash goes out.
    """
    headers = headers_of(_attributes(number, fact), OCTETS)
    told = {"jibao-quarantine-id": str(fact.quarantine), "jibao-reason": fact.reason}
    content = b""
    if found is not None:
        told["jibao-origin"] = f"{found['topic']}/{found['partition']}/{found['offset']}"
        told["jibao-sha256"] = found["content_hash"].hex()
        content = found["content"] or b""
    if len(content) > RECORD_BYTES_MAX:
        content = b""
    return content, [*headers, *((name, text.encode()) for name, text in told.items())]


def _attributes(number: int, fact: AnyFact) -> dict[str, object]:
    return {
        "id": str(derived_uid(_FACT, str(number))),
        "source": SOURCE,
        "type": f"cn.jibao.{fact.kind}.v1",
        "time": fact.at,
    }
