"""The topics, and what the broker must promise of each. 主题。"""

from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError

from rules.lane import Lane
from vocabulary.facts import ALERTS, FACTS, NOTICES, QUARANTINE

LANE_TOPICS = {
    Lane.SUBMISSIONS: "jibao.submissions.v1",
    Lane.EXPRESS: "jibao.express.v1",
}
ALL = (*LANE_TOPICS.values(), ALERTS, NOTICES, FACTS, QUARANTINE)


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Partitions, copies, how many must have it, how long it is kept."""

    partitions: int = 4
    replication: int = 1
    min_insync: int = 1
    retention_days: int = 30


async def declare(client: AIOKafkaAdminClient, rule: TopicRule, more: Iterable[str] = ()) -> None:
    """Create the topics that are not there; LogAppendTime, so that no client dates its own.

    Args:
        client: a started client.
        rule: what the broker must promise.
        more: topics that belong to one unit each.
    """
    config = {
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": str(rule.min_insync),
        "retention.ms": str(rule.retention_days * 86_400_000),
    }
    there = set(await client.list_topics())
    wanted = [
        NewTopic(name, rule.partitions, rule.replication, topic_configs=config)
        for name in (*ALL, *more)
        if name not in there
    ]
    if wanted:
        try:
            await client.create_topics(wanted)
        except TopicAlreadyExistsError:
            return  # another process was quicker
