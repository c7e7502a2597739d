"""Can the supervisor read, filter and take away the late log? 迟报台账页。"""

import csv
import io
from datetime import timedelta

import pytest

from gateway.tables import harmless
from tests.builders import FIRE, TOWNSHIP
from tests.gateway.front_office import SUPERVISOR, FrontOffice, a_report


def test_the_supervisor_reads_who_how_late_and_under_which_article(office: FrontOffice) -> None:
    a_report(office, **FIRE, medium="phone")
    office.pass_time(timedelta(minutes=61))
    office.pass_time(timedelta(minutes=40))

    page = office.visitor(SUPERVISOR).read("/late-log")

    assert "青石镇" in page
    assert "书面首报" in page
    assert "缺报" in page
    assert "未收到" in page
    assert "41 分钟" in page
    assert "突发事件信息报告工作的通知" in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 1),
        (f"?unit={TOWNSHIP}", 1),
        ("?unit=liulin", 0),
        ("?timeliness=overdue", 1),
        ("?timeliness=late", 0),
        ("?since=2026-11-24&until=2026-11-24", 1),
        ("?until=2026-11-23", 0),
        ("?since=nonsense&until=&timeliness=nonsense", 1),
    ],
)
def test_the_log_is_filtered_by_period_unit_and_timeliness(
    office: FrontOffice, asked: str, count: int
) -> None:
    a_report(office, **FIRE, medium="phone")
    office.pass_time(timedelta(minutes=61))

    found = office.visitor(SUPERVISOR).look(f"/late-log.json{asked}").json()["late_log"]

    assert len(found) == count


def test_a_drill_is_never_on_the_late_log(office: FrontOffice) -> None:
    a_report(office, **FIRE, medium="phone", is_drill="1")
    office.pass_time(timedelta(hours=5))

    rows = office.visitor(SUPERVISOR).look("/late-log.json").json()["late_log"]

    assert [row for row in rows if row["kind"] != "nil_report"] == []


def test_the_log_opens_in_excel_and_runs_no_formula(office: FrontOffice) -> None:
    a_report(office, title="=HYPERLINK(1)民房起火，1人死亡", medium="phone")
    office.pass_time(timedelta(minutes=61))

    answer = office.visitor(SUPERVISOR).look("/late-log.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    heading, row, *proof = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [line[0] for line in proof] == ["#导出时刻", "#链上环数", "#链尾散列", "#验证"]
    assert heading[:2] == ["单位", "应报事项"]
    assert row[:3] == ["青石镇", "书面首报", "'=HYPERLINK(1)民房起火，1人死亡"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_a_cell_that_could_be_a_formula_is_quoted(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("青石镇") == "青石镇"
