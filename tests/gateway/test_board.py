"""Does the board show what burns, and let one tap take it in hand? 值班看板。"""

import asyncio
from datetime import timedelta

import pytest

from gateway.house import Board
from gateway.pages_board import changes, together
from ledger.schema import alerts, obligations
from tests.builders import (
    BLAST,
    FIRE,
    ITS_OFFICER,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    RUMOUR,
    TOWNSHIP,
    WALL,
    a_county_of_two_desks,
    an_arrival,
)
from tests.gateway.front_office import (
    AT_DESK,
    FrontOffice,
    a_report,
    an_alert,
    the_case,
)
from vocabulary.terms import Duty


def test_an_empty_board_says_that_all_is_quiet(office: FrontOffice) -> None:
    page = office.visitor(AT_DESK).read("/board")

    assert "没有待签收的警报" in page
    assert "没有待过目的信息" in page


def test_the_board_shows_what_burns_and_who_was_called(office: FrontOffice) -> None:
    an_alert(office)
    a_report(office, **RUMOUR)

    page = office.visitor(AT_DESK).read("/board/part")

    assert "冯建业" in page
    assert "等级待定" in page
    assert "已过目</button>" in page
    assert "签收</button>" in page
    assert "<html" not in page


def test_one_tap_on_the_board_acknowledges_and_another_takes_it_back(office: FrontOffice) -> None:
    uid = an_alert(office)
    desk = office.visitor(AT_DESK)

    desk.send(desk.read("/board"), f"/board/acknowledge/{uid}")
    taken = office.room.row(alerts)
    office.now += MINUTE
    desk.send(desk.read("/board"), f"/board/take-back/{uid}")

    assert taken["acknowledged_by"] == OFFICER
    assert office.room.row(alerts)["acknowledged_at"] is None


def test_a_desk_sees_its_own_alerts_and_those_of_the_desks_below(
    office: FrontOffice,
) -> None:
    office = FrontOffice(office.book, county=a_county_of_two_desks())
    office.room.absorb(an_arrival("ours", TOWNSHIP))
    office.room.absorb(an_arrival("theirs", NEIGHBOUR))
    ours, theirs = (f"/board/acknowledge/{row['uid']}" for row in office.room.rows(alerts))

    at_the_county = office.visitor(AT_DESK).read("/board/part")
    at_the_lower = office.visitor(f"person:{ITS_OFFICER}").read("/board/part")

    assert [address in at_the_county for address in (ours, theirs)] == [True, True]
    assert [address in at_the_lower for address in (ours, theirs)] == [False, True]


def test_what_nobody_answered_in_time_stands_first_and_drills_last(office: FrontOffice) -> None:
    a_report(office)
    office.pass_time(timedelta(minutes=10))
    a_report(office, **WALL)
    a_report(office, **FIRE, is_drill="1")

    page = office.visitor(AT_DESK).read("/board/part")
    places = [page.index(f"/board/acknowledge/{row['uid']}") for row in office.room.rows(alerts)]

    assert places == sorted(places)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"is_muted": True}, "已静音"),
        ({"is_clock_synchronised": False}, "本机时钟未校准"),
        ({"is_ready": False}, "系统未就绪"),
    ],
)
def test_the_board_says_what_is_wrong_with_the_machine(
    office: FrontOffice, wrong: dict[str, bool], sentence: str
) -> None:
    desk = office.visitor(AT_DESK)
    assert sentence not in desk.read("/board")

    office.health |= wrong

    assert sentence in desk.read("/board")


def test_many_units_owing_the_same_at_one_instant_are_one_row(office: FrontOffice) -> None:
    office.pass_time(timedelta(days=1))
    office.pass_time(timedelta(hours=14))
    rows = [
        row
        for row in office.room.rows(obligations, duty="nil_report")
        if row["due_at"] < office.now + timedelta(hours=12)
    ]

    (gathered,) = {len(row["units"]) for row in together(rows)}

    assert gathered == len(office.house.county.reporting_units)


async def test_an_open_board_is_told_of_each_change_and_hears_a_heartbeat() -> None:
    board = Board()
    stream = changes(board, lambda: NIGHT, heartbeat_seconds=0.01)

    hello = await anext(stream)
    heartbeat = await anext(stream)
    board.change()
    changed = await anext(stream)

    assert b"event: clock" in hello
    assert heartbeat.startswith(b": ")
    assert changed.startswith(b"event: change")
    await stream.aclose()  # type: ignore[attr-defined]


async def test_a_board_that_is_slow_misses_no_change() -> None:
    board = Board()
    stream = changes(board, lambda: NIGHT, heartbeat_seconds=5)
    await anext(stream)
    board.change()
    await anext(stream)

    board.change()  # while the stream still rests between two changes
    again = await asyncio.wait_for(anext(stream), 5)

    assert again.startswith(b"event: change")
    await stream.aclose()  # type: ignore[attr-defined]


async def test_the_stream_ends_after_a_while_so_that_the_browser_proves_itself_again() -> None:
    told = [each async for each in changes(Board(), lambda: NIGHT, stream_seconds=0)]

    assert len(told) == 1


def test_the_officer_sees_what_is_owed_upward_and_records_it(office: FrontOffice) -> None:
    a_report(office, **BLAST)
    case = the_case(office)
    officer = office.visitor(AT_DESK)
    assert "市政府总值班室" in officer.read("/board")

    page = officer.read(f"/cases/{case}").partition('value="市政府总值班室"')
    csrf = page[0].rpartition('name="csrf" value="')[2].partition('"')[0]
    address = f"/cases/{case}/upward"
    answer = officer.browser.post(address, data={"csrf": csrf, "owed_to": "市政府总值班室"})

    assert answer.status_code == 303
    assert office.room.owed(Duty.UPWARD_REPORT, owed_to="市政府总值班室")["fulfilment"] == "met"
    assert 'value="市政府总值班室"' not in officer.read(f"/cases/{case}")


def test_nobody_is_reported_to_who_is_not_in_the_rulebook(office: FrontOffice) -> None:
    a_report(office, **BLAST)
    case = the_case(office)
    officer = office.visitor(AT_DESK)
    page = officer.read(f"/cases/{case}")
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]

    answer = officer.browser.post(f"/cases/{case}/upward", data={"csrf": csrf, "owed_to": "某处"})

    assert answer.status_code == 404
