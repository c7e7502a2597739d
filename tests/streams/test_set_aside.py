"""Does one item that cannot be taken in hold up the others? 一件不能入账，其余照办。"""

import pytest

from ledger.schema import alerts, inbox
from ledger.schema import submissions as kept
from ledger.submissions import SET_ASIDE, oldest_waiting
from streams.intake import Intake
from tests.builders import an_arrival
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Arrival


@pytest.fixture
def room(room: DutyBook, monkeypatch: pytest.MonkeyPatch) -> DutyBook:
    """A duty room in which one item, and no other, meets a fault of ours."""
    absorb = Intake.absorb

    def faulty(intake: Intake, connection: object, arrivals: list[Arrival]) -> object:
        if any(arrival.submission.title == "坏件" for arrival in arrivals):
            raise RuntimeError("a fault of ours")
        return absorb(intake, connection, arrivals)  # type: ignore[arg-type]

    monkeypatch.setattr(Intake, "absorb", faulty)
    return room


def test_one_item_that_cannot_be_taken_in_is_set_aside_and_its_neighbours_go_on(
    room: DutyBook,
) -> None:
    batch = [
        an_arrival("one", title="甲村火灾，正在扑救"),
        an_arrival("two", title="坏件", body="乙村火灾，正在扑救"),
        an_arrival("three", title="丙村火灾，正在扑救"),
    ]
    room.do(room.intake.keep, [batch])

    with pytest.raises(RuntimeError):
        room.do(room.intake.drain, ["express"])
    room.do(room.intake.drain_apart, ["express"])

    assert len(room.rows(kept)) == 2
    (left,) = room.rows(inbox)
    assert left["lane"] == SET_ASIDE
    assert "乙村" in left["content"]


def test_what_was_set_aside_is_shown_to_the_desk_and_holds_up_no_clock(room: DutyBook) -> None:
    room.do(room.intake.keep, [[an_arrival("two", title="坏件", body="乙村火灾，正在扑救")]])

    room.do(room.intake.drain_apart, ["express"])

    (alert,) = room.rows(alerts)
    assert alert["level"] == "attention"
    assert "乙村" not in alert["title"] + alert["summary"]
    with room.book.read() as connection:
        assert oldest_waiting(connection) is None
