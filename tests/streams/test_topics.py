"""What are the brokers asked to promise, and is it heard when they will not? 主题声明。"""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.admin import NewTopic
from aiokafka.errors import InvalidReplicationFactorError

from streams.topics import ALL, TopicRule, config_of, declare
from vocabulary.facts import QUARANTINE

ALREADY_THERE, WRONG_REPLICATION = 36, 38


@dataclass
class Admin:
    """Brokers that have some topics, and answer each wish with a code."""

    there: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    asked: list[NewTopic] = field(default_factory=list)

    async def list_topics(self) -> list[str]:
        return self.there

    async def create_topics(self, wanted: list[NewTopic]) -> Any:
        self.asked += wanted
        told = [(topic.name, self.codes.get(topic.name, 0), None) for topic in wanted]
        return SimpleNamespace(topic_errors=told)


async def test_every_topic_is_made_as_the_rule_says() -> None:
    admin = Admin()

    await declare(admin, TopicRule(6, 3, 2, 14), ["county.hospital.reports"])

    assert {topic.name for topic in admin.asked} == {*ALL, "county.hospital.reports"}
    for topic in admin.asked:
        assert (topic.num_partitions, topic.replication_factor) == (6, 3)
        assert topic.topic_configs["min.insync.replicas"] == "2"
        assert topic.topic_configs["retention.ms"] == str(14 * 24 * 3600 * 1000)


async def test_no_client_dates_or_packs_its_own() -> None:
    for name in ALL:
        config = config_of(name, TopicRule())
        assert config["message.timestamp.type"] == "LogAppendTime"
        assert config["compression.type"] == "uncompressed"


def test_quarantine_takes_the_largest_record_and_why_it_was_set_aside() -> None:
    largest = {name: int(config_of(name, TopicRule())["max.message.bytes"]) for name in ALL}

    assert largest.pop(QUARANTINE) == 2 * max(largest.values())


async def test_what_is_there_is_left_as_it_is() -> None:
    admin = Admin(there=list(ALL[1:]))

    await declare(admin, TopicRule())

    assert [topic.name for topic in admin.asked] == [ALL[0]]


async def test_where_all_is_there_nothing_is_asked() -> None:
    admin = Admin(there=list(ALL))

    await declare(admin, TopicRule())

    assert admin.asked == []


async def test_another_process_may_be_quicker() -> None:
    await declare(Admin(codes={ALL[0]: ALREADY_THERE}), TopicRule())


async def test_a_wish_that_the_brokers_refuse_is_heard() -> None:
    with pytest.raises(InvalidReplicationFactorError):
        await declare(Admin(codes={ALL[2]: WRONG_REPLICATION}), TopicRule(replication=3))
