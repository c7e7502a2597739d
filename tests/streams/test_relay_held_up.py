"""One record that the brokers refuse holds up its own case alone. 转发受阻。"""

from collections.abc import Awaitable

import pytest
from aiokafka.errors import TopicAuthorizationFailedError

from ledger.schema import cases, facts
from streams.wire import Headers
from tests.builders import FIRE, HOUR, NEIGHBOUR, NIGHT, WALL, an_arrival
from tests.streams.an_outlet import Outlet, outlet, relaying  # noqa: F401 (asked for by name)
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import eventually

on_postgres = pytest.mark.parametrize(
    "book", [pytest.param("postgres", marks=pytest.mark.slow)], indirect=True
)


class Refusing(Outlet):
    """Refuses the records of one case."""

    refused: bytes = b""

    async def send(
        self, topic: str, value: bytes, key: bytes, headers: Headers
    ) -> Awaitable[object]:
        answer = await super().send(topic, value, key, headers)
        return refuse_after(answer) if key == self.refused else answer


async def refuse_after(answer: Awaitable[object]) -> object:
    await answer
    raise TopicAuthorizationFailedError


@on_postgres
@pytest.mark.usefixtures("outlet")
async def test_the_other_cases_go_out_once_and_are_marked(room: DutyBook) -> None:
    room.absorb(an_arrival("1", **FIRE))
    room.absorb(an_arrival("2", NEIGHBOUR, at=NIGHT + HOUR, **WALL))
    one, other = room.rows(cases)
    brokers = Refusing()
    brokers.acknowledges.set()
    brokers.refused = str(one["uid"]).encode()

    def are_marked() -> bool:
        return all(row["published_at"] for row in room.rows(facts) if row["case_id"] == other["id"])

    async with relaying(room, brokers):
        await eventually(are_marked, "the other case is published")
        await eventually(lambda: len(brokers.ids(brokers.refused)) > 2, "the first is tried again")

    sent = brokers.ids(str(other["uid"]).encode())
    assert len(sent) == len(set(sent))
    assert {row["published_at"] for row in room.rows(facts) if row["case_id"] == one["id"]} == {
        None
    }
