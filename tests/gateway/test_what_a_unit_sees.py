"""Does a unit see its own, and only its own? 单位所见。"""

from datetime import timedelta

from tests.builders import FIRE, TOWNSHIP
from tests.gateway.front_office import (
    AT_DESK,
    CLERK,
    NEIGHBOUR,
    FrontOffice,
    a_report,
    an_alert,
    the_case,
)


def test_the_clerk_sees_what_the_unit_owes_and_how_long_is_left(office: FrontOffice) -> None:
    a_report(office, **FIRE, medium="phone")

    page = office.visitor(CLERK).read("/")

    assert "书面首报" in page
    assert "还有" in page
    assert FIRE["title"] in page


def test_the_clerk_sees_what_is_asked_back_and_where_to_answer(office: FrontOffice) -> None:
    a_report(office, **FIRE)

    page = office.visitor(CLERK).read("/")

    assert "首报缺死亡人数、受伤人数、失联人数" in page
    assert f"/report?stage=supplement&amp;case_id={the_case(office)}" in page


def test_a_unit_sees_only_its_own(office: FrontOffice) -> None:
    uid = a_report(office, **FIRE, medium="phone")
    case = the_case(office)
    office.pass_time(timedelta(hours=3))
    neighbour = office.visitor(NEIGHBOUR)

    assert neighbour.look(f"/receipts/{uid}").status_code == 404
    assert neighbour.look(f"/cases/{case}").status_code == 404
    assert FIRE["title"] not in neighbour.read("/")
    assert FIRE["title"] not in neighbour.read(f"/report?case_id={case}")
    assert FIRE["title"] not in neighbour.read(f"/late-log?unit={TOWNSHIP}")
    assert neighbour.look(f"/late-log.json?unit={TOWNSHIP}").json()["late_log"] == []
    assert len(office.visitor(CLERK).look("/late-log.json").json()["late_log"]) == 1


def test_a_unit_sees_its_case_without_the_desks_calls(office: FrontOffice) -> None:
    an_alert(office)
    case = the_case(office)

    theirs = office.visitor(CLERK).read(f"/cases/{case}")
    desks = office.visitor(AT_DESK).read(f"/cases/{case}")

    assert FIRE["title"] in theirs
    assert "呼叫情况" not in theirs
    assert "呼叫情况" in desks
    assert "为什么这样判" in desks


def test_the_letters_a_judgement_rests_on_are_marked_with_their_grounds(
    office: FrontOffice,
) -> None:
    uid = a_report(office, title="河东小学起火", body="造成3人死亡，无人受伤。", medium="phone")
    case = the_case(office)

    for address in (f"/receipts/{uid}", f"/cases/{case}"):
        page = office.visitor(CLERK).read(address)
        assert 'title="死亡3人' in page
        assert "学校、幼儿园、校车，不论等级须报" in page
        assert "初判为较大" in page
