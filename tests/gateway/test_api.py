"""What may who see and do through the API? 接口。"""

import orjson
import pytest

from ledger.schema import cases
from tests.builders import FIRE, MEETING, NIGHT, OFFICER, WALL
from tests.gateway.asking import DESK, NOBODY, get, send, the_alert
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import SUPERVISOR, OpenRoom

# Items and cases.


async def test_a_receipt_shows_later_who_of_the_duty_room_saw_it(house: OpenRoom) -> None:
    receipt = await send(house, FIRE)
    path = f"/submissions/{receipt['submission_id']}"
    before = (await get(house, path, "unit:qingshi")).json()

    desk = await house.caller(DESK)
    await desk.post(f"/alerts/{await the_alert(house)}/ack")

    after = (await get(house, path, "unit:qingshi")).json()
    assert (before["seen_at"], before["seen_by"]) == (None, None)
    assert after["seen_by"] == OFFICER
    assert after["seen_at"].endswith("+08:00")
    assert receipt.items() <= after.items()


async def test_a_unit_sees_its_own_items_and_cases_only(house: OpenRoom) -> None:
    receipt = await send(house, FIRE)

    for path in (f"/submissions/{receipt['submission_id']}", f"/cases/{receipt['case_id']}"):
        assert (await get(house, path, "unit:qingshi")).status_code == 200
        assert (await get(house, path, "person:li-chunmei")).status_code == 200
        assert (await get(house, path, DESK)).status_code == 200
        assert (await get(house, path, SUPERVISOR)).status_code == 200
        assert (await get(house, path, "unit:liulin")).status_code == 404


async def test_an_item_reported_on_a_units_behalf_is_that_units_too(house: OpenRoom) -> None:
    receipt = await send(house, FIRE | {"on_behalf_of": "liulin"}, DESK)

    path = f"/submissions/{receipt['submission_id']}"
    assert (await get(house, path, "unit:liulin")).status_code == 200


async def test_a_units_cases_are_listed_however_many_others_are_newer(house: OpenRoom) -> None:
    mine = await send(house, FIRE)
    await send(house, WALL, "unit:liulin")

    listed = (await get(house, "/cases", "unit:qingshi", limit="1")).json()["cases"]

    assert [case["case_id"] for case in listed] == [mine["case_id"]]
    assert len((await get(house, "/cases")).json()["cases"]) == 2


async def test_a_case_tells_its_items_debts_and_timeline(house: OpenRoom) -> None:
    receipt = await send(house, WALL)
    await send(house, MEETING | {"case_id": receipt["case_id"]})

    case = (await get(house, f"/cases/{receipt['case_id']}")).json()

    assert (case["severity_provisional"], case["deaths"]) == ("serious", 3)
    assert len(case["submissions"]) == 2
    assert case["submissions"][0]["judgement"]["reasons"]
    assert {each["kind"] for each in case["timeline"]} == {
        "case_opened",
        "alert_opened",
        "item_joined",
    }
    assert "written_first_report" in {owed["kind"] for owed in case["obligations"]}
    assert "id" not in case


@pytest.mark.parametrize("path", ["/submissions/", "/cases/"])
async def test_what_is_not_there_is_a_404_in_the_callers_language(
    house: OpenRoom, path: str
) -> None:
    chinese = await get(house, path + NOBODY)
    english = await (await house.caller(DESK, "en")).get(path + NOBODY)

    assert chinese.status_code == english.status_code == 404
    assert "没有这一条" in chinese.json()["detail"]
    assert "no such thing" in english.json()["detail"]


@pytest.mark.parametrize(
    ("path", "field", "chinese", "english"),
    [
        ("/cases/not-an-id", "case_id", "不是有效的编号", "is not a valid id"),
        ("/obligations?due_before=soon", "due_before", "时间格式有误", "is not a time"),
        ("/late-log?from=2026-11-24T00:00:00", "from", "须带时区", "needs a time zone"),
        ("/alerts?open=perhaps", "open", "应为 true 或 false", "should be true or false"),
    ],
)
async def test_a_wrong_question_names_the_part_to_mend_in_the_callers_language(
    house: OpenRoom, path: str, field: str, chinese: str, english: str
) -> None:
    for language, expected in (("zh", chinese), ("en", english)):
        answer = await (await house.caller(DESK, language)).get(path)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        (error,) = answer.json()["errors"]
        assert error["field"] == field
        assert expected in error["sentence"]


async def test_every_route_asks_for_a_token(house: OpenRoom) -> None:
    caller = await house.caller(None)
    paths = ("/cases", "/alerts", "/obligations", "/late-log", f"/submissions/{NOBODY}")

    for path in paths:
        assert (await caller.get(path)).status_code == 401
    assert (await caller.post(f"/alerts/{NOBODY}/ack")).status_code == 401


# The house itself.


async def test_health_readiness_metrics_and_the_interface_need_no_token(house: OpenRoom) -> None:
    caller = await house.caller(None)
    root = "http://zb.example"

    assert (await caller.get(f"{root}/-/healthy")).status_code == 200
    ready = await caller.get(f"{root}/-/ready")
    assert {"is_ready", "is_clock_synchronised", "rulebook"} <= set(ready.json())
    metrics = (await caller.get(f"{root}/metrics")).text
    assert "jibao_inbox_waiting" in metrics
    assert "qingshi" not in metrics
    described = (await caller.get(f"{root}/openapi.json")).json()
    assert "/api/v1/submissions" in described["paths"]
    assert "/api/v1/alerts/{alert_id}/ack" in described["paths"]


async def test_a_revoked_token_is_refused(house: OpenRoom) -> None:
    from ledger import tokens

    token = house.token("unit:baisha")
    with house.room.book.writing.begin() as connection:
        tokens.revoke(connection, "unit:baisha", NIGHT)

    answer = await (await house.caller(None)).get(
        "/obligations", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 401


async def test_a_token_of_someone_who_left_the_county_opens_nothing(house: OpenRoom) -> None:
    token = house.token("person:gone")

    answer = await (await house.caller(None)).get(
        "/obligations", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 401


async def test_instants_are_written_as_beijing_writes_them(house: OpenRoom) -> None:
    await send(house, FIRE)

    (case,) = (await get(house, "/cases")).json()["cases"]

    assert case["opened_at"].startswith("2026-11-24T03:12:")
    assert case["opened_at"].endswith("+08:00")
    assert orjson.loads(orjson.dumps(case)) == case
    assert len(DutyBook(house.room.book, house.room.desk).rows(cases)) == 1
