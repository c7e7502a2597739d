"""The Faust app of one lane: plumbing, and nothing of ours in it. 流处理装配。

Faust decides nothing and keeps nothing: it reads, hands over, and goes on only after the
transaction. One app id a lane, since a consumer group is the app's.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import faust
from faust.types import EventT

from rules.lane import Lane
from streams.topics import LANE_TOPICS
from vocabulary.record import Record

_AT_ONCE = 200


def lane_app(
    lane: Lane,
    broker: str,
    absorb: Callable[[tuple[Record, ...]], Awaitable[None]],
    *,
    own_topics: tuple[str, ...] = (),
    credentials: Any = None,
) -> faust.App:
    """Return the app of a lane; `absorb` returns only once its records are in the book."""
    app = _app(lane, broker, credentials)
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
        events: list[EventT[bytes]] = []
        async for event in stream.noack().events():
            events.append(event)
            if len(events) < _AT_ONCE and not stream.channel.empty():
                continue
            await absorb(tuple(_record(each) for each in events))
            for each in events:
                await stream.ack(each)
            events = []

    return app


def _app(lane: Lane, broker: str, credentials: Any) -> faust.App:
    """One app id a lane: a consumer group is the app's. The figures were measured."""
    return faust.App(
        f"jibao-{lane.value}",
        broker=broker,
        broker_credentials=credentials,
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
        at=datetime.fromtimestamp(message.timestamp, UTC),
        value=message.value or b"",
        key=message.key,
        headers=headers,
    )
