"""Clients of the log, made from the settings. 日志客户端。"""

import asyncio
import ssl
from collections.abc import Awaitable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    UnknownTopicOrPartitionError,
)
from faust.auth import SASLCredentials, SSLCredentials

from app.settings import Settings
from ledger.positions import Place
from streams.topics import TopicRule, declare
from streams.wire import Headers

log = structlog.get_logger()

_REQUEST_MILLISECONDS = 5000
_RECORD_BYTES_MAX = 2_000_000
_AGAIN_SECONDS = 1.0


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


def credentials(settings: Settings) -> SASLCredentials | SSLCredentials | None:
    """Return what Faust needs to be let in; None where the brokers ask for nothing."""
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

    async def run(self) -> None:
        """Join the brokers, then rest until cancelled."""
        await until_declared(self._settings, self._more)
        producer = AIOKafkaProducer(
            **options(self._settings),
            enable_idempotence=True,
            linger_ms=0,
            max_request_size=_RECORD_BYTES_MAX,
        )
        try:
            await self._start(producer)
            self._producer = producer
            await asyncio.Event().wait()
        finally:
            self._producer = None
            await producer.stop()

    async def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Awaitable[Any]:
        """Queue a record; the future resolves once all in-sync replicas have it.

        Raises:
            KafkaError: the brokers were never reached.
        """
        if self._producer is None:
            raise KafkaConnectionError
        future: Awaitable[Any] = await self._producer.send(topic, value, key, headers=headers)
        return future

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
    """Asks the brokers where the partitions of some topics end now."""

    def __init__(self, settings: Settings, topics: tuple[str, ...]) -> None:
        self._settings = settings
        self._topics = topics
        self._clients: tuple[AIOKafkaAdminClient, AIOKafkaConsumer] | None = None

    async def __call__(self) -> Mapping[Place, int]:
        """Return the end offset of every partition; asked anew, since partitions may be added.

        Raises:
            KafkaError: the brokers are away, or a topic is not there.
        """
        if self._clients is None:
            self._clients = await self._joined()
        admin, consumer = self._clients
        places = []
        for topic in await admin.describe_topics(list(self._topics)):
            if topic["error_code"] or not topic["partitions"]:
                raise UnknownTopicOrPartitionError(topic["topic"])
            places += [TopicPartition(topic["topic"], p["partition"]) for p in topic["partitions"]]
        found = await consumer.end_offsets(places)
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
