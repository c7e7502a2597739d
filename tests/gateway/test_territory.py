"""The unit of the place is asked on its page, and a person takes it back. 属地核实页面与接口。"""

from tests.builders import MINUTE, TOWNSHIP
from tests.gateway.asking import DESK, get, post, send
from tests.gateway.front_office import AT_DESK, CLERK, NEIGHBOUR, FrontOffice, the_case
from tests.streams.open_room import OpenRoom
from tests.streams.told_first import HOUSE_FIRE, POLICE, TERRITORY, asked, told_by_another

QUESTION = "请核实：辖区内疑有“大湾村民房起火”，本单位尚未报告"


def a_question(office: FrontOffice) -> str:
    office.room.take(told_by_another())
    return the_case(office)


def test_the_unit_is_asked_on_its_own_page_and_answers_from_there(office: FrontOffice) -> None:
    case = a_question(office)
    clerk = office.visitor(CLERK)
    link = f"/report?stage=first&amp;case_id={case}"

    page = clerk.read("/")
    form = clerk.read(link.replace("&amp;", "&"))
    answer = clerk.send(form, "/report", **HOUSE_FIRE)

    assert QUESTION in page
    assert link in page
    assert "公安" not in page
    assert HOUSE_FIRE["title"] in form, "it may know what it is asked about"
    assert answer.status_code == 303
    assert asked(office.room)[0]["fulfilment"] == "met"
    assert QUESTION not in clerk.read("/")


def test_another_unit_is_not_asked_and_does_not_see_it(office: FrontOffice) -> None:
    case = a_question(office)
    neighbour = office.visitor(NEIGHBOUR)

    assert "大湾村" not in neighbour.read("/")
    assert "大湾村" not in neighbour.read(f"/report?stage=first&case_id={case}")


def test_the_board_and_the_case_show_it_as_a_question(office: FrontOffice) -> None:
    case = a_question(office)
    officer = office.visitor(AT_DESK)

    board, page = officer.read("/board"), officer.read(f"/cases/{case}")

    assert "属地核实" in board
    assert "是否漏报由人认定" in page
    assert "按收到时刻推定" in page


def test_a_notice_stands_in_the_cases_story_with_whom_it_told_of_what(office: FrontOffice) -> None:
    case = a_question(office)
    office.pass_time(2 * MINUTE)

    page = office.visitor(AT_DESK).read(f"/cases/{case}")

    assert "report_noticed" not in page
    assert '发出报送提示</span>\n <span class="muted">青石镇 属地核实' in page


def test_the_desk_takes_it_back_on_the_cases_page(office: FrontOffice) -> None:
    case = a_question(office)
    officer = office.visitor(AT_DESK)
    address = f"/cases/{case}/acts/waive"

    without = officer.send(officer.read(f"/cases/{case}"), address)
    answer = officer.send(officer.read(f"/cases/{case}"), address, reason="在邻县境内")
    page = officer.read(f"/cases/{case}")

    assert without.status_code == 422
    assert answer.status_code == 303
    assert "免予核实" in page
    assert "在邻县境内" in page
    assert asked(office.room)[0]["fulfilment"] == "waived"
    office.pass_time(90 * MINUTE)
    assert TERRITORY not in [entry["kind"] for entry in office.room.late_log()]


async def test_by_api_the_desk_takes_it_back_and_a_clerk_does_not(house: OpenRoom) -> None:
    case = (await send(house, HOUSE_FIRE, f"unit:{POLICE}"))["case_id"]
    owed = (await get(house, "/obligations", kind="territory_report")).json()["obligations"][0]
    path, reason = f"/obligations/{owed['obligation_id']}/waive", {"reason": "在邻县境内"}

    refused = await post(house, path, reason, f"unit:{TOWNSHIP}")
    told = (await post(house, path, reason)).json()
    again = await post(house, path, reason)

    assert (owed["owed_by"], owed["is_assumed"], owed["case_id"]) == (TOWNSHIP, True, case)
    assert refused.status_code == 403
    (fact,) = (each for each in told["timeline"] if each["kind"] == "obligation_waived")
    assert (fact["unit"], fact["by"], fact["reason"]) == (TOWNSHIP, DESK[7:], "在邻县境内")
    assert again.status_code == 409


async def test_what_the_rules_demand_is_not_waived(house: OpenRoom) -> None:
    await send(house, HOUSE_FIRE, f"unit:{TOWNSHIP}")
    owed = (await get(house, "/obligations", kind="follow_up_report")).json()["obligations"][0]

    answer = await post(house, f"/obligations/{owed['obligation_id']}/waive", {"reason": "忙"})

    assert answer.status_code == 409
