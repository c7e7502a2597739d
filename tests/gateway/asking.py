"""An open duty room, asked over its API. 接口测试公用。"""

from typing import Any

from tests.builders import OFFICER
from tests.streams.open_room import OpenRoom

DESK = f"person:{OFFICER}"
NOBODY = "00000000-0000-0000-0000-000000000000"


async def get(house: OpenRoom, path: str, by: str = DESK, **query: str) -> Any:
    return await (await house.caller(by)).get(path, params=query)


async def send(house: OpenRoom, item: Any, by: str = "unit:qingshi") -> dict[str, Any]:
    answer = await (await house.caller(by)).post("/submissions", json=item)
    assert answer.status_code == 202
    receipt: dict[str, Any] = answer.json()
    return receipt


async def post(house: OpenRoom, path: str, said: dict[str, Any], by: str = DESK) -> Any:
    return await (await house.caller(by)).post(path, json=said)


async def the_alert(house: OpenRoom) -> str:
    (alert,) = (await get(house, "/alerts")).json()["alerts"]
    return str(alert["alert_id"])
