"""Are a unit's figures right, fair, and seen by whom they concern? 时效统计。"""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from gateway.tables import XLSX
from streams.answering import answer
from tests.builders import FIRE, HOUR, MINUTE, NIGHT, WALL, an_arrival
from tests.gateway.asking import get
from tests.gateway.front_office import CLERK, FrontOffice, a_report
from tests.gateway.front_office import SUPERVISOR as AT_PAGES
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import SUPERVISOR, OpenRoom
from vocabulary.lapse import LogAnswer
from vocabulary.terms import AnswerKind

TOLD = {
    "occurred_at": NIGHT - 50 * MINUTE,
    "known_at": NIGHT - 40 * MINUTE,
    "drafted_at": NIGHT - 25 * MINUTE,
    "approved_at": NIGHT - 4 * MINUTE,
}


def three_reports(house: OpenRoom) -> DutyBook:
    """One on time with all its moments told, one late, and a drill that is late too."""
    book = DutyBook(house.room.book, house.room.desk)
    book.take(an_arrival("on time", "qingshi", **FIRE, **TOLD))
    book.take(an_arrival("late", "qingshi", **WALL, known_at=NIGHT - 2 * HOUR))
    book.take(an_arrival("drill", "qingshi", **WALL, known_at=NIGHT - 3 * HOUR, is_drill=True))
    return book


async def of_unit(house: OpenRoom, unit: str = "qingshi", **query: str) -> dict[str, Any]:
    told = (await get(house, "/timeliness", SUPERVISOR, **query)).json()
    (found,) = (each for each in told["units"] if each["unit_id"] == unit)
    return dict(found)


async def test_a_unit_is_told_its_rate_and_how_long_each_stretch_took(house: OpenRoom) -> None:
    three_reports(house)

    found = await of_unit(house, period="2026-11")

    assert (found["on_time"], found["late"]) == (1, 1)
    assert found["on_time_rate"] == 0.5
    assert found["light"] == "red"
    stretches = {word: each["median_seconds"] for word, each in found["stretches"].items() if each}
    assert stretches == {"found": 600, "written": 900, "approved": 1260, "sent": 240}
    lights = {word: each["light"] for word, each in found["stretches"].items()}
    assert lights == {"found": "green", "written": "amber", "approved": "red", "sent": "green"}


async def test_a_waived_lapse_is_taken_off_the_rate(house: OpenRoom) -> None:
    book = three_reports(house)
    (row,) = book.late_log()
    book.do(
        answer,
        [LogAnswer(UUID(row["id"]), AnswerKind.WAIVER, None, "线路中断", SUPERVISOR, None, NIGHT)],
    )

    found = await of_unit(house, period="2026-Q4")

    assert (found["on_time_rate"], found["waived"], found["late"]) == (1, 1, 1)


async def test_another_period_has_nothing_and_no_rate(house: OpenRoom) -> None:
    three_reports(house)

    found = await of_unit(house, period="2026-10")

    assert (found["on_time_rate"], found["light"], found["late"]) == (None, None, 0)


async def test_a_unit_sees_itself_alone(house: OpenRoom) -> None:
    three_reports(house)

    told = (await get(house, "/timeliness", "unit:liulin", unit="qingshi")).json()

    assert [each["unit_id"] for each in told["units"]] == ["liulin"]


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-Q0", "nonsense"])
async def test_a_period_that_is_none_is_refused(house: OpenRoom, period: str) -> None:
    assert (await get(house, "/timeliness", SUPERVISOR, period=period)).status_code == 422


async def test_the_figures_are_taken_away_with_the_head_of_the_chain(house: OpenRoom) -> None:
    three_reports(house)
    caller = await house.caller(SUPERVISOR)

    table = await caller.get("/timeliness?unit=qingshi", headers={"Accept": "text/csv"})
    book = await caller.get("/timeliness?unit=qingshi", headers={"Accept": XLSX})

    heading, row, *proof = csv.reader(io.StringIO(table.content.decode("utf-8-sig")))
    told = dict(zip(heading, row, strict=True))
    assert (told["单位"], told["按时率"], told["评价"]) == ("青石镇", "0.5", "未达标")
    assert "#链尾散列" in [line[0] for line in proof]
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    cells = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert cells["发现中位用时"] == timedelta(minutes=10)
    assert cells["按时率"] == 0.5


def test_the_page_says_that_nothing_was_due(office: FrontOffice) -> None:
    assert "这一期没有到期的应报事项" in office.visitor(AT_PAGES).read("/timeliness?period=2025-01")


def test_the_page_shows_rate_and_counts_in_both_languages(office: FrontOffice) -> None:
    a_report(office, **FIRE, medium="phone")
    office.pass_time(timedelta(minutes=61))
    visitor = office.visitor(AT_PAGES)

    page = visitor.read("/timeliness")

    assert "青石镇" in page
    assert "未达标" in page
    assert "<meter" in page
    assert "Off target" in visitor.read("/timeliness?lang=en")
    assert "柳林镇" not in office.visitor(CLERK).read("/timeliness")
    assert visitor.look("/timeliness.xlsx").content.startswith(b"PK")
    assert visitor.look("/timeliness.csv").status_code == 200
