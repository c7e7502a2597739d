"""An item from the log in a unit's name, and nobody can say that it is the unit's. 来源未核实。"""

from dataclasses import replace

import pytest

from tests.builders import an_arrival
from tests.gateway.front_office import AT_DESK, CLERK, FrontOffice, the_case
from tests.streams.log_records import a_record, absorbed
from tests.streams.open_room import OpenRoom
from vocabulary.arrival import Arrival

MARK = "来源未核实"


def of_a_stranger() -> Arrival:
    return replace(an_arrival(), is_proven=False, is_from_log=True)


def test_the_board_the_case_and_the_receipt_say_so(office: FrontOffice) -> None:
    office.room.take(of_a_stranger())
    desk = office.visitor(AT_DESK)

    assert MARK in desk.read("/board")
    assert f">{MARK}<" in desk.read(f"/cases/{the_case(office)}")
    assert f">{MARK}<" in desk.read(f"/receipts/{of_a_stranger().uid}")


def test_the_unit_sees_what_was_sent_in_its_name(office: FrontOffice) -> None:
    office.room.take(of_a_stranger())

    assert f">{MARK}<" in office.visitor(CLERK).read(f"/receipts/{of_a_stranger().uid}")


def test_of_a_proven_item_no_page_says_so(office: FrontOffice) -> None:
    office.room.take(an_arrival())
    desk = office.visitor(AT_DESK)

    for address in ("/board", f"/cases/{the_case(office)}", f"/receipts/{an_arrival().uid}"):
        assert MARK not in desk.read(address)


def test_the_board_says_why_an_item_was_set_aside(office: FrontOffice) -> None:
    absorbed(office.room, a_record(b"garbage"))

    page = office.visitor(AT_DESK).read("/board")
    assert "有一件报送无法接收，已隔离（来源不明）" in page
    assert "原因：不是有效的 JSON（UTF-8）" in page


@pytest.mark.parametrize("is_proven", [True, False], ids=["proven", "unproven"])
async def test_the_interface_tells_it_of_each_item(house: OpenRoom, *, is_proven: bool) -> None:
    arrival = replace(an_arrival(), is_proven=is_proven)
    await house.room._submit(arrival)
    desk = await house.caller("person:feng-jianye")

    item = (await desk.get(f"/submissions/{arrival.uid}")).json()
    case = (await desk.get(f"/cases/{item['case_id']}")).json()

    assert item["is_proven"] is is_proven
    assert [each["is_proven"] for each in case["submissions"]] == [is_proven]
