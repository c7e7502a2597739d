"""Is anything lost when the house is killed, whenever it is killed? 杀进程，丢不丢件？

Method: a duty room takes items, batches and acknowledgements. At a step between accept and
delivered, or at a moment that chance picks, the process gets `kill -9`; it is started again on
the same book, and killed again. In the end it is left alone, and the book and the telephone are
compared with what the clients were told. One seed is one book and several kills, and replays:
`pytest -k seed-17`.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import orjson
import pytest

from app.clock import WallClock
from gateway.phone_behaviour import Order
from tests.conftest import IN_CI
from tests.journeys.counties import OFFICER, OFFICERS_MOBILE, a_county
from tests.journeys.house import DutyRoom, a_duty_room, wait_until
from tests.journeys.launcher import ACTS
from tests.journeys.load import Item, Load
from tests.journeys.reading import Reader, book_in
from tests.loopback import Phone

KILLS_A_SEED = 5
SEEDS = 42 if IN_CI else 4
MOMENTS = 3
STEPS = (
    *(f"{when}-commit:{act}" for act in ACTS for when in ("before", "after")),
    "before-send",
    "after-send",
    "before-reply",
    *("a moment",) * MOMENTS,
)
SELDOM = ("claim", "fire", "keep", "acknowledge")  # acts of which a short life sees few
REPEATED = "【可能重复】"
REPEATED_LINE = "上次发送未见答复，本条可能重复；已签收的请忽略。\n"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]


@pytest.fixture
def room(tmp_path: Path, phone: Phone) -> Iterator[DutyRoom]:
    with a_duty_room(tmp_path, a_county(tmp_path), phone.host) as room:
        yield room


def steps_of(seed: int) -> list[str]:
    """Return the steps at which this seed kills: over the seeds each step comes equally often."""
    first = seed * KILLS_A_SEED
    return [STEPS[number % len(STEPS)] for number in range(first, first + KILLS_A_SEED)]


def live_and_die(room: DutyRoom, load: Load, phone: Phone, step: str, chance: Random) -> None:
    """Live one life under load, and be killed at the step."""
    act = step.rpartition(":")[2]
    if act == "claim":  # there is something to claim only after an earlier death
        live_and_die(room, load, phone, "before-send", chance)
    nobody_answers = Order(channel="*", mode="refuse" if act == "fire" else "ok")
    phone.state.switchboard.told(nobody_answers)  # then the ladder's next call comes at once
    number = 1 if act in SELDOM else chance.randint(1, 4)
    room.start(*([] if step == "a moment" else [f"kill:{step}:{number}"]))
    with load.under_way() as hands:
        if step == "a moment":
            time.sleep(chance.uniform(0.05, 1.2))
            room.kill()
        wait_until(
            lambda: not room.is_up or any(hand.done() and hand.exception() for hand in hands),
            f"it died at {step}",
            told=lambda: room.log,
        )
    assert room.running is not None
    assert room.running.wait() == -9, room.log
    phone.state.switchboard.told(Order(channel="*", mode="ok"))


def live_on(room: DutyRoom, book: Reader) -> None:
    """Live a last life until nothing waits."""
    room.start()
    wait_until(
        lambda: book.is_quiet(WallClock().now()),
        "the book is quiet",
        told=lambda: f"{room.log}\n{waiting_in(book)}",
    )


def waiting_in(book: Reader) -> object:
    return book.rows("SELECT * FROM deliveries WHERE state = 'pending' LIMIT 10")


@pytest.mark.parametrize("seed", range(SEEDS), ids="seed-{}".format)
def test_what_was_accepted_is_kept_once_and_delivered(
    seed: int, room: DutyRoom, phone: Phone
) -> None:
    chance, load, book = Random(seed), Load(room, str(seed)), book_in(room.data)

    for step in steps_of(seed):
        live_and_die(room, load, phone, step, chance)
    live_on(room, book)

    assert load.strange == []
    assert book.is_sound()
    everything_told_is_kept_once(load, book)
    every_emergency_reached_the_officer(load, book, phone)
    every_acknowledgement_holds(load, book)
    a_repeat_says_so(phone)
    the_same_key_has_the_same_receipt(load)
    what_was_not_answered_can_be_sent_again(load, book)


def everything_told_is_kept_once(load: Load, book: Reader) -> None:
    kept = [row["uid"].hex() for row in book.rows("SELECT uid FROM submissions")]
    told = {orjson.loads(item.receipt)["submission_id"].replace("-", "") for item in load.told}  # type: ignore[arg-type]

    assert told, "the load was told nothing: this test would prove nothing"
    assert told - set(kept) == set()
    assert len(kept) == len(set(kept)) <= len(load.items)


def every_emergency_reached_the_officer(load: Load, book: Reader, phone: Phone) -> None:
    titles = [row["title"] for row in book.rows("SELECT title FROM alerts")]
    heard = [
        kept.title
        for kept in phone.state.shelf.after(0, 1_000_000)
        if kept.to in (OFFICER, OFFICERS_MOBILE)
    ]
    emergencies = [item for item in load.told if item.is_emergency]

    assert emergencies
    assert [i.mark for i in emergencies if sum(i.mark in title for title in titles) != 1] == []
    assert [i.mark for i in emergencies if not any(i.mark in title for title in heard)] == []


def every_acknowledgement_holds(load: Load, book: Reader) -> None:
    held = {
        row["uid"].hex()
        for row in book.rows("SELECT uid FROM alerts WHERE acknowledged_by = ?", OFFICER)
    }

    assert {uid.replace("-", "") for uid in load.acknowledged} - held == set()
    assert (
        book.rows(
            "SELECT d.* FROM deliveries d JOIN alerts a ON a.id = d.alert_id"
            " WHERE a.acknowledged_at IS NOT NULL AND d.rank = 0 AND d.state = 'pending'"
        )
        == []
    )


def a_repeat_says_so(phone: Phone) -> None:
    same: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for kept in phone.state.shelf.after(0, 1_000_000):
        bare = kept.text.replace(REPEATED, "").replace(REPEATED_LINE, "")
        same[kept.channel, kept.to, bare].append(kept.title)
    again = [title for titles in same.values() for title in titles[1:]]

    assert [title for title in again if not title.startswith(REPEATED)] == []


def the_same_key_has_the_same_receipt(load: Load) -> None:
    """Byte for byte, of a batch too: judgement follows its receipt and does not change it."""
    for item in load.told:
        again = load.room.post(item.content, item.key)
        assert again.status == 202
        assert again.body == item.receipt


def what_was_not_answered_can_be_sent_again(load: Load, book: Reader) -> None:
    untold: list[Item] = [item for item in load.items if item.receipt is None]
    for item in untold:
        assert load.room.post(item.content, item.key).status == 202

    assert book.count("submissions") == len(load.items)
