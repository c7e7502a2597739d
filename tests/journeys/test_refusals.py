"""Is a channel believed only after its answer was read? 渠道答复核验。

Each case drives one emergency through the whole house to an officer whose first channel refuses in
one of the ways that providers really refuse: HTTP 200 with a code, 429, 5xx, silence, a cut line,
garbage. The officer is then reached by the next channel, and the refusing one is never written down
as having delivered. Order is read from the phone's own timestamps; no time is asserted.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.phone_behaviour import Order
from tests.journeys.counties import LEADER, OFFICER, OFFICERS_MOBILE, a_county
from tests.journeys.house import DutyRoom, a_duty_room, wait_until
from tests.journeys.reading import book_in
from tests.loopback import Phone, a_phone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

REFUSALS = {
    "wecom": (45009, 93000, 40008),
    "dingtalk": (310000, 130101, 300001),
    "feishu": (9499, 19001, 19021, 11232),
}
OTHER_WAYS: tuple[dict[str, Any], ...] = (
    {"mode": "status", "status": 429, "seconds": 30},
    {"mode": "status", "status": 500},
    {"mode": "status", "status": 503},
    {"mode": "cut"},
    {"mode": "garbage"},
    {"mode": "stall", "seconds": 60},
)
CASES = [
    *(
        pytest.param(channel, {"mode": "refuse", "code": code}, id=f"{channel} says {code}")
        for channel, codes in REFUSALS.items()
        for code in codes
    ),
    *(
        pytest.param(channel, way, id=f"{channel} {way['mode']} {way.get('status', '')}".strip())
        for channel in REFUSALS
        for way in OTHER_WAYS
    ),
]


def item(number: int) -> dict[str, object]:
    return {"title": f"第{number}号民房起火，1人死亡", "body": "青石镇报告。"}


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with a_phone() as phone:
        yield phone


def a_room_by(folder: Path, phone: Phone, first: str) -> Iterator[DutyRoom]:
    county = a_county(folder, {OFFICER: [first, "sms"], LEADER: ["app"]})
    with a_duty_room(folder, county, phone.host) as room:
        room.start()
        yield room


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory, phone: Phone) -> Iterator[dict[str, DutyRoom]]:
    """One house for each channel that comes first; opened when the first case asks for it."""
    opened: dict[str, DutyRoom] = {}
    houses = []

    class Rooms(dict[str, DutyRoom]):
        def __missing__(self, first: str) -> DutyRoom:
            house = a_room_by(tmp_path_factory.mktemp(first), phone, first)
            houses.append(house)
            opened[first] = self[first] = next(house)
            return opened[first]

    yield Rooms()
    for house in houses:
        next(house, None)


@pytest.mark.parametrize(("channel", "way"), CASES)
def test_the_next_channel_is_used_and_the_refusing_one_is_not_believed(
    rooms: dict[str, DutyRoom], phone: Phone, channel: str, way: dict[str, Any], request: Any
) -> None:
    room = rooms[channel]
    number = 1 + [case.id for case in CASES].index(request.node.callspec.id)
    title = f"第{number}号"
    phone.state.shelf.clear()
    phone.state.switchboard.told(Order.model_validate({"channel": channel, **way}))

    assert room.post(item(number), f"case-{number}").status == 202
    wait_until(
        lambda: _is_reached(room, title),
        "the officer is reached another way",
        told=lambda: room.log,
    )
    phone.state.switchboard.told(Order.model_validate({"channel": channel}))

    tried = book_in(room.data).attempts(title, OFFICER)
    assert tried[0]["channel_id"] == f"{OFFICER}.{channel}"
    assert tried[0]["outcome"] != "delivered"
    assert [one["outcome"] for one in tried if one["channel_id"] == f"{OFFICER}.sms"] == [
        "delivered"
    ]
    (delivery,) = [
        row for row in book_in(room.data).deliveries(title) if row["recipient"] == OFFICER
    ]
    assert delivery["accepted_by"] == f"{OFFICER}.sms"
    assert channels_that_rang(phone, title) == ([channel] if is_arriving(way) else []) + ["sms"]


def is_arriving(way: dict[str, Any]) -> bool:
    """Say whether the text reached the person, whatever the channel then answered."""
    return way["mode"] not in ("refuse", "status")


def channels_that_rang(phone: Phone, title: str) -> list[str]:
    """Return by which channels the officer has it, in the order of the phone's own hours."""
    mine = [
        kept
        for kept in phone.state.shelf.after(0, 1_000)
        if title in kept.title and kept.to in (OFFICER, OFFICERS_MOBILE)
    ]
    return [kept.channel for kept in sorted(mine, key=lambda kept: kept.at)]


def test_when_every_channel_of_a_person_fails_the_next_person_is_called(
    tmp_path: Path, phone: Phone
) -> None:
    phone.state.switchboard.told(Order(channel="wecom", mode="refuse", code=93000))
    phone.state.switchboard.told(Order(channel="sms", mode="status", status=500))
    phone.state.switchboard.told(Order(channel="voice", mode="status", status=500))
    house = a_room_by(tmp_path, phone, "wecom")
    room = next(house)

    assert room.post(item(900), "all-dead").status == 202

    wait_until(
        lambda: any(
            row["recipient"] == LEADER and row["state"] == "accepted"
            for row in book_in(room.data).deliveries("第900号")
        ),
        "the leader is called",
        told=lambda: room.log,
    )
    phone.state.switchboard.told(Order(channel="*", mode="ok"))
    next(house, None)


def test_an_answer_that_comes_late_is_noted(tmp_path: Path, phone: Phone) -> None:
    phone.state.switchboard.told(Order(channel="dingtalk", mode="stall", seconds=7))
    house = a_room_by(tmp_path, phone, "dingtalk")
    room = next(house)

    assert room.post(item(901), "late").status == 202

    def outcomes() -> list[str | None]:
        return [one["outcome"] for one in book_in(room.data).attempts("第901号", OFFICER)]

    wait_until(
        lambda: outcomes() == ["delivered", "delivered"], "both are noted", told=lambda: room.log
    )
    first, second = book_in(room.data).attempts("第901号", OFFICER)
    (delivery,) = [
        row for row in book_in(room.data).deliveries("第901号") if row["recipient"] == OFFICER
    ]
    assert second["started_at"] < first["answered_at"], "nobody waited for the silent one"
    assert (delivery["state"], delivery["accepted_by"]) == ("accepted", f"{OFFICER}.sms")
    phone.state.switchboard.told(Order(channel="*", mode="ok"))
    next(house, None)


def _is_reached(room: DutyRoom, title: str) -> bool:
    tried = book_in(room.data).attempts(title, OFFICER)
    return any(one["outcome"] == "delivered" for one in tried)
