"""Who may rebut, find and waive, and does it stand on the log, signed? 申辩、认定、撤销。"""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from gateway.tables import XLSX
from ledger.late_log_schema import answers
from ledger.schema import late_log as log_table
from tests.builders import FIRE, NIGHT
from tests.gateway.asking import DESK, NOBODY, get
from tests.gateway.test_api_clocks import log, two_late_reports
from tests.streams.open_room import SUPERVISOR, OpenRoom, eventually

RULES = [("finding", {"lapse": "late", "reason": "无正当理由"}), ("waiver", {"reason": "线路中断"})]


async def the_row(house: OpenRoom, unit: str = "qingshi") -> dict[str, Any]:
    if not await log(house):
        two_late_reports(house)
    return next(row for row in await log(house) if row["unit_id"] == unit)


async def say(house: OpenRoom, row_id: str, kind: str, by: str, **body: Any) -> Any:
    return await (await house.caller(by)).post(f"/late-log/{row_id}/{kind}", json=body)


async def test_a_unit_rebuts_and_the_row_shows_who_said_what_and_when(house: OpenRoom) -> None:
    row = await the_row(house)
    assert (row["standing"], row["lapse"], row["answers"]) == ("suspected", "late", [])

    made = await say(house, row["id"], "rebuttal", "unit:qingshi", reason="  停电，已电话报告。 ")

    assert made.status_code == 200
    assert made.json()["said_by"] == "unit:qingshi"
    (said,) = (await the_row(house))["answers"]
    assert (said["kind"], said["reason"]) == ("rebuttal", "停电，已电话报告。")
    assert datetime.fromisoformat(said["at"]) >= NIGHT
    assert (await the_row(house))["standing"] == "suspected"


async def test_a_supervisor_finds_and_may_waive_after_and_both_stay(house: OpenRoom) -> None:
    row = await the_row(house)
    await say(house, row["id"], "finding", SUPERVISOR, lapse="concealed", reason="隐瞒伤亡")
    assert (await the_row(house))["standing"] == "found"
    assert (await the_row(house))["lapse"] == "concealed"

    await say(house, row["id"], "waiver", SUPERVISOR, reason="复核后撤销")

    row = await the_row(house)
    assert (row["standing"], row["lapse"]) == ("waived", None)
    assert [each["kind"] for each in row["answers"]] == ["finding", "waiver"]
    assert row["fulfilment"] == "met"


@pytest.mark.parametrize(("kind", "body"), RULES)
@pytest.mark.parametrize("who", ["unit:qingshi", "person:wang-dashan", DESK])
async def test_nobody_but_a_supervisor_finds_or_waives(
    house: OpenRoom, kind: str, body: dict[str, str], who: str
) -> None:
    row = await the_row(house)

    assert (await say(house, row["id"], kind, who, **body)).status_code == 403
    assert (await the_row(house))["answers"] == []


@pytest.mark.parametrize("who", ["unit:liulin", DESK, SUPERVISOR])
async def test_nobody_rebuts_for_another_unit(house: OpenRoom, who: str) -> None:
    row = await the_row(house)

    refused = await say(house, row["id"], "rebuttal", who, reason="代为说明")

    assert refused.status_code == 404
    assert (await the_row(house))["answers"] == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("rebuttal", {}),
        ("rebuttal", {"reason": "   "}),
        ("rebuttal", {"reason": "长" * 2_001}),
        ("rebuttal", {"reason": "零\0字"}),
        ("rebuttal", {"reason": "有", "lapse": "late"}),
        ("finding", {"reason": "没有说是哪一种"}),
        ("finding", {"reason": "有", "lapse": "nonsense"}),
    ],
)
async def test_an_answer_that_wants_something_is_told_what(
    house: OpenRoom, kind: str, body: dict[str, str]
) -> None:
    row = await the_row(house)
    who = "unit:qingshi" if kind == "rebuttal" else SUPERVISOR

    refused = await say(house, row["id"], kind, who, **body)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["sentence"]


async def test_a_row_that_is_not_there_cannot_be_answered(house: OpenRoom) -> None:
    for kind, body in RULES:
        assert (await say(house, NOBODY, kind, SUPERVISOR, **body)).status_code == 404
    assert (await get(house, f"/late-log/{NOBODY}", SUPERVISOR)).status_code == 404


async def test_a_unit_reads_its_own_row_and_no_other(house: OpenRoom) -> None:
    row = await the_row(house)

    assert (await get(house, f"/late-log/{row['id']}", "unit:qingshi")).json()["id"] == row["id"]
    assert (await get(house, f"/late-log/{row['id']}", "unit:liulin")).status_code == 404


async def test_the_log_is_narrowed_by_standing_kind_severity_and_found_lapse(
    house: OpenRoom,
) -> None:
    row = await the_row(house)
    await say(house, row["id"], "finding", SUPERVISOR, lapse="falsified", reason="情况不实")

    assert [each["id"] for each in await log(house, standing="found")] == [row["id"]]
    assert [each["id"] for each in await log(house, lapse="falsified")] == [row["id"]]
    assert len(await log(house, standing="suspected")) == 1
    assert await log(house, standing="waived") == []
    assert await log(house, standing="none") == []
    assert len(await log(house, lapse="late")) == 2
    assert len(await log(house, kind="written_first_report")) == 2
    assert await log(house, kind="nil_report") == []
    assert await log(house, severity="extreme") == []
    refused = await get(house, "/late-log", SUPERVISOR, standing="nonsense")
    assert refused.status_code == 422


async def test_a_row_has_its_evidence(house: OpenRoom) -> None:
    row = await the_row(house)

    assert row["report"]["title"] == FIRE["title"]
    assert datetime.fromisoformat(row["known_at"]) == NIGHT - timedelta(minutes=70)
    assert datetime.fromisoformat(row["received_at"]) == NIGHT
    assert row["stretches"] == {"found": None, "written": None, "approved": None, "sent": None}
    assert row["source"]


async def test_rows_are_chained_while_the_room_is_open_and_the_export_prints_the_head(
    house: OpenRoom,
) -> None:
    row = await the_row(house)
    await say(house, row["id"], "rebuttal", "unit:qingshi", reason="说明")
    count = 3

    def is_chained() -> bool:
        with house.room.book.read() as connection:
            return len(connection.exec_driver_sql("SELECT 1 FROM late_log_chain").all()) == count

    await eventually(is_chained, "both entries and the answer are chained")
    answer = (await get(house, "/late-log", SUPERVISOR)).json()
    caller = await house.caller(SUPERVISOR)
    table = (await caller.get("/late-log", headers={"Accept": "text/csv"})).text
    *_, head, how = csv.reader(io.StringIO(table))

    assert answer["chain"]["count"] == count
    assert len(answer["chain"]["head"]) == 64
    assert head == ["#链尾散列", answer["chain"]["head"]]
    assert how[1] == f"jibao log verify --head {head[1]}"
    assert {each["link"] for each in answer["late_log"]} == {1, 2}


async def test_the_log_as_a_workbook_has_real_dates_and_no_formula(house: OpenRoom) -> None:
    row = await the_row(house)
    words = '=HYPERLINK("http://x","点")'
    await say(house, row["id"], "rebuttal", "unit:qingshi", reason=words)
    caller = await house.caller(SUPERVISOR)

    answer = await caller.get("/late-log", headers={"Accept": XLSX})

    assert answer.headers["content-type"] == XLSX
    book = load_workbook(io.BytesIO(answer.content))
    sheet, proof = book.worksheets
    headings = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "B2"
    rows = [dict(zip(headings, cells, strict=True)) for cells in sheet.iter_rows(min_row=2)]
    theirs = next(each for each in rows if each["单位"].value == "青石镇")
    assert theirs["收到时刻"].value == NIGHT.replace(tzinfo=None, microsecond=0)
    assert theirs["收到时刻"].is_date
    assert theirs["超时"].value == timedelta(seconds=600)
    assert theirs["定性"].value == "疑似迟报"
    assert words in theirs["申辩与认定"].value
    assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)
    assert {cells[0].value for cells in proof.iter_rows()} >= {"链尾散列", "链上环数"}


def count_of(house: OpenRoom, table: Any) -> int:
    with house.room.book.read() as connection:
        return len(connection.execute(table.select()).all())


async def test_the_same_answer_sent_twice_is_one(house: OpenRoom) -> None:
    row = await the_row(house)

    first = await say(house, row["id"], "rebuttal", "unit:qingshi", reason="停电")
    again = await say(house, row["id"], "rebuttal", "unit:qingshi", reason="停电")

    assert first.json() == again.json()
    assert count_of(house, answers) == 1
    assert count_of(house, log_table) == 2
