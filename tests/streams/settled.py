"""A case, and a person who settles it. 案卷与处置人。"""

from typing import Any
from uuid import UUID

from ledger.schema import cases, offers
from tests.builders import (
    FIRE,
    HOUR,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    TOWNSHIP,
    Item,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from vocabulary.case_act import By
from vocabulary.terms import Stage


def by(person: str = OFFICER, *, after: Any = MINUTE, reason: str = "经现场核实") -> By:
    return By(person, NIGHT + after, reason)


def a_case(room: DutyBook, key: str = "1", unit_id: str = TOWNSHIP, **fields: Any) -> UUID:
    return UUID(room.take(an_arrival(key, unit_id, **(fields or FIRE)))["case_id"])


def the_case(room: DutyBook, uid: UUID) -> dict[str, Any]:
    return room.row(cases, uid=uid)


def an_offer(room: DutyBook) -> UUID:
    a_case(room)
    a_case(room, "2", NEIGHBOUR, title="江边仓库起火", body="江边一仓库3时05分起火，正在扑救。")
    uid = room.row(offers)["uid"]
    assert isinstance(uid, UUID)
    return uid


def follow_up(
    room: DutyBook, uid: UUID, item: Item, *, key: str = "2", at: Any = NIGHT + HOUR, **also: Any
) -> dict[str, Any]:
    unit_id = also.pop("unit_id", TOWNSHIP)
    named = {"case_id": str(uid), "stage": Stage.FOLLOW_UP} | also
    return room.take(an_arrival(key, unit_id, at=at, **(item | named)))
