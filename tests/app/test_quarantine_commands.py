"""What the log brought and nobody could take in: listed, shown, taken in again. 隔离件命令。"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Connection

from app.quarantine_commands import _harmless
from ledger.book import Book, open_book
from ledger.writer import Done
from streams.intake import Intake
from tests.app.commands import count_of_submissions, jibao
from tests.builders import CLASSIFIED, NIGHT, SECRET_WORDS, a_desk
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import BARE, OWN_TOPIC, SET_ASIDE, a_record, absorbed
from vocabulary.arrival import Arrival

OUR_FAULT = "处理时出错（RuntimeError）"


@pytest.fixture
def opened(data: Path) -> Iterator[Book]:
    book = open_book(data)
    yield book
    book.close()


@pytest.fixture
def room(opened: Book) -> DutyBook:
    """A book with garbage of a proven sender, a classified item, and one that we stumbled over."""
    room = DutyBook(opened, a_desk())
    absorbed(room, a_record(b"\xffgarbage", topic=OWN_TOPIC, offset=5))
    absorbed(room, a_record(BARE | CLASSIFIED, offset=6))
    absorbed(room, a_record(offset=7), unfit=OUR_FAULT)
    return room


def uids(room: DutyBook) -> list[UUID]:
    return [row["uid"] for row in room.rows(SET_ASIDE)]


def test_they_are_listed_with_when_whose_where_from_and_why(room: DutyBook, data: Path) -> None:
    done = jibao("quarantine", "list", "--data", data)

    garbage, classified, stumbled = done.stdout.splitlines()
    for line, uid in zip((garbage, classified, stumbled), uids(room), strict=True):
        assert str(uid) in line
        assert "11月24日 03:12:07" in line
    assert f"liulin  {OWN_TOPIC}/1/5  不是有效的 JSON（UTF-8）" in garbage
    assert "来源不明  jibao.express.v1/1/6  内容带有密级标志" in classified
    assert OUR_FAULT in stumbled


def test_as_json_each_is_a_line(room: DutyBook, data: Path) -> None:
    done = jibao("quarantine", "list", "--json", "--data", data)

    told = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert [UUID(each["id"]) for each in told] == uids(room)
    assert told[0]["unit_id"] == "liulin"
    assert told[0]["at"] == NIGHT.isoformat()


def test_with_nothing_set_aside_a_sentence_says_so(opened: Book, data: Path) -> None:
    done = jibao("quarantine", "list", "--data", data)

    assert (done.exit_code, done.stdout) == (0, "")
    assert "没有隔离件" in done.stderr


def test_one_is_shown_as_it_was(room: DutyBook, data: Path) -> None:
    done = jibao("quarantine", "show", str(uids(room)[0]), "--data", data)

    assert done.exit_code == 0
    assert done.stdout_bytes.endswith(b"\xffgarbage\n")
    assert "不是有效的 JSON（UTF-8）".encode() in done.stdout_bytes


def test_on_a_terminal_the_bytes_of_a_stranger_do_nothing_to_it() -> None:
    assert _harmless(b"\x1b[2Jred\xff\n\xe7\x81\xab") == b"\\x1b[2Jred\\xff\n\xe7\x81\xab"


def test_of_a_classified_one_there_is_nothing_to_show(room: DutyBook, data: Path) -> None:
    done = jibao("quarantine", "show", str(uids(room)[1]), "--data", data)

    assert SECRET_WORDS not in done.stdout
    assert "密级标志，未保存" in done.stderr


@pytest.mark.parametrize("command", ["show", "retry"])
def test_an_unknown_number_is_said_in_a_sentence(opened: Book, data: Path, command: str) -> None:
    done = jibao("quarantine", command, str(UUID(int=7)), "--data", data)

    assert done.exit_code == 1
    assert "没有编号为" in done.stderr


def test_a_retry_takes_in_what_can_be_and_says_why_the_rest_cannot(
    room: DutyBook, data: Path
) -> None:
    garbage, classified, stumbled = uids(room)

    done = jibao("quarantine", "retry", "--data", data)

    assert done.exit_code == 0
    assert f"{garbage}  仍不能接收：不是有效的 JSON（UTF-8）" in done.stderr
    assert f"{classified}  仍不能接收：内容带有密级标志，未保存" in done.stderr
    assert f"{stumbled}  已接收" in done.stderr
    assert count_of_submissions(data) == 1
    left = jibao("quarantine", "list", "--data", data).stdout
    assert str(stumbled) not in left


def test_what_we_still_stumble_over_stays_and_the_others_are_taken_in(
    room: DutyBook, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absorbed(room, a_record({**BARE, "title": "坏件"}, offset=8), unfit=OUR_FAULT)
    absorbed(room, a_record(offset=9), unfit=OUR_FAULT)
    absorb = Intake.absorb

    def faulty(intake: Intake, connection: Connection, arrivals: Sequence[Arrival]) -> list[Done]:
        if any(arrival.submission.title == "坏件" for arrival in arrivals):
            raise RuntimeError("a fault of ours")
        return absorb(intake, connection, arrivals)

    monkeypatch.setattr(Intake, "absorb", faulty)

    done = jibao("quarantine", "retry", "--data", data)

    assert done.exit_code == 0
    assert f"{uids(room)[3]}  仍不能接收：{OUR_FAULT}" in done.stderr
    assert count_of_submissions(data) == 2


def test_one_alone_can_be_retried(room: DutyBook, data: Path) -> None:
    stumbled = uids(room)[2]

    done = jibao("quarantine", "retry", str(stumbled), "--data", data)

    assert done.stderr.split() == [str(stumbled), "已接收"]
    assert jibao("quarantine", "retry", str(stumbled), "--data", data).exit_code == 0
    assert count_of_submissions(data) == 1
