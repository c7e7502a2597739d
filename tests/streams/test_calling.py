"""Who is called, when nobody answers? 逐级呼叫。

The ladder of a county duty room, minute by minute: the officer at once; after five minutes the
officer again and the leader on duty; the office director after ten, the leader in charge after
fifteen, the principal leader after twenty.
"""

import pytest

from ledger.schema import alerts, obligations
from tests.builders import (
    BLAST,
    CHIEF,
    DIRECTOR,
    FIRE,
    HOUR,
    LEADER,
    MEETING,
    MINUTE,
    NIGHT,
    OFFICER,
    RUMOUR,
    SECOND,
    VICE,
    Item,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.terms import Duty, Timeliness

DRILL = FIRE | {"title": "居民楼火灾演练", "is_drill": True}


def test_an_emergency_calls_the_officer_on_duty_and_tells_the_rooms(room: DutyBook) -> None:
    room.absorb(an_arrival())

    assert [sending.recipient for sending in room.sendings] == [
        OFFICER,
        "room:zhengfuban.wecom_room",
        "room:zhengfuban.dingtalk_room",
    ]
    assert room.sendings[0].channel_id == f"{OFFICER}.app"
    assert "签收：http://zb.example/a/" in room.sendings[0].body


def test_each_reader_has_a_link_of_their_own(room: DutyBook) -> None:
    room.absorb(an_arrival())

    to_officer, to_room, _ = (each.body.rsplit("/a/", 1)[1] for each in room.sendings)

    assert room.desk.links.read(to_officer).person_id == OFFICER
    assert room.desk.links.read(to_room).person_id is None


def test_a_major_one_calls_leader_and_director_at_once(room: DutyBook) -> None:
    room.absorb(an_arrival(**BLAST))

    assert room.called() == [OFFICER, LEADER, DIRECTOR]


def test_the_ladder_minute_by_minute(room: DutyBook) -> None:
    room.absorb(an_arrival())
    told = {}

    for minute in range(1, 31):
        room.fire(just_after(NIGHT + minute * MINUTE))
        if room.called():
            told[minute] = room.called()

    assert told == {5: [OFFICER, LEADER], 10: [DIRECTOR], 15: [VICE], 20: [CHIEF]}
    owed = room.owed(Duty.ACKNOWLEDGEMENT)
    assert (owed["fulfilment"], owed["timeliness"]) == ("open", "overdue")
    assert owed["next_at"] is None


def test_a_call_again_rings_and_says_who_did_not_answer(room: DutyBook) -> None:
    room.absorb(an_arrival())

    room.fire(just_after(NIGHT + 5 * MINUTE))

    assert room.sendings[0].channel_id == f"{OFFICER}.voice"
    assert "已5分钟无人签收（值班员冯建业）" in room.sendings[0].body


def test_the_clock_is_told_when_the_next_step_comes(room: DutyBook) -> None:
    room.absorb(an_arrival())
    assert room.next_step_at == NIGHT + 5 * MINUTE

    fired = room.fire(just_after(NIGHT + 5 * MINUTE))

    assert fired.next_at == NIGHT + 10 * MINUTE
    assert not fired.is_held


def test_after_a_downtime_the_ladder_goes_on_at_the_step_of_now(room: DutyBook) -> None:
    room.absorb(an_arrival())

    room.fire(NIGHT + 12 * MINUTE)

    assert room.called() == [OFFICER, LEADER, DIRECTOR]
    assert room.fire(NIGHT + 13 * MINUTE).next_at == NIGHT + 15 * MINUTE


def test_the_ladder_waits_for_no_watermark(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.in_flight.enter(NIGHT + SECOND)
    room.keep(an_arrival("2", at=NIGHT + 2 * SECOND, **MEETING))

    room.fire(just_after(NIGHT + 5 * MINUTE))

    assert room.called() == [OFFICER, LEADER]


def test_each_step_is_done_once(room: DutyBook) -> None:
    room.absorb(an_arrival())
    room.fire(just_after(NIGHT + 5 * MINUTE))

    room.fire(NIGHT + 6 * MINUTE)

    assert room.sendings == []


def test_whoever_is_on_duty_when_a_step_fires_is_called(room: DutyBook) -> None:
    just_before_the_handover = NIGHT.replace(hour=8, minute=28)
    room.absorb(an_arrival(at=just_before_the_handover))
    assert room.called() == [OFFICER]

    room.fire(just_after(just_before_the_handover + 5 * MINUTE))

    assert room.called() == ["tang-siqi", "song-lianchun"]
    assert "无人签收（值班员冯建业）" in room.sendings[0].body


def test_a_drill_pages_and_is_marked_as_one(room: DutyBook) -> None:
    room.absorb(an_arrival(**DRILL))

    assert room.called() == [OFFICER]
    assert room.sendings[0].title.startswith("【演练】")
    assert "本条为演练" in room.sendings[0].body


def test_a_drill_climbs_the_ladder_too(room: DutyBook) -> None:
    room.absorb(an_arrival(**DRILL))

    room.fire(just_after(NIGHT + 5 * MINUTE))

    assert room.called() == [OFFICER, LEADER]
    assert room.sendings[0].title.startswith("【演练】")


def test_a_drill_is_never_on_the_late_log(room: DutyBook) -> None:
    room.absorb(an_arrival(**DRILL, known_at=NIGHT - 3 * HOUR))

    room.fire(NIGHT + 30 * HOUR)

    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["timeliness"] == Timeliness.LATE
    assert room.owed(Duty.FOLLOW_UP_REPORT)["timeliness"] == Timeliness.MISSING
    assert [row for row in room.late_log() if row["kind"] != Duty.NIL_REPORT] == []


def test_a_weak_sign_calls_nobody_and_is_to_be_looked_at_within_a_quarter_hour(
    room: DutyBook,
) -> None:
    receipt = room.take(an_arrival(**RUMOUR))

    assert receipt["verdict"] == "attention"
    assert room.sendings == []
    assert room.owed(Duty.LOOK)["due_at"] == NIGHT + 15 * MINUTE


def test_a_weak_sign_that_somebody_looked_at_never_pages(room: DutyBook) -> None:
    room.absorb(an_arrival(**RUMOUR))
    room.acknowledge(room.row(alerts)["uid"], OFFICER, NIGHT + 14 * MINUTE)

    room.fire(NIGHT + HOUR)

    assert room.called() == []
    assert room.owed(Duty.LOOK)["timeliness"] == "on_time"


def test_a_weak_sign_that_nobody_looked_at_pages_and_climbs(room: DutyBook) -> None:
    room.absorb(an_arrival(**RUMOUR))

    room.fire(just_after(NIGHT + 15 * MINUTE))
    at_the_minute = room.called()
    room.fire(just_after(NIGHT + 20 * MINUTE) + SECOND)

    assert at_the_minute == [OFFICER]
    assert room.called() == [OFFICER, LEADER]
    alert = room.row(alerts)
    assert (alert["level"], alert["cause"]) == ("emergency", "unseen")


def test_a_look_taken_back_after_it_paged_goes_on_as_a_page(room: DutyBook) -> None:
    room.absorb(an_arrival(**RUMOUR))
    paged_at = just_after(NIGHT + 15 * MINUTE)
    room.fire(paged_at)
    alert = room.row(alerts)["uid"]
    room.acknowledge(alert, OFFICER, NIGHT + 17 * MINUTE)
    room.take_back(alert, OFFICER, NIGHT + 18 * MINUTE)

    room.fire(just_after(paged_at + 5 * MINUTE))

    assert room.called() == [OFFICER, LEADER]
    assert len(room.rows(obligations, duty=Duty.ACKNOWLEDGEMENT.value)) == 1


@pytest.mark.parametrize("item", [MEETING, RUMOUR], ids=["routine", "weak sign"])
def test_nothing_less_than_an_emergency_wakes_anybody(room: DutyBook, item: Item) -> None:
    room.absorb(an_arrival(**item))

    assert room.sendings == []
