"""What does a sender hear when the book is away, and what becomes of the house? 台账不可写。

Each way is SQLite's or the kernel's own: no page is left, another process holds the lock, the
connection may only read, the file system takes no byte more. The house says so with 503 and the
duty room's telephone number, keeps nothing of what it refused, and goes on by itself when the
book is back.
"""

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from app.clock import WallClock
from tests.journeys.asking import Reply
from tests.journeys.counties import DUTY_PHONE, OFFICER, a_county
from tests.journeys.house import DutyRoom, a_duty_room, wait_until
from tests.journeys.reading import Reader, book_in
from tests.loopback import Phone, a_phone
from vocabulary.china_time import to_microseconds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Away: TypeAlias = Callable[[DutyRoom], AbstractContextManager[None]]
LONG_BODY = "青石镇报告。" * 3_000  # more than the free space of any page


def item(number: int) -> dict[str, object]:
    return {"title": f"第{number}号民房起火，1人死亡", "body": LONG_BODY}


def said_by_file(word: str) -> Away:
    @contextmanager
    def away(room: DutyRoom) -> Iterator[None]:
        file = room.data.parent / "away"
        file.write_text(word, "utf-8")
        yield
        file.write_text("", "utf-8")

    return away


@contextmanager
def locked(room: DutyRoom) -> Iterator[None]:
    path = room.data / "jibao.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def no_byte_more(room: DutyRoom) -> Iterator[None]:
    assert room.running is not None
    number = room.running.process.pid
    before = resource.prlimit(number, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    resource.prlimit(number, resource.RLIMIT_FSIZE, before)


each_way = pytest.mark.parametrize(
    "away",
    [
        pytest.param(said_by_file("full"), id="no page is left"),
        pytest.param(locked, id="another process holds the lock"),
        pytest.param(said_by_file("read-only"), id="it may only be read"),
        pytest.param(no_byte_more, id="the file system takes no byte more"),
    ],
)


@pytest.fixture
def phone() -> Iterator[Phone]:
    with a_phone() as phone:
        yield phone


@pytest.fixture
def room(tmp_path: Path, phone: Phone) -> Iterator[DutyRoom]:
    with a_duty_room(tmp_path, a_county(tmp_path), phone.host) as room:
        room.start(f"away:{tmp_path / 'away'}")
        assert room.post(item(0), "before").status == 202
        yield room


def is_ready(room: DutyRoom) -> bool:
    return room.ask("GET", "/-/ready").status == 200


def officers_titles(phone: Phone) -> list[str]:
    return [kept.title for kept in phone.state.shelf.after(0, 10_000) if kept.to == OFFICER]


def assert_refused(reply: Reply) -> None:
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    said = reply.json()
    assert said["telephone"] == DUTY_PHONE
    assert "submission_id" not in said
    assert "未保存" in said["detail"]


@each_way
def test_a_refusal_is_no_receipt_and_the_house_goes_on(
    away: Away, room: DutyRoom, phone: Phone
) -> None:
    book = book_in(room.data)
    with away(room):
        assert_refused(room.post(item(1), "during"))
        assert room.ask("GET", "/-/healthy").status == 200
        assert book.count("submissions") == 1

    wait_until(lambda: is_ready(room), "the house is ready again", told=lambda: room.log)
    assert room.post(item(1), "during").status == 202
    wait_until(
        lambda: any("第1号" in title for title in officers_titles(phone)),
        "the officer is called",
        told=lambda: room.log,
    )
    assert book.count("submissions") == 2
    assert book.is_sound()


@each_way
def test_nobody_is_late_for_the_span_in_which_we_refused(away: Away, room: DutyRoom) -> None:
    book = book_in(room.data)
    with away(room):
        tried_at = WallClock().now()
        assert_refused(room.post(item(1), "during"))
        refused_at = WallClock().now()

    wait_until(lambda: is_ready(room), "the house is ready again", told=lambda: room.log)

    assert is_covered(book, to_microseconds(tried_at), to_microseconds(refused_at)), book.rows(
        "SELECT * FROM outages"
    )


def is_covered(book: Reader, tried_at: int, refused_at: int) -> bool:
    """Say whether a span of ours begins no later than the item was read, and holds the refusal.

    The sender's own hour is a little earlier: half a second is allowed for the way to us.
    """
    return any(
        outage["from_at"] <= tried_at + 500_000 and outage["to_at"] >= refused_at
        for outage in book.rows("SELECT * FROM outages")
    )


@each_way
def test_a_batch_is_refused_like_an_item(away: Away, room: DutyRoom) -> None:
    line = f'{{"title": "春耕工作会召开", "body": "{LONG_BODY}"}}'.encode()
    with away(room):
        reply = room.ask(
            "POST", "/api/v1/submissions:batch", "unit:qingshi", content=b"\n".join([line] * 3)
        )
        assert_refused(reply)

    assert book_in(room.data).count("inbox") == 0
    assert book_in(room.data).count("submissions") == 1


def test_the_refusal_speaks_the_callers_language(room: DutyRoom) -> None:
    with locked(room):
        said = room.post(item(1), english=True).json()

    assert "Nothing was kept" in said["detail"]
    assert said["telephone"] == DUTY_PHONE


def test_what_was_committed_before_the_lock_is_delivered_during_it(
    room: DutyRoom, phone: Phone, tmp_path: Path
) -> None:
    assert room.stop() is not None
    room.start("slow:deliver:0.5", f"away:{tmp_path / 'away'}")
    before = len(phone.state.shelf.after(0, 10_000))

    assert room.post(item(2), "two").status == 202
    with locked(room):
        wait_until(
            lambda: any("第2号" in title for title in officers_titles(phone)),
            "the officer is called though the book is locked",
            told=lambda: room.log,
        )
        assert_refused(room.post(item(3), "three"))

    wait_until(
        lambda: {row["state"] for row in book_in(room.data).deliveries("第2号")} == {"accepted"},
        "the outcomes are written",
        told=lambda: f"{room.log}\n{book_in(room.data).deliveries('第2号')}",
    )
    called = [kept.title for kept in phone.state.shelf.after(before, 10_000)]
    assert [title for title in called if "可能重复" in title] == []


def test_a_log_on_the_same_full_disk_does_not_end_the_house(tmp_path: Path, phone: Phone) -> None:
    into_a_file = ("sh", "-c", 'exec "$@" 2> "$LOG"', "sh")
    with a_duty_room(tmp_path, a_county(tmp_path), phone.host, LOG=str(tmp_path / "log")) as room:
        room.token("unit:qingshi")
        room.begin("fail:look:disk:3", around=into_a_file)
        wait_until(room.is_ready_or_dead, "the house is ready", told=lambda: room.log)

        with no_byte_more(room):
            for number in range(8):  # over more than three sweeps: the third has something to say
                assert_refused(room.post(item(number)))
                time.sleep(0.5)

        wait_until(lambda: is_ready(room), "the house is ready again", told=lambda: room.log)
        assert room.post(item(9)).status == 202
