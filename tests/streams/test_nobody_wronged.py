"""Is anyone called late for what this house did not hear? 不因本系统冤枉任何单位。

The watermark: a due instant is decided only when all that was received up to it was judged.
Our outages: what was due while this house was down is unknown, and stays owed.
"""

from datetime import datetime

from ledger.late_log import Wanted, entries
from ledger.punctuality import told_of_units
from ledger.schema import cases, outages
from streams.pulse import Beat, Refusals, beat
from tests.builders import (
    HOUR,
    ITS_CLERK,
    MEETING,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SECOND,
    TOWNSHIP,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, WRITTEN, the_report
from vocabulary.case_act import By, Close, Reopen
from vocabulary.terms import Fulfilment, LapseStanding, Timeliness


def test_a_report_that_waits_in_the_inbox_since_before_due_is_never_called_overdue(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE - 10 * MINUTE))
    owing.keep(the_report(owing, DUE - SECOND))

    fired = owing.fire(DUE + 10 * MINUTE)
    while_it_waited = (owing.called(), owing.owed(WRITTEN)["timeliness"], fired.is_held)
    owing.drain("express")
    owing.fire(DUE + 11 * MINUTE)

    assert while_it_waited == ([], "pending", True)
    assert owing.called() == []
    assert owing.owed(WRITTEN)["timeliness"] == "on_time"
    assert owing.late_log() == []


def test_a_clock_that_overslept_the_nudge_still_waits_for_the_watermark(owing: DutyBook) -> None:
    owing.keep(the_report(owing, DUE - SECOND))

    owing.fire(DUE + 10 * MINUTE)

    assert owing.called() == []
    assert owing.owed(WRITTEN)["timeliness"] == "pending"
    assert owing.late_log() == []


def test_nothing_received_before_due_and_still_in_flight_lets_anyone_be_called_late(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE - 10 * MINUTE))
    landed = owing.in_flight.enter(DUE)
    owing.fire(DUE + MINUTE)
    while_in_flight = owing.called()

    landed(None)
    owing.fire(DUE + MINUTE + SECOND)

    assert while_in_flight == []
    assert ITS_CLERK in owing.called()


def test_what_was_received_after_due_holds_nobody_back(owing: DutyBook) -> None:
    owing.fire(just_after(DUE - 10 * MINUTE))
    owing.keep(an_arrival("2", NEIGHBOUR, at=DUE + SECOND, **MEETING))

    owing.fire(DUE + 2 * SECOND)

    assert owing.called() == [ITS_CLERK, OFFICER]


def test_nudges_wait_for_no_watermark(owing: DutyBook) -> None:
    owing.keep(an_arrival("2", NEIGHBOUR, at=NIGHT + SECOND, **MEETING))

    owing.fire(just_after(DUE - 10 * MINUTE))

    assert owing.called() == [ITS_CLERK]


def test_nothing_held_back_means_the_clock_may_sleep(owing: DutyBook) -> None:
    owing.keep(an_arrival("2", NEIGHBOUR, at=NIGHT + SECOND, **MEETING))

    assert not owing.fire(NIGHT + MINUTE).is_held


def away(room: DutyBook, first: datetime, last: datetime) -> None:
    """This house was down from `first` to `last`."""
    room.live(NIGHT - HOUR, first)
    room.live(last)


def test_due_while_this_house_was_down_is_unknown_and_still_owed(owing: DutyBook) -> None:
    away(owing, DUE - 5 * MINUTE, DUE + 20 * MINUTE)

    owing.fire(DUE + 20 * MINUTE)

    owed = owing.owed(WRITTEN)
    assert (owed["timeliness"], owed["fulfilment"]) == ("unknown", "open")
    assert owing.called() == [ITS_CLERK, OFFICER]
    assert owing.late_log()[0]["timeliness"] == "unknown"


def test_what_this_house_could_not_hear_never_becomes_late(owing: DutyBook) -> None:
    away(owing, DUE - 5 * MINUTE, DUE + 20 * MINUTE)
    owing.fire(DUE + 20 * MINUTE)
    owing.fire(DUE + 24 * HOUR)

    receipt = owing.take(the_report(owing, DUE + 2 * HOUR))

    assert receipt["obligations"][0]["timeliness"] == "unknown"
    entry = next(each for each in owing.late_log() if each["kind"] == WRITTEN)
    assert entry["timeliness"] == "unknown"
    assert entry["received_at"] == DUE + 2 * HOUR


def test_an_outage_before_due_gives_the_unit_as_much_longer(owing: DutyBook) -> None:
    away(owing, NIGHT + 10 * MINUTE, NIGHT + 25 * MINUTE)
    owing.fire(just_after(DUE - 10 * MINUTE))

    owing.fire(just_after(DUE))
    at_the_old_minute = owing.called()
    owing.fire(just_after(DUE + 15 * MINUTE))

    assert at_the_old_minute == []
    assert owing.called() == [ITS_CLERK, OFFICER]
    assert owing.owed(WRITTEN)["timeliness"] == "overdue"


def test_tries_that_were_refused_are_an_outage_too(owing: DutyBook) -> None:
    refusals = Refusals()
    refusals.note(DUE - MINUTE)
    refusals.note(DUE)
    owing.live(NIGHT - HOUR)
    owing.do(beat, [Beat(DUE + MINUTE, refusals.since)])
    refusals.written(DUE + MINUTE)

    owing.fire(DUE + MINUTE)

    assert owing.row(outages)["from_at"] == DUE - MINUTE
    assert refusals.since is None
    assert owing.owed(WRITTEN)["timeliness"] == "unknown"


def test_a_notice_that_our_outage_held_back_says_its_age(owing: DutyBook) -> None:
    away(owing, DUE + MINUTE, DUE + 45 * MINUTE)

    owing.fire(DUE + 45 * MINUTE)

    titles = {sending.title for sending in owing.sendings}
    assert titles
    assert all(title.startswith("【补发】") for title in titles)
    assert any("迟发15分钟" in sending.body for sending in owing.sendings)


def test_past_nudges_are_not_caught_up(owing: DutyBook) -> None:
    owing.fire(DUE + 45 * MINUTE)

    assert not any("催报" in sending.title for sending in owing.sendings)


def test_what_was_in_flight_when_the_house_died_was_not_heard_whatever_the_last_heartbeat(
    owing: DutyBook,
) -> None:
    owing.live(NIGHT - HOUR)
    owing.fire(just_after(DUE - 10 * MINUTE))
    report = the_report(owing, DUE)
    owing.in_flight.enter(report.received_at)
    at = DUE + 4 * SECOND
    owing.do(beat, [Beat(at, kept_until=owing.in_flight.judged_until(at, None))])

    owing.live(DUE + MINUTE)  # the next life knows nothing of it; the township tries again
    owing.take(the_report(owing, DUE + MINUTE))

    assert owing.owed(WRITTEN)["timeliness"] == "unknown"
    assert owing.row(outages)["from_at"] == DUE


# A false alarm.


def standings(room: DutyBook) -> list[tuple[str, str | None]]:
    with room.book.read() as connection:
        stood = {
            row["id"]: word.value
            for word in LapseStanding
            for row in entries(connection, Wanted(standing=word.value))
        }
    rows = room.late_log()
    assert stood == {row["id"]: row["standing"] for row in rows}  # as they are asked for
    return [(row["standing"], row["lapse"]) for row in rows]


def test_what_was_overdue_for_a_false_alarm_is_nobodys_lapse_and_in_no_rate(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE + HOUR))
    case, hand = owing.row(cases)["uid"], By(OFFICER, DUE + 2 * HOUR, "经核实为误报")
    before = standings(owing)

    owing.act(Close(case, hand, is_false_alarm=True))

    assert before == [("suspected", "omitted")]
    assert standings(owing) == [("none", None)]
    assert owing.late_log()[0]["fulfilment"] == Fulfilment.WAIVED
    with owing.book.read() as connection:
        told = told_of_units(connection, NIGHT - HOUR, NIGHT + 9 * HOUR)[TOWNSHIP]
    assert told.tally == {Timeliness.ON_TIME: 1}  # the call itself

    owing.act(Reopen(case, hand))
    assert standings(owing) == [("suspected", "omitted")]
