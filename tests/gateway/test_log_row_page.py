"""Can a unit answer and a supervisor rule on a page, with scripts off? 台账一条页。"""

import re
from datetime import timedelta

from tests.builders import FIRE
from tests.gateway.front_office import AT_DESK, CLERK, NEIGHBOUR, SUPERVISOR, FrontOffice, a_report


def a_row(office: FrontOffice) -> str:
    """The address of the row that an overdue report leaves."""
    a_report(office, **FIRE, medium="phone")
    office.pass_time(timedelta(minutes=61))
    page = office.visitor(SUPERVISOR).read("/late-log")
    (address,) = re.findall(r'href="(/late-log/[0-9a-f-]{36})"', page)
    return str(address)


def test_a_unit_rebuts_on_its_page_and_the_supervisor_reads_it(office: FrontOffice) -> None:
    address = a_row(office)
    clerk = office.visitor(CLERK)

    sent = clerk.send(
        clerk.read(address), f"{address}/rebuttal", reason="镇区<b>停电</b>，已电话报告"
    )

    assert (sent.status_code, sent.headers["location"]) == (303, address)
    page = office.visitor(SUPERVISOR).read(address)
    assert "镇区&lt;b&gt;停电&lt;/b&gt;，已电话报告" in page
    assert "申辩" in page
    assert "疑似" in page


def test_the_page_shows_in_whose_hands_the_time_went(office: FrontOffice) -> None:
    page = office.visitor(SUPERVISOR).read(a_row(office))

    assert "各环节用时" in page
    assert "1 小时" in page
    assert "超时环节" in page
    assert "不作责任认定" in page


def test_a_supervisor_finds_and_waives_on_the_page(office: FrontOffice) -> None:
    address = a_row(office)
    visitor = office.visitor(SUPERVISOR)

    page = visitor.read(address)
    visitor.send(page, f"{address}/finding", lapse="omitted", reason="未按规定报送")
    assert "认定漏报" in visitor.read(address)
    visitor.send(page, f"{address}/waiver", reason="复核后撤销")

    page = visitor.read(address)
    assert "已撤销" in page
    assert "未按规定报送" in page


def test_each_post_sees_only_the_forms_it_may_send(office: FrontOffice) -> None:
    address = a_row(office)
    forms = {
        who: set(re.findall(rf'action="{address}/(\w+)"', office.visitor(who).read(address)))
        for who in (CLERK, SUPERVISOR, AT_DESK)
    }

    assert forms == {CLERK: {"rebuttal"}, SUPERVISOR: {"finding", "waiver"}, AT_DESK: set()}
    assert office.visitor(NEIGHBOUR).look(address).status_code == 404


def test_a_form_without_proof_or_by_the_wrong_post_is_refused(office: FrontOffice) -> None:
    address = a_row(office)
    clerk = office.visitor(CLERK)
    clerk.read(address)

    unproven = clerk.browser.post(f"{address}/rebuttal", data={"reason": "停电"})
    ruled = clerk.browser.post(f"{address}/finding", data={"reason": "x", "lapse": "late"})

    assert (unproven.status_code, ruled.status_code) == (403, 403)
    assert office.room.late_log()[0]["answers"] == []


def test_an_empty_reason_is_told_what_is_wanting(office: FrontOffice) -> None:
    address = a_row(office)
    clerk = office.visitor(CLERK)

    answer = clerk.send(clerk.read(address), f"{address}/rebuttal", reason="  ")

    assert answer.status_code == 422
    assert "请写明理由" in answer.text


def test_the_page_shows_the_notices_and_when_each_arrived(office: FrontOffice) -> None:
    page = office.visitor(SUPERVISOR).read(a_row(office))

    assert "提示" in page
    assert "李春嵋" in page
    assert "各段用时" in page


def test_the_row_can_be_read_in_english(office: FrontOffice) -> None:
    page = office.visitor(SUPERVISOR).read(a_row(office) + "?lang=en")

    assert "Waiver" in page
    assert "Suspected: Late" in page


def test_the_log_is_filtered_by_standing_and_taken_away_for_excel(office: FrontOffice) -> None:
    a_row(office)
    visitor = office.visitor(SUPERVISOR)

    assert "这段时间没有" in visitor.read("/late-log?standing=found")
    answer = visitor.look("/late-log.xlsx?kind=written_first_report")
    assert answer.content.startswith(b"PK")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
