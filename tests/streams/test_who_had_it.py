"""Does a row of the late log show in whose hands the time went? 台账上的环节用时。"""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import (
    BLAST,
    DESK,
    FIRE,
    HOUR,
    MINUTE,
    NIGHT,
    OFFICER,
    TOWNSHIP,
    an_arrival,
    the_county,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, acknowledged
from vocabulary.hand import Upward
from vocabulary.terms import Duty

PROVINCE = "省政府总值班室"


def of(room: DutyBook, duty: Duty, owed_to: str = "") -> dict[str, Any]:
    (row,) = (
        row for row in room.late_log() if row["kind"] == duty and owed_to in ("", row["owed_to"])
    )
    return row


@pytest.fixture
def counting(room: DutyBook) -> DutyBook:
    """A county without a profile of its own: four hours, from the incident."""
    room.change_desk(county=replace(the_county(), profile="none"))
    return room


def test_a_unit_that_was_told_late_and_passed_it_on_in_time_did_not_overrun(
    counting: DutyBook,
) -> None:
    counting.take(an_arrival(**FIRE, occurred_at=NIGHT - 5 * HOUR, known_at=NIGHT - 20 * MINUTE))

    row = of(counting, Duty.WRITTEN_FIRST_REPORT)

    assert (row["timeliness"], row["overrun_seconds"]) == ("late", 3600)
    assert row["overran"] == ["village"]
    village, unit = row["hops"]
    assert (village["seconds"], village["is_over"]) == (4 * 3600 + 40 * 60, True)
    assert (unit["unit_id"], unit["seconds"], unit["is_over"]) == (TOWNSHIP, 20 * 60, False)


def test_what_has_not_come_runs_until_it_was_logged(owing: DutyBook) -> None:
    owing.fire(just_after(DUE + 30 * MINUTE))

    (unit,) = (
        each for each in of(owing, Duty.WRITTEN_FIRST_REPORT)["hops"] if each["unit_id"] == TOWNSHIP
    )

    assert (unit["limit_seconds"], unit["seconds"], unit["is_over"]) == (3600, 90 * 60, True)


def test_the_desk_is_measured_from_when_it_received(room: DutyBook) -> None:
    """The province must hear four hours after the incident; the township alone took five."""
    began_at = NIGHT - 5 * HOUR
    room.take(an_arrival(**BLAST, occurred_at=began_at, known_at=began_at))
    acknowledged(room)
    at = NIGHT + 10 * MINUTE
    (case,) = {row["case_id"] for row in room.rows_of_upward()}
    room.report_upward(Upward(room.case_uid(case), PROVINCE, OFFICER, at, at))

    row = of(room, Duty.UPWARD_REPORT, PROVINCE)

    assert [each["hop"] for each in row["hops"]] == ["village", "unit", "desk"]
    assert [each["unit_id"] for each in row["hops"]] == [None, TOWNSHIP, DESK]
    assert [each["seconds"] for each in row["hops"]] == [0, 5 * 3600, 600]
    assert row["overran"] == ["unit"]
