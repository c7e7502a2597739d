"""`jibao log`: does it tell a whole log from one that was touched? 验链命令。"""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book import FILE_NAME, open_book
from tests.app.commands import jibao
from tests.builders import HOUR, a_call, a_desk
from tests.streams.a_chained_log import link_up
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE


@pytest.fixture
def chained(data: Path) -> Path:
    book = open_book(data)
    room = DutyBook(book, a_desk())
    room.take(a_call())
    room.fire(just_after(DUE))
    room.fire(just_after(DUE + HOUR))
    link_up(room)
    book.close()
    return data


def head_of(data: Path) -> str:
    return str(json.loads(jibao("log", "verify", "--json", "--data", data).stdout)["head"])


def tamper(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / FILE_NAME)) as book, book:
        for table in ("late_log", "late_log_chain"):
            for what in ("update", "delete"):
                book.execute(f"DROP TRIGGER {table}_no_{what}")
        book.execute(statement)


def test_a_whole_log_verifies_and_tells_its_head(chained: Path) -> None:
    done = jibao("log", "verify", "--head", head_of(chained), "--data", chained)

    assert done.exit_code == 0
    assert "验链通过：2 环" in done.stdout
    assert "The given head is link 2" in done.stdout


def test_a_row_that_was_changed_is_named_in_both_languages(chained: Path) -> None:
    tamper(chained, "UPDATE late_log SET overrun_seconds = 0 WHERE id = 2")

    done = jibao("log", "verify", "--data", chained)

    assert done.exit_code == 1
    assert "第 2 环（台账第 2 号）被改：overrun_seconds" in done.stdout
    assert "Link 2 (late log 2) changed: overrun_seconds" in done.stdout


def test_a_row_not_yet_chained_is_no_trace_and_waits_for_the_house(chained: Path) -> None:
    with closing(sqlite3.connect(chained / FILE_NAME)) as book, book:
        book.execute(
            "INSERT INTO late_log (id, obligation_id, at, timeliness, overrun_seconds, note)"
            " SELECT 3, obligation_id, at, timeliness, 9, note FROM late_log WHERE id = 2"
        )

    done = jibao("log", "verify", "--data", chained)

    assert done.exit_code == 0
    assert "另有 1 条尚未入链，不算痕迹：请启动值班室" in done.stdout
    assert "1 row(s) are not chained yet, no trace: start the house" in done.stdout


def test_a_log_cut_off_is_shown_by_the_head_of_an_export(chained: Path) -> None:
    head = head_of(chained)
    tamper(chained, "DELETE FROM late_log_chain WHERE number = 2")
    with closing(sqlite3.connect(chained / FILE_NAME)) as book, book:
        book.execute("DELETE FROM late_log WHERE id = 2")

    assert jibao("log", "verify", "--data", chained).exit_code == 0
    done = jibao("log", "verify", "--head", head, "--data", chained)
    assert done.exit_code == 1
    assert "链尾被截" in done.stdout


@pytest.mark.parametrize("head", ["", "xyz", "ab" * 31])
def test_a_head_that_is_none_is_told_so(chained: Path, head: str) -> None:
    assert jibao("log", "verify", "--head", head, "--data", chained).exit_code == 2


def test_where_there_is_no_book_none_is_made(tmp_path: Path) -> None:
    done = jibao("log", "verify", "--data", tmp_path)

    assert done.exit_code == 1
    assert not (tmp_path / FILE_NAME).exists()


def test_the_links_add_up_as_the_manual_says(chained: Path) -> None:
    head = hashlib.sha256(b"jibao/late-log/1").digest()

    for line in jibao("log", "links", "--data", chained).stdout.splitlines():
        link = json.loads(line)
        head = hashlib.sha256(head + link["content"].encode("utf-8")).digest()
        assert head.hex() == link["hash"]

    assert head.hex() == head_of(chained)
