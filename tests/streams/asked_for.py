"""Two townships that the desk asks for an item about winter fires. 约稿造数。"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from ledger.schema import obligations
from tests.builders import (
    HOUR,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    TOWNSHIP,
    Item,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Arrival
from vocabulary.solicitation import Solicit, Solicited, Unsolicited
from vocabulary.terms import Duty

THIS = UUID(int=0x5011C17)
DUE = NIGHT + 4 * HOUR
WANTED = Duty.SOLICITED_ITEM
ANSWER: Item = {"title": "我镇冬季防火情况", "body": "已排查民房三百户，整改隐患十二处。"}


def ask(room: DutyBook, *units: str, uid: UUID = THIS, **of: Any) -> Solicited | Unsolicited:
    said: dict[str, Any] = {
        "person_id": OFFICER,
        "at": NIGHT,
        "subject": "冬季防火",
        "wanted": "排查、整改各写一段",
        "due_at": DUE,
    }
    said["unit_ids"] = units or (TOWNSHIP, NEIGHBOUR)
    return room.solicit(Solicit(uid, **(said | of)))


def an_answer(
    unit_id: str = TOWNSHIP, *, after: timedelta = HOUR, key: str = "answer", **fields: Any
) -> Arrival:
    named: Item = ANSWER | {"solicitation_id": str(THIS)} | fields
    return an_arrival(key, unit_id, at=NIGHT + after, **named)


def owed(room: DutyBook) -> dict[str, dict[str, Any]]:
    return {row["owed_by"]: row for row in room.rows(obligations, duty=WANTED.value)}
