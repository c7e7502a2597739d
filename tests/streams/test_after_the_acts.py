"""What a person did to a case: does it silence or lose what comes after? 处置之后。"""

from typing import Any

from ledger.schema import alerts, cases, obligations, offers, submissions
from tests.builders import (
    FIRE,
    HOUR,
    ITS_OFFICER,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    RUMOUR,
    TOWNSHIP,
    WALL,
    a_county_of_two_desks,
    a_desk,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, an_offer, by, the_case
from vocabulary.case_act import (
    Acted,
    AnswerOffer,
    Close,
    Merge,
    Regrade,
    Reopen,
    Split,
)
from vocabulary.terms import Duty, Fulfilment, Severity, Stage

# Who settles a case silences nothing that comes after.

RIOT: dict[str, Any] = {
    "title": "群众聚集升级",
    "body": "青石镇政府门前发生群体性事件，200余人聚集，冲击大门，打伤干部2人。",
    "stage": Stage.FOLLOW_UP,
}


def test_an_attention_that_a_person_graded_pages_when_it_turns_into_an_emergency(
    room: DutyBook,
) -> None:
    uid = a_case(room, **RUMOUR)
    room.act(Regrade(uid, by(), Severity.ORDINARY))

    room.take(an_arrival("2", at=NIGHT + HOUR, **RIOT, case_id=str(uid)))

    assert OFFICER in room.called()


def test_one_whose_grade_is_not_known_pages_too(room: DutyBook) -> None:
    uid = a_case(room, **RUMOUR)
    room.act(Regrade(uid, by(), Severity.ORDINARY))

    room.take(an_arrival("2", at=NIGHT + HOUR, **FIRE, case_id=str(uid)))

    assert OFFICER in room.called()


def test_more_dead_than_a_person_knew_of_page_though_the_machine_had_graded_as_high(
    room: DutyBook,
) -> None:
    uid = a_case(room, **WALL)
    room.act(Regrade(uid, by(), Severity.ORDINARY))
    worse = {"title": "围墙坍塌续报", "body": "红星砖厂围墙坍塌已致8人死亡，12人重伤。"}

    room.take(an_arrival("2", at=NIGHT + HOUR, **worse, case_id=str(uid)))

    assert OFFICER in room.called()
    assert the_case(room, uid)["severity_provisional"] == Severity.SERIOUS


def test_a_lower_desk_takes_in_hand_only_what_is_its_own(room: DutyBook) -> None:
    county = a_county_of_two_desks()
    room.change_desk(county=county, directory=a_desk(county=county).directory)
    fire = a_case(room)
    wall = a_case(room, "2", NEIGHBOUR, **WALL)
    room.act(Merge(wall, by(), fire))

    theirs = room.row(alerts, unit_id=NEIGHBOUR)
    room.acknowledge(theirs["uid"], ITS_OFFICER, NIGHT + 2 * MINUTE)

    assert room.row(alerts, unit_id=TOWNSHIP)["acknowledged_by"] is None


def test_a_graver_alert_is_not_taken_along_by_a_lesser_one(room: DutyBook) -> None:
    uid = a_case(room)
    room.act(Regrade(uid, by(), Severity.MAJOR))
    room.take(an_arrival("2", NEIGHBOUR, at=NIGHT + 2 * MINUTE, **FIRE))
    graver, newest = room.row(alerts, cause="regraded"), room.rows(alerts)[-1]
    with room.book.writing.begin() as connection:
        connection.execute(alerts.update().where(alerts.c.id == newest["id"]).values(severity=None))

    room.acknowledge(newest["uid"], OFFICER, NIGHT + 3 * MINUTE)

    assert room.row(alerts, id=graver["id"])["acknowledged_by"] is None


def test_a_false_alarm_taken_back_calls_again(room: DutyBook) -> None:
    uid = a_case(room)
    room.act(Close(uid, by(), is_false_alarm=True))

    room.act(Reopen(uid, by(after=2 * MINUTE)))

    assert room.row(alerts)["acknowledged_by"] is None
    assert room.next_step_at is not None


def test_an_emergency_that_had_joined_in_silence_pages_when_it_is_split_off(
    room: DutyBook,
) -> None:
    uid = a_case(room)
    warehouse = {"title": "江边仓库起火", "body": "江边一仓库3时05分起火，正在扑救。"}
    room.take(an_arrival("2", NEIGHBOUR, at=NIGHT + MINUTE, **warehouse, case_id=str(uid)))
    joined = room.row(submissions, owing_unit_id=NEIGHBOUR)["uid"]

    room.act(Split(uid, by(after=2 * MINUTE), (joined,)))

    assert OFFICER in room.called()
    assert room.row(alerts, cause="split")["acknowledged_at"] is None


def test_the_clock_is_woken_for_the_ladder_of_a_persons_grade(room: DutyBook) -> None:
    uid = a_case(room)

    room.act(Regrade(uid, by(), Severity.MAJOR))

    assert room.next_step_at == NIGHT + 6 * MINUTE


# Debts follow.


def test_a_follow_up_that_names_the_merged_case_pays_what_its_unit_owes(room: DutyBook) -> None:
    fire, wall = a_case(room), a_case(room, "2", NEIGHBOUR, **WALL)
    room.act(Merge(wall, by(), fire))
    told = WALL | {"stage": Stage.FOLLOW_UP}

    room.take(an_arrival("3", NEIGHBOUR, at=NIGHT + HOUR, **told, case_id=str(wall)))

    owed = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value, owed_by=NEIGHBOUR)
    assert [row["fulfilment"] for row in owed] == ["met", "open"]


def test_a_unit_owes_one_follow_up_for_a_merged_case(room: DutyBook) -> None:
    fire, wall = a_case(room), a_case(room, "2", **WALL)

    room.act(Merge(wall, by(), fire))

    owed = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)
    assert sorted(row["fulfilment"] for row in owed) == ["open", "waived"]


def test_a_confirmed_follow_up_counts_from_when_it_was_received(room: DutyBook) -> None:
    a_case(room)
    a_case(room, "2", **WALL)
    quiet = {"title": "续报", "body": "现场平稳，无新增情况。", "stage": Stage.FOLLOW_UP}
    room.take(an_arrival("3", at=NIGHT + HOUR, **quiet))
    offered = room.row(offers)

    room.act(AnswerOffer(offered["uid"], by(after=30 * HOUR), is_confirmed=True))

    owed = room.owed(Duty.FOLLOW_UP_REPORT, case_id=offered["case_id"])
    assert (owed["fulfilment"], owed["timeliness"]) == ("met", "on_time")
    assert owed["fulfilled_at"] == NIGHT + HOUR


def test_a_case_that_was_dealt_with_asks_for_no_more_follow_ups(room: DutyBook) -> None:
    uid = a_case(room)
    acknowledged(room)

    room.act(Close(uid, by()))

    assert room.owed(Duty.FOLLOW_UP_REPORT)["fulfilment"] == Fulfilment.WAIVED


def test_an_offer_about_a_merged_case_is_answered_for_the_one_it_is_in(room: DutyBook) -> None:
    offer = an_offer(room)
    first = room.rows(cases)[0]["uid"]
    wall = a_case(room, "9", **WALL)
    room.act(Merge(first, by(), wall))

    assert room.act(AnswerOffer(offer, by(after=2 * MINUTE), is_confirmed=True)) == Acted(wall)
