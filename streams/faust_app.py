"""The Faust app of one lane: plumbing, and nothing of ours in it. 流处理装配。

Faust decides nothing and keeps nothing: it reads, hands over, and goes on only after the
transaction. One app id a lane, since a consumer group is the app's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faust
from faust.types import EventT

from rules.lane import Lane
from streams.odd_headers import read_any_header_name
from streams.topics import LANE_TOPICS
from vocabulary.record import Record

_MOMENT_SECONDS = 0.1
_BY_BROKER = 1  # of Kafka's timestamp types: LogAppendTime
_AT_ONCE = 64  # a batch is in hand for a moment only, however busy the machine


def lane_app(
    lane: Lane,
    broker: str,
    absorb: Callable[[tuple[Record, ...]], Awaitable[None]],
    *,
    folder: Path,
    own_topics: tuple[str, ...] = (),
    credentials: Any = None,
) -> faust.App:
    """Return the app of a lane; `absorb` returns only once its records are in the book.

    `folder` is there: Faust makes one of its own in it, and keeps nothing there.
    """
    read_any_header_name()
    app = _app(lane, broker, credentials, folder)
    topic = app.topic(
        LANE_TOPICS[lane],
        *own_topics,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
    )

    @app.agent(topic)
    async def take_in(stream: Any) -> None:
        """Hand what arrives to intake, a batch at a time.

        In:      the lane's topic, keyed by unit; raw bytes.
        State:   none here; the book has it.
        Promise: at least once. `absorb` returns only after its transaction; it never raises. A
                 lone page waits for no company, and is acknowledged after it is in the book.
        """
        hand = _Hand(stream, absorb)
        beside = asyncio.create_task(hand.hold_nothing_back())
        try:
            async for event in stream.noack().events():
                hand.events.append(event)
                if len(hand.events) >= _AT_ONCE or stream.channel.empty():
                    await hand.pass_on()
        finally:
            beside.cancel()

    return app


class _Hand:
    """What the agent has read and not yet passed on.

    Faust clears its queue at a rebalance and waits for what is not acknowledged: events kept back
    for company that then never comes would wait for each other. So whatever is in hand is passed
    on after a moment by a task beside.
    """

    def __init__(
        self, stream: Any, absorb: Callable[[tuple[Record, ...]], Awaitable[None]]
    ) -> None:
        self.events: list[EventT[bytes]] = []
        self._stream = stream
        self._absorb = absorb
        self._lock = asyncio.Lock()

    async def pass_on(self) -> None:
        """Have all that is in hand absorbed, then acknowledge it."""
        async with self._lock:
            batch, self.events = self.events, []
            if not batch:
                return
            await self._absorb(tuple(_record(each) for each in batch))
            for each in batch:
                await self._stream.ack(each)

    async def hold_nothing_back(self) -> None:
        """Pass on what stays in hand, until cancelled."""
        while True:
            await asyncio.sleep(_MOMENT_SECONDS)
            await self.pass_on()


def _app(lane: Lane, broker: str, credentials: Any, folder: Path) -> faust.App:
    """One app id a lane: a consumer group is the app's. The figures were measured."""
    return faust.App(
        f"jibao-{lane.value}",
        broker=broker,
        broker_credentials=credentials,
        datadir=folder / "faust",
        broker_session_timeout=6,
        broker_heartbeat_interval=2,
        broker_commit_interval=1,
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        stream_wait_empty=True,
        web_enabled=False,
        value_serializer="raw",
        key_serializer="raw",
        consumer_auto_offset_reset="earliest",
    )


def _record(event: EventT[bytes]) -> Record:
    message = event.message
    headers = {name: value or b"" for name, value in dict(message.headers or ()).items()}
    return Record(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        at=_appended_at(message.timestamp),
        value=message.value or b"",
        key=message.key,
        headers=headers,
        is_dated_by_broker=message.timestamp_type == _BY_BROKER,
    )


def _appended_at(seconds: float | None) -> datetime:
    """Return when the broker took a record; where none can be told, the beginning of time."""
    try:
        return datetime.fromtimestamp(seconds or 0, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
