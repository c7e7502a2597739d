"""A village that burns: the police tell of it before its township does. 他方先报。"""

from datetime import datetime, timedelta
from typing import Any

from ledger.schema import cases, obligations
from tests.builders import MINUTE, NIGHT, TOWNSHIP, Item, an_arrival
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Arrival
from vocabulary.terms import Duty

TERRITORY = Duty.TERRITORY_REPORT
POLICE, HEALTH = "gongan", "weijian"
LIMIT = timedelta(minutes=30)
HOUSE_FIRE: Item = {
    "title": "大湾村民房起火",
    "body": "11月24日3时02分，大湾村一民房起火，消防正在扑救，有2人受伤。",
}
NEXT_VILLAGE: Item = {
    "title": "高坎村民房起火",
    "body": "11月24日3时05分，高坎村一民房起火，消防正在扑救，有1人受伤。",
}


def told_by_another(key: str = "1", unit_id: str = POLICE, **fields: Any) -> Arrival:
    return an_arrival(key, unit_id, **(HOUSE_FIRE | fields))


def its_own(key: str = "own", *, at: datetime = NIGHT + 5 * MINUTE, **fields: Any) -> Arrival:
    return an_arrival(key, TOWNSHIP, at=at, **(HOUSE_FIRE | fields))


def asked(room: DutyBook) -> list[dict[str, Any]]:
    return room.rows(obligations, duty=TERRITORY.value)


def case_of(room: DutyBook) -> str:
    return str(room.rows(cases)[0]["uid"])
