"""Clients of the log, made from the settings. 日志客户端。"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from app.parts.last_items import LastItems
from app.settings import Settings
from ledger.positions import Place
from streams.odd_headers import read_any_header_name
from streams.topics import TopicRule, declare
from streams.wire import Headers

log = structlog.get_logger()

_REQUEST_MILLISECONDS = 5000
_RECORD_BYTES_MAX = 2_000_000
_AGAIN_SECONDS = 1.0
_STOP_SECONDS = 3.0
_OF_THE_RECORD = (MessageSizeTooLargeError, TopicAuthorizationFailedError)


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """Return what TLS needs; None where the brokers speak without it."""
    if "SSL" not in settings.kafka_security.split("_"):
        return None
    context = ssl.create_default_context(cafile=settings.kafka_ca_file)
    if settings.kafka_cert_file is not None:
        context.load_cert_chain(settings.kafka_cert_file, settings.kafka_key_file)
    return context


def options(settings: Settings) -> dict[str, Any]:
    """Return what every client needs to reach the brokers."""
    found: dict[str, Any] = {
        "bootstrap_servers": settings.kafka,
        "security_protocol": settings.kafka_security,
        "request_timeout_ms": _REQUEST_MILLISECONDS,
        "ssl_context": ssl_context(settings),
    }
    if settings.kafka_security.startswith("SASL"):
        found["sasl_mechanism"] = settings.kafka_sasl_mechanism
        found["sasl_plain_username"] = settings.kafka_username
        found["sasl_plain_password"] = settings.kafka_password.get_secret_value()
    return found


def brokers(settings: Settings) -> str:
    """Return the brokers as Faust writes them."""
    return ";".join(f"kafka://{each.strip()}" for each in settings.kafka.split(","))


def credentials(settings: Settings) -> Any:
    """Return what Faust needs to be let in; None where the brokers ask for nothing."""
    from faust.auth import SASLCredentials, SSLCredentials  # only workers load so much

    context = ssl_context(settings)
    if settings.kafka_security.startswith("SASL"):
        return SASLCredentials(
            username=settings.kafka_username,
            password=settings.kafka_password.get_secret_value(),
            mechanism=settings.kafka_sasl_mechanism,
            ssl_context=context,
        )
    return SSLCredentials(context) if context is not None else None


async def declare_topics(settings: Settings, more: tuple[str, ...]) -> None:
    """Create the topics that are not there.

    Raises:
        KafkaError: the brokers are away, or will not have it.
    """
    rule = TopicRule(
        settings.kafka_partitions,
        settings.kafka_replication,
        settings.kafka_min_insync,
        settings.kafka_retention_days,
    )
    client = AIOKafkaAdminClient(**options(settings))
    try:
        await client.start()
        await declare(client, rule, more)
    finally:
        await client.close()


async def until_declared(settings: Settings, more: tuple[str, ...]) -> None:
    """Create the topics, however long the brokers are away."""
    while True:
        try:
            await declare_topics(settings, more)
        except KafkaError as error:
            log.warning("log_away", cause=type(error).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            return


class LogProducer:
    """A producer that repeats without doubling and waits for all in-sync replicas.

    It joins the brokers by itself, whenever they come: nothing waits for them at the start.
    """

    def __init__(self, settings: Settings, more: tuple[str, ...] = ()) -> None:
        self._settings = settings
        self._more = more
        self._producer: AIOKafkaProducer | None = None
        self._broken = asyncio.Event()

    async def run(self) -> None:
        """Join the brokers, and again after each fault of the session, until cancelled.

        A record that ran out of time leaves a gap in its partition's numbers, which the brokers
        refuse to bridge: only a producer with a number of its own goes on from there.
        """
        await until_declared(self._settings, self._more)
        while True:
            producer = AIOKafkaProducer(
                **options(self._settings),
                enable_idempotence=True,
                linger_ms=0,
                max_request_size=_RECORD_BYTES_MAX,
            )
            try:
                await self._start(producer)
                self._broken.clear()
                self._producer = producer
                await self._broken.wait()
                log.warning("log_session_ends")
            finally:
                self._producer = None
                with contextlib.suppress(KafkaError, TimeoutError):
                    await asyncio.wait_for(producer.stop(), _STOP_SECONDS)

    async def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Awaitable[Any]:
        """Queue a record; the future resolves once all in-sync replicas have it.

        Raises:
            KafkaError: the brokers were never reached.
        """
        if self._producer is None:
            raise KafkaConnectionError
        future: asyncio.Future[Any] = await self._producer.send(topic, value, key, headers=headers)
        future.add_done_callback(self._look_at)
        return future

    def _look_at(self, future: "asyncio.Future[Any]") -> None:
        """End the session after a fault that is not the record's own."""
        fault = None if future.cancelled() else future.exception()
        if fault is not None and not isinstance(fault, _OF_THE_RECORD):
            self._broken.set()

    async def send_and_wait(self, topic: str, value: bytes, key: bytes, headers: Headers) -> object:
        """Return once all in-sync replicas have the record."""
        return await (await self.send(topic, value, key, headers))

    async def _start(self, producer: AIOKafkaProducer) -> None:
        while True:
            try:
                await producer.start()
            except KafkaError as error:
                log.warning("log_away", cause=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return


class Ends:
    """Asks the brokers where the items of some topics end now."""

    def __init__(self, settings: Settings, topics: tuple[str, ...]) -> None:
        self._settings = settings
        self._topics = topics
        read_any_header_name()
        self._clients: tuple[AIOKafkaAdminClient, AIOKafkaConsumer] | None = None

    async def __call__(self) -> Mapping[Place, int]:
        """Return the offset after every partition's last item; partitions may be added meanwhile.

        Raises:
            KafkaError: the brokers are away, or a topic is not there.
        """
        if self._clients is None:
            self._clients = await self._joined()
            self._last_items = LastItems(self._clients[1])
        admin, consumer = self._clients
        places = []
        for topic in await admin.describe_topics(list(self._topics)):
            if topic["error_code"] or not topic["partitions"]:
                raise UnknownTopicOrPartitionError(topic["topic"])
            places += [TopicPartition(topic["topic"], p["partition"]) for p in topic["partitions"]]
        found = await self._last_items.after(await consumer.end_offsets(places))
        return {(place.topic, place.partition): end for place, end in found.items()}

    async def close(self) -> None:
        """Leave the brokers."""
        if self._clients is not None:
            await self._clients[0].close()
            await self._clients[1].stop()

    async def _joined(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        admin = AIOKafkaAdminClient(**options(self._settings))
        consumer = AIOKafkaConsumer(**options(self._settings))
        try:
            await admin.start()
            await consumer.start()
        except BaseException:
            await admin.close()
            await consumer.stop()
            raise
        return admin, consumer
