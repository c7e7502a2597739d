"""Does each unit's emergency go to its own desk, and to no other? 多值班室。"""

from uuid import UUID

import pytest

from ledger.schema import alerts, obligations
from tests.builders import (
    DESK,
    FIRE,
    HOUR,
    ITS_OFFICER,
    LEADER,
    LOWER_DESK,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    RUMOUR,
    TOWNSHIP,
    a_call,
    a_county_of_two_desks,
    a_desk,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.terms import Duty

COUNTY = a_county_of_two_desks()


@pytest.fixture
def room(room: DutyBook) -> DutyBook:
    """The book, where the neighbour reports to a desk of its own."""
    room.desk = a_desk(county=COUNTY)
    room.__post_init__()
    return room


def the_alert(room: DutyBook) -> UUID:
    uid = room.row(alerts)["uid"]
    assert isinstance(uid, UUID)
    return uid


def test_a_page_goes_to_the_officer_and_the_room_of_the_units_desk(room: DutyBook) -> None:
    room.absorb(an_arrival(unit_id=NEIGHBOUR))

    assert [s.recipient for s in room.sendings] == [ITS_OFFICER, f"room:{LOWER_DESK}.wecom_room"]
    assert room.owed(Duty.ACKNOWLEDGEMENT)["owed_by"] == LOWER_DESK


def test_all_other_units_still_report_to_the_countys_desk(room: DutyBook) -> None:
    room.absorb(an_arrival(unit_id=TOWNSHIP))

    assert room.called() == [OFFICER]
    assert room.owed(Duty.ACKNOWLEDGEMENT)["owed_by"] == DESK


def test_the_ladder_climbs_to_the_desk_above_where_the_lower_one_has_nobody(room: DutyBook) -> None:
    room.absorb(an_arrival(unit_id=NEIGHBOUR))
    due_at = room.owed(Duty.ACKNOWLEDGEMENT)["due_at"]

    room.fire(just_after(due_at))

    assert LEADER in room.called()
    assert OFFICER not in room.called()


def test_a_look_that_nobody_took_turns_into_a_page_of_that_desk(room: DutyBook) -> None:
    room.absorb(an_arrival(unit_id=NEIGHBOUR, **RUMOUR))
    owed = room.owed(Duty.LOOK)

    room.fire(just_after(owed["next_at"]))

    assert owed["owed_by"] == LOWER_DESK
    assert room.owed(Duty.ACKNOWLEDGEMENT)["owed_by"] == LOWER_DESK
    assert ITS_OFFICER in room.called()


def test_each_desk_is_told_of_its_own_units_only(room: DutyBook) -> None:
    room.live(NIGHT - HOUR)
    for unit_id in (TOWNSHIP, NEIGHBOUR):
        room.absorb(a_call(f"call of {unit_id}", **(FIRE | {"on_behalf_of": unit_id})))
    written = room.rows(obligations, duty=Duty.WRITTEN_FIRST_REPORT.value)
    due_at = max(row["due_at"] for row in written)

    room.fire(just_after(due_at))

    told = {s.recipient: s.body for s in room.sendings if s.recipient in (OFFICER, ITS_OFFICER)}
    township, neighbour = (COUNTY.units[unit_id].name for unit_id in (TOWNSHIP, NEIGHBOUR))
    assert township in told[OFFICER]
    assert neighbour not in told[OFFICER]
    assert neighbour in told[ITS_OFFICER]
    assert township not in told[ITS_OFFICER]


def test_nobody_of_another_desk_takes_its_alert_in_hand(room: DutyBook) -> None:
    room.absorb(an_arrival(unit_id=TOWNSHIP))

    standing = room.acknowledge(the_alert(room), ITS_OFFICER, NIGHT + MINUTE)

    assert standing is None
    assert room.row(alerts)["acknowledged_at"] is None


@pytest.mark.parametrize("person", [ITS_OFFICER, OFFICER])
def test_its_own_desk_and_the_one_above_do(room: DutyBook, person: str) -> None:
    room.absorb(an_arrival(unit_id=NEIGHBOUR))

    standing = room.acknowledge(the_alert(room), person, NIGHT + MINUTE)

    assert standing is not None
    assert standing.acknowledged_by == person
