"""Whatever repeats, reorders or is cut short: are the same things known and owed? 重放。

Method: a few items; a way in which they arrive, in batches, some twice, by the door or by the
inbox, with transactions that roll back before their commit and are tried again. What the book
holds in the end is compared with what each item deserves when all goes well.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import open_book
from ledger.schema import alerts, cases, obligations, submissions
from tests.builders import (
    BLAST,
    MEETING,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    NIL,
    RUMOUR,
    WALL,
    a_call,
    a_desk,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Answer, Arrival, Receipted
from vocabulary.identity import derived_uid
from vocabulary.terms import Medium, Stage

THE_FIRE = an_arrival("1")
THE_CASE = str(derived_uid(THE_FIRE.uid, "case"))
POISONED = {
    "title": "石桥中学学生食物中毒",
    "body": "11月24日2时30分，石桥中学32名学生呕吐腹泻，已送医院救治。",
}
# Independent of each other: no two are alike in unit and kind, and one names another's case.
ITEMS: tuple[Arrival, ...] = (
    THE_FIRE,
    an_arrival("2", at=NIGHT + MINUTE, **(BLAST | {"stage": Stage.FOLLOW_UP, "case_id": THE_CASE})),
    an_arrival("3", NEIGHBOUR, at=NIGHT + 2 * MINUTE, **RUMOUR),
    an_arrival("4", NEIGHBOUR, at=NIGHT + 3 * MINUTE, **MEETING),
    an_arrival("5", "baisha", at=NIGHT + 4 * MINUTE, **WALL, medium=Medium.PHONE),
    a_call("6", at=NIGHT + 5 * MINUTE, **POISONED, on_behalf_of="shiqiao"),
    an_arrival("7", "yingji", at=NIGHT + 6 * MINUTE, **NIL),
)
FOLLOWS = {1: 0}  # an item that names a case is sent after the receipt that told the case's id


class PowerCutError(Exception):
    """The process died before the commit."""


def outcome(room: DutyBook) -> dict[str, Any]:
    """What the book knows, by the ids that derive from facts."""
    keys = {row["id"]: str(row["uid"]) for row in room.rows(cases)}
    return {
        "submissions": sorted(
            (str(r["uid"]), r["verdict"], keys.get(r["case_id"])) for r in room.rows(submissions)
        ),
        "cases": sorted(
            (str(r["uid"]), r["verdict"], r["severity_provisional"], r["deaths"], r["title"])
            for r in room.rows(cases)
        ),
        "obligations": sorted(
            (str(r["uid"]), r["duty"], r["owed_by"], str(r["due_at"]), r["fulfilment"])
            for r in room.rows(obligations)
        ),
        "alerts": sorted((str(r["uid"]), r["cause"]) for r in room.rows(alerts)),
    }


def receipt(answer: object) -> dict[str, Any]:
    assert isinstance(answer, Receipted)
    content: dict[str, Any] = orjson.loads(answer.receipt)
    return content


def as_it_should_be() -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    with TemporaryDirectory() as folder:
        room = DutyBook(open_book(Path(folder)), a_desk())
        receipts = {number: receipt(room.absorb(item)[0]) for number, item in enumerate(ITEMS)}
        found = outcome(room)
        room.book.close()
    return found, receipts


EXPECTED, RECEIPTS = as_it_should_be()

numbers = st.integers(0, len(ITEMS) - 1)
batches = st.lists(
    st.tuples(
        st.lists(numbers, min_size=1, max_size=4),
        st.sampled_from(["door", "inbox"]),
        st.booleans(),
    ),
    max_size=6,
)


def power_cut(room: DutyBook, items: list[Arrival]) -> None:
    """Do the whole transaction, but for its commit."""
    try:
        with room.book.writing.begin() as connection:
            room.intake.absorb(connection, items)
            raise PowerCutError
    except PowerCutError:
        return


@settings(max_examples=25)
@given(weather=batches)
def test_in_any_weather_the_same_things_are_known_owed_and_receipted(
    weather: list[tuple[list[int], str, bool]],
) -> None:
    told: dict[int, str] = {}
    with TemporaryDirectory() as folder:
        room = DutyBook(open_book(Path(folder)), a_desk())
        for chosen, way, is_cut_short in (*weather, (list(range(len(ITEMS))), "door", False)):
            allowed = [n for n in chosen if n not in FOLLOWS or FOLLOWS[n] in (*told, *chosen)]
            numbered = sorted(set(allowed)) + [n for n in allowed if allowed.count(n) > 1]
            items = [ITEMS[number] for number in numbered]
            if is_cut_short:
                power_cut(room, items)
            if way == "inbox" and items:
                answers = room.keep(*items)
                while room.drain("express") or room.drain("submissions"):
                    pass
                hear(told, numbered, answers)
            hear(told, numbered, room.absorb(*items))
        found = outcome(room)
        judged = {row["uid"]: orjson.loads(row["receipt"]) for row in room.rows(submissions)}
        room.book.close()

    assert found == EXPECTED
    assert judged == {item.uid: RECEIPTS[number] for number, item in enumerate(ITEMS)}


def hear(told: dict[int, str], numbers: list[int], answers: list[Answer]) -> None:
    """The first receipt of an item is its receipt for good, byte for byte."""
    for number, answer in zip(numbers, answers, strict=True):
        assert isinstance(answer, Receipted)
        assert told.setdefault(number, answer.receipt) == answer.receipt
