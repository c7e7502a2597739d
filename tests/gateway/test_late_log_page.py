"""Can the supervisor read, filter and take away the late log? 迟报台账页。"""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from gateway.tables import TakenAway, as_csv, as_xlsx, harmless
from tests.builders import FIRE, TOWNSHIP
from tests.gateway.front_office import CLERK, SUPERVISOR, FrontOffice, a_report, the_case


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


def test_what_was_waived_for_a_false_alarm_is_said_so_and_held_against_nobody(
    office: FrontOffice,
) -> None:
    item = a_report(office, **FIRE, medium="phone")
    office.pass_time(timedelta(minutes=101))
    case, visitor = f"/cases/{the_case(office)}", office.visitor(SUPERVISOR)
    visitor.send(visitor.read(case), f"{case}/acts/false-alarm", reason="误触报警器")

    told = (visitor.read(case), office.visitor(CLERK).read(case))
    receipt = office.visitor(CLERK).read(f"/receipts/{item}")
    page = visitor.read("/late-log")
    table = visitor.look("/late-log.csv").text.removeprefix("\ufeff")
    heading, row, *_ = csv.reader(io.StringIO(table))

    for each in (*told, receipt):
        assert "免报" in each
        assert "未到期" not in each
        assert "缺报" not in each
        assert each.count(" 已报") == 1  # the call itself
    assert "免报" in page
    assert "不计" in page
    assert "疑似漏报" not in page
    cells = dict(zip(heading, row, strict=True))
    assert (cells["履行"], cells["定性"]) == ("免报", "不计")


def test_a_cell_longer_than_excel_takes_says_at_its_end_that_it_was_cut() -> None:
    longest, longer = "长" * 32_767, "长" * 32_768
    table = TakenAway("x", "台账", ["说明"], [[longest], [longer]], [])

    sheet = load_workbook(io.BytesIO(as_xlsx(table))).worksheets[0]

    assert sheet["A2"].value == longest
    assert len(sheet["A3"].value) == 32_767
    assert sheet["A3"].value.startswith("长" * 32_000)
    assert sheet["A3"].value.endswith("以下从略，全文见 CSV）")
    assert longer in as_csv(table)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_a_cell_that_could_be_a_formula_is_quoted(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("青石镇") == "青石镇"
