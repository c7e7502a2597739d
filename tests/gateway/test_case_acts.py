"""A person settles a case, by API and on its page: who may, with what reason? 处置案卷。"""

from typing import Any

import pytest

from ledger.schema import cases, offers, submissions
from tests.builders import FIRE, NEIGHBOUR, NIGHT, SECOND, TOWNSHIP, WALL, an_arrival
from tests.gateway.asking import DESK, get, post, send
from tests.gateway.front_office import AT_DESK, CLERK, SUPERVISOR, FrontOffice
from tests.streams.open_room import OpenRoom

REASON = {"reason": "经现场核实"}


async def a_case(house: OpenRoom, item: dict[str, Any] = FIRE, by: str = f"unit:{TOWNSHIP}") -> str:
    answer = await send(house, item, by)
    case_id: str = answer["case_id"]
    return case_id


# By API.


async def test_the_desk_grades_a_case_and_its_timeline_says_who_and_why(house: OpenRoom) -> None:
    case_id = await a_case(house)

    answer = await post(house, f"/cases/{case_id}/grade", REASON | {"severity": "major"})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["severity_provisional"], told["graded_by"]) == ("major", "feng-jianye")
    (act,) = (fact for fact in told["timeline"] if fact["kind"] == "case_regraded")
    assert (act["by"], act["reason"]) == ("feng-jianye", "经现场核实")


async def test_merged_and_split_again(house: OpenRoom) -> None:
    fire = await a_case(house)
    wall = await a_case(house, WALL, f"unit:{NEIGHBOUR}")

    merged = (await post(house, f"/cases/{wall}/merge", REASON | {"into": fire})).json()
    theirs = next(i for i in merged["submissions"] if i["unit_id"] == NEIGHBOUR)
    split = await post(
        house, f"/cases/{fire}/split", REASON | {"submissions": [theirs["submission_id"]]}
    )

    assert merged["case_id"] == fire
    assert (await get(house, f"/cases/{wall}", DESK)).json()["merged_into"] == fire
    assert split.json()["title"] == WALL["title"]


async def test_a_false_alarm_is_taken_back(house: OpenRoom) -> None:
    case_id = await a_case(house)

    closed = (await post(house, f"/cases/{case_id}/false-alarm", REASON)).json()
    again = (await post(house, f"/cases/{case_id}/reopen", REASON)).json()

    assert (closed["closing"], again["closing"]) == ("false_alarm", None)


async def test_a_case_with_an_alert_in_nobodys_hand_is_not_closed(house: OpenRoom) -> None:
    case_id = await a_case(house)

    answer = await post(house, f"/cases/{case_id}/close", REASON)

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert "签收" in answer.json()["detail"]


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "核实\0"}])
async def test_no_act_without_a_reason(house: OpenRoom, said: dict[str, Any]) -> None:
    case_id = await a_case(house)

    answer = await post(house, f"/cases/{case_id}/false-alarm", said)

    assert answer.status_code == 422
    assert (await get(house, f"/cases/{case_id}", DESK)).json()["closed_at"] is None


async def test_a_unit_settles_no_case_of_its_own(house: OpenRoom) -> None:
    case_id = await a_case(house)

    answer = await post(house, f"/cases/{case_id}/false-alarm", REASON, f"unit:{TOWNSHIP}")

    assert answer.status_code == 403


async def test_a_unit_that_reported_to_a_case_sees_it_and_its_own_items_in_it(
    house: OpenRoom,
) -> None:
    fire = await a_case(house)
    wall = await a_case(house, WALL, f"unit:{NEIGHBOUR}")
    await post(house, f"/cases/{wall}/merge", REASON | {"into": fire})

    seen = (await get(house, f"/cases/{fire}", f"unit:{NEIGHBOUR}")).json()

    assert {item["unit_id"] for item in seen["submissions"]} == {NEIGHBOUR}
    assert {owed["owed_by"] for owed in seen["obligations"]} == {NEIGHBOUR}
    assert seen["timeline"] == []


# On the page.


def test_the_page_offers_what_may_be_one_incident_and_takes_a_persons_word(
    office: FrontOffice,
) -> None:
    office.room.absorb(an_arrival(**FIRE))
    warehouse = {"title": "江边仓库起火", "body": "江边一仓库3时05分起火，正在扑救。"}
    office.room.absorb(an_arrival("2", NEIGHBOUR, at=NIGHT + SECOND, **warehouse))
    first = office.room.rows(cases)[0]["uid"]
    desk = office.visitor(AT_DESK)

    page = desk.read(f"/cases/{first}")
    asked = {"offer": str(office.room.row(offers)["uid"]), "reason": "同一起火"}
    answer = desk.send(page, f"/cases/{first}/acts/confirm", **asked)

    assert "请确认：是否同一事件" in page
    assert answer.headers["location"] == f"/cases/{first}"
    assert len({row["case_id"] for row in office.room.rows(submissions)}) == 1
    assert "同一起火" in desk.look(f"/cases/{first}").text


def test_the_supervisor_may_settle_and_a_clerk_may_not(office: FrontOffice) -> None:
    office.room.absorb(an_arrival(**FIRE))
    case = office.room.row(cases)["uid"]
    clerk, supervisor = office.visitor(CLERK), office.visitor(SUPERVISOR)

    assert "处置案卷" not in clerk.look(f"/cases/{case}").text
    page = supervisor.read(f"/cases/{case}")
    supervisor.send(page, f"/cases/{case}/acts/false-alarm", reason="误触报警器")

    assert office.room.row(cases)["closing"] == "false_alarm"
    assert "误触报警器" in supervisor.look(f"/cases/{case}").text


def test_a_form_without_a_reason_changes_nothing_and_says_so(office: FrontOffice) -> None:
    office.room.absorb(an_arrival(**FIRE))
    case = office.room.row(cases)["uid"]
    desk = office.visitor(AT_DESK)

    answer = desk.send(desk.read(f"/cases/{case}"), f"/cases/{case}/acts/close", reason=" ")

    assert answer.status_code == 422
    assert "请写明理由" in answer.text


def test_what_cannot_be_done_is_said_in_a_sentence(office: FrontOffice) -> None:
    office.room.absorb(an_arrival(**FIRE))
    case = office.room.row(cases)["uid"]
    desk = office.visitor(AT_DESK)

    answer = desk.send(desk.read(f"/cases/{case}"), f"/cases/{case}/acts/close", reason="办完了")

    assert answer.status_code == 409
    assert "请先签收再办结" in answer.text
