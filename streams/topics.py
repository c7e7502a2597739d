"""The topics, and what the broker must promise of each. 主题。"""

from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from rules.lane import Lane
from vocabulary.facts import ALERTS, FACTS, NOTICES, QUARANTINE

LANE_TOPICS = {
    Lane.SUBMISSIONS: "jibao.submissions.v1",
    Lane.EXPRESS: "jibao.express.v1",
}
RECORD_BYTES_MAX = 1_000_000  # of a foreign sender; what is set aside also bears why
_SET_ASIDE_BYTES_MAX = 2_000_000
ALL = (*LANE_TOPICS.values(), ALERTS, NOTICES, FACTS, QUARANTINE)


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Partitions, copies, how many must have it, how long it is kept."""

    partitions: int = 4
    replication: int = 1
    min_insync: int = 1
    retention_days: int = 30


async def declare(client: AIOKafkaAdminClient, rule: TopicRule, more: Iterable[str] = ()) -> None:
    """Create the topics that are not there.

    Args:
        client: a started client.
        rule: what the broker must promise.
        more: topics that belong to one unit each.

    Raises:
        KafkaError: the broker will not have one of them.
    """
    there = set(await client.list_topics())
    wanted = [
        NewTopic(name, rule.partitions, rule.replication, topic_configs=config_of(name, rule))
        for name in (*ALL, *more)
        if name not in there
    ]
    if not wanted:
        return
    answer = await client.create_topics(wanted)
    for name, code, *_ in answer.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):  # another process may be quicker
            raise for_code(code)(name)


def config_of(name: str, rule: TopicRule) -> dict[str, str]:
    """Return what the broker is told of a topic.

    LogAppendTime, so that no client dates its own. Kept uncompressed, so that the broker unpacks
    what a sender packed, and refuses what is too large then: a worker could die of it.
    """
    largest = _SET_ASIDE_BYTES_MAX if name == QUARANTINE else RECORD_BYTES_MAX
    return {
        "compression.type": "uncompressed",
        "max.message.bytes": str(largest),
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": str(rule.min_insync),
        "retention.ms": str(rule.retention_days * 86_400_000),
    }
