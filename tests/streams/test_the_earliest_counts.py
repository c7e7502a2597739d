"""Which of several copies counts? The one that was received first. 以最早收到为准。"""

from dataclasses import replace

from ledger.schema import submissions
from tests.builders import MINUTE, NIGHT, SECOND, an_arrival, from_the_inbox
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, WRITTEN, the_report
from tests.streams.told_first import LIMIT, asked, case_of, its_own, told_by_another
from vocabulary.arrival import Arrival


def by_the_log(arrival: Arrival) -> Arrival:
    return replace(arrival, is_from_log=True, answered='{"by": "the gateway"}')


def test_a_copy_received_in_time_and_judged_after_the_late_one_corrects_the_log(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE))
    owing.absorb(by_the_log(the_report(owing, DUE + 5 * SECOND)))
    marked = owing.owed(WRITTEN)["timeliness"]

    owing.absorb(by_the_log(the_report(owing, DUE - SECOND)))

    owed = owing.owed(WRITTEN)
    (entry,) = (each for each in owing.late_log() if each["kind"] == WRITTEN)
    assert marked == "late"
    assert (owed["timeliness"], owed["fulfilled_at"]) == ("on_time", DUE - SECOND)
    assert entry["timeliness"] == "on_time"
    assert [each["timeliness"] for each in entry["history"]] == ["overdue", "late"]


def test_a_later_copy_changes_nothing(owing: DutyBook) -> None:
    owing.absorb(by_the_log(the_report(owing, DUE - SECOND)))
    before = owing.counts(), owing.owed(WRITTEN)

    owing.absorb(by_the_log(the_report(owing, DUE + 5 * SECOND)))

    assert (owing.counts(), owing.owed(WRITTEN)) == before


def test_both_copies_in_one_transaction_count_from_the_earlier(owing: DutyBook) -> None:
    late, timely = (the_report(owing, DUE + 5 * SECOND), the_report(owing, DUE - SECOND))

    owing.absorb(by_the_log(late), from_the_inbox(timely))

    assert owing.owed(WRITTEN)["timeliness"] == "on_time"


def test_a_units_own_written_report_counts_from_its_earlier_copy_too(room: DutyBook) -> None:
    told = an_arrival(
        at=NIGHT + 61 * MINUTE, title="火灾", body="村里起火，2人受伤", known_at=NIGHT
    )
    room.absorb(by_the_log(told))
    marked = room.owed(WRITTEN)["timeliness"]

    room.absorb(by_the_log(replace(told, received_at=NIGHT + 59 * MINUTE)))

    assert (marked, room.owed(WRITTEN)["timeliness"]) == ("late", "on_time")
    assert room.row(submissions)["received_at"] == NIGHT + 59 * MINUTE


def test_a_repeat_by_a_client_who_has_no_answer_yet_counts_from_the_first(owing: DutyBook) -> None:
    first = the_report(owing, DUE - SECOND)
    owing.absorb(first)

    owing.absorb(replace(first, received_at=DUE - 9 * MINUTE))

    assert owing.owed(WRITTEN)["fulfilled_at"] == DUE - SECOND


def test_the_earlier_copy_of_a_question_is_no_earlier_answer(room: DutyBook) -> None:
    told = told_by_another()
    room.take(told)
    room.take(its_own(at=NIGHT + LIMIT + 20 * MINUTE, case_id=case_of(room)))
    before = asked(room), room.late_log()

    room.absorb(by_the_log(replace(told, received_at=NIGHT - 2 * MINUTE)))

    assert room.row(submissions, uid=told.uid)["received_at"] == NIGHT - 2 * MINUTE
    assert (asked(room), room.late_log()) == before
