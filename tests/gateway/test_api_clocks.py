"""Clocks, alerts and the late log through the API: who sees and does what? 接口：时限与警报。"""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import FIRE, HOUR, NIGHT, OFFICER, WALL, an_arrival
from tests.gateway.asking import DESK, NOBODY, get, send, the_alert
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import SUPERVISOR, OpenRoom

# Obligations.


async def owed(house: OpenRoom, by: str = DESK, **query: str) -> list[dict[str, Any]]:
    answer = await get(house, "/obligations", by, **query)
    assert answer.status_code == 200
    listed: list[dict[str, Any]] = answer.json()["obligations"]
    return listed


async def test_obligations_are_found_by_unit_kind_and_state(house: OpenRoom) -> None:
    await send(house, FIRE)
    await send(house, WALL | {"medium": "phone"}, "unit:liulin")

    assert {o["owed_by"] for o in await owed(house, unit="liulin")} == {"liulin"}
    written = await owed(house, kind="written_first_report")
    assert [(o["owed_by"], o["fulfilment"]) for o in written] == [
        ("qingshi", "met"),
        ("liulin", "open"),
    ]
    assert await owed(house, kind="written_first_report", fulfilment="waived") == []
    on_time = await owed(house, timeliness="on_time")
    assert {o["kind"] for o in on_time} == {"written_first_report", "phone_first_report"}


async def test_obligations_are_found_by_when_they_are_due_soonest_first(house: OpenRoom) -> None:
    await send(house, FIRE)

    soon = await owed(house, due_before=(NIGHT + 2 * HOUR).isoformat())

    assert {o["kind"] for o in soon} == {"acknowledgement", "written_first_report"}
    assert [o["due_at"] for o in soon] == sorted(o["due_at"] for o in soon)
    assert {"obligation_id", "owed_to", "clock", "limit_seconds", "source", "case_id"} <= set(
        soon[0]
    )


async def test_a_unit_sees_what_it_owes_and_nobody_elses(house: OpenRoom) -> None:
    await send(house, FIRE)
    await send(house, WALL, "unit:liulin")

    asked = await owed(house, "unit:qingshi", unit="liulin")

    assert {o["owed_by"] for o in asked} == {"qingshi"}
    assert {o["owed_by"] for o in await owed(house, SUPERVISOR)} >= {"qingshi", "liulin"}


# Alerts.


async def test_the_desk_sees_an_alert_with_its_calls_and_the_units_do_not(
    house: OpenRoom,
) -> None:
    await send(house, FIRE)

    (alert,) = (await get(house, "/alerts", open="true")).json()["alerts"]

    assert alert["level"] == "emergency"
    assert alert["deliveries"][0]["recipient"] == OFFICER
    assert "http" not in str(alert["deliveries"])
    for stranger in ("unit:qingshi", "person:li-chunmei"):
        assert (await get(house, "/alerts", stranger)).status_code == 403


async def test_an_acknowledgement_by_api_is_told_and_can_be_taken_back(house: OpenRoom) -> None:
    await send(house, FIRE)
    path = f"/alerts/{await the_alert(house)}/ack"
    desk = await house.caller(DESK)

    taken = (await desk.post(path)).json()
    again = (await desk.post(path)).json()
    given_back = (await desk.delete(path)).json()

    assert (taken["acknowledged_by"], taken["is_change"]) == (OFFICER, True)
    assert (again["acknowledged_at"], again["is_change"]) == (taken["acknowledged_at"], False)
    assert (given_back["acknowledged_by"], given_back["is_change"]) == (None, True)
    assert (await get(house, "/alerts", open="true")).json()["alerts"]


async def test_an_acknowledged_alert_is_closed(house: OpenRoom) -> None:
    await send(house, FIRE)
    await (await house.caller(DESK)).post(f"/alerts/{await the_alert(house)}/ack")

    assert (await get(house, "/alerts", open="true")).json()["alerts"] == []
    assert len((await get(house, "/alerts", open="false")).json()["alerts"]) == 1


@pytest.mark.parametrize("who", ["unit:qingshi", "person:wang-dashan", SUPERVISOR])
async def test_only_the_duty_room_takes_an_alert_in_hand(house: OpenRoom, who: str) -> None:
    await send(house, FIRE)
    path = f"/alerts/{await the_alert(house)}/ack"
    caller = await house.caller(who)

    assert (await caller.post(path)).status_code == 403
    assert (await caller.delete(path)).status_code == 403


async def test_an_alert_that_is_not_there_cannot_be_acknowledged(house: OpenRoom) -> None:
    desk = await house.caller(DESK)

    assert (await desk.post(f"/alerts/{NOBODY}/ack")).status_code == 404
    assert (await desk.delete(f"/alerts/{NOBODY}/ack")).status_code == 404


# The late log.


def two_late_reports(house: OpenRoom) -> None:
    book = DutyBook(house.room.book, house.room.desk)
    for unit, minutes in (("qingshi", 70), ("liulin", 90)):
        knew = NIGHT - timedelta(minutes=minutes)
        book.take(an_arrival("late", unit, **FIRE, known_at=knew))


async def log(house: OpenRoom, by: str = SUPERVISOR, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await get(house, "/late-log", by, **query)).json()["late_log"]
    return rows


async def test_the_late_log_says_who_how_late_and_under_which_text(house: OpenRoom) -> None:
    two_late_reports(house)

    rows = {row["unit_id"]: row for row in await log(house)}

    assert rows["qingshi"]["overrun_seconds"] == 600
    assert rows["liulin"]["overrun_seconds"] == 1800
    assert rows["liulin"]["timeliness"] == "late"
    assert "突发事件信息报告工作的通知" in rows["liulin"]["source"]


async def test_the_late_log_is_narrowed_by_unit_lapse_and_period(house: OpenRoom) -> None:
    two_late_reports(house)
    tomorrow = (NIGHT + 24 * HOUR).isoformat()

    assert [row["unit_id"] for row in await log(house, unit="liulin")] == ["liulin"]
    assert await log(house, lapse="missing") == []
    assert len(await log(house, lapse="late", to=tomorrow)) == 2
    assert await log(house, **{"from": tomorrow}) == []


async def test_a_unit_reads_its_own_part_of_the_log(house: OpenRoom) -> None:
    two_late_reports(house)

    rows = await log(house, "unit:qingshi", unit="liulin")

    assert [row["unit_id"] for row in rows] == ["qingshi"]


async def test_the_log_opens_in_a_spreadsheet(house: OpenRoom) -> None:
    two_late_reports(house)
    caller = await house.caller(SUPERVISOR)

    answer = await caller.get("/late-log", headers={"Accept": "text/csv"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert head.startswith("单位,应报事项")
    assert {row.split(",")[0] for row in rows[:-4]} == {"青石镇", "柳林镇"}
    assert rows[-2].startswith("#链尾散列,")
