"""What may anyone who can write to the log bring about in a unit's name? 来源未核实的后果。

A page, because it may be true. Nothing for or against the unit, because it may be forged.
"""

from typing import Any

from ledger.schema import alerts, cases, obligations, submissions
from tests.builders import HOUR, MINUTE, NIGHT, OFFICER, WALL
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import BARE, a_record, absorbed
from vocabulary.terms import Duty


def a_word(offset: int = 5, **fields: Any) -> Any:
    return a_record(BARE | fields, offset=offset)


def reports_owed(room: DutyBook) -> list[dict[str, Any]]:
    return [row for row in room.rows(obligations) if Duty(row["duty"]).is_report]


def test_it_pages(room: DutyBook) -> None:
    absorbed(room, a_word())

    assert OFFICER in room.called()


def test_it_makes_nobody_late(room: DutyBook) -> None:
    absorbed(room, a_word(known_at=(NIGHT - 3 * HOUR).isoformat()))

    assert reports_owed(room) == []
    assert room.late_log() == []


def test_it_pays_for_nobody(owing: DutyBook) -> None:
    absorbed(owing, a_word())
    absorbed(owing, a_word(6, case_id=str(owing.rows(cases)[0]["uid"])))

    assert owing.owed(Duty.WRITTEN_FIRST_REPORT)["fulfilment"] == "open"


def test_it_changes_no_case_that_it_names(room: DutyBook) -> None:
    absorbed(room, a_record(BARE | WALL, topic="county.hospital.reports"))
    case = room.row(cases)

    lowered = {"stage": "correction", "deaths": 0, "case_id": str(case["uid"])}
    absorbed(room, a_word(6, **WALL, **lowered), now=NIGHT + MINUTE)

    assert room.rows(cases, id=case["id"]) == [case]
    assert case["deaths"] == 3
    (item,) = room.rows(submissions, is_proven=False)
    assert item["case_id"] != case["id"]


def test_it_never_joins_in_silence(owing: DutyBook) -> None:
    before = len(owing.rows(alerts))

    absorbed(owing, a_word(case_id=str(owing.row(cases)["uid"])))

    assert len(owing.rows(alerts)) == before + 1
    assert "来源未核实" in owing.rows(alerts)[-1]["title"]
