"""Tokens and backups by command: is the book safe in them? 台账命令。"""

import sqlite3
from pathlib import Path

import pytest

from ledger import flags, tokens
from ledger.book import FILE_NAME, open_book
from tests.app.commands import count_of_submissions, jibao
from tests.builders import WALL, a_desk, an_arrival
from tests.streams.duty_book import DutyBook

# token, backup, restore, unmute.


def test_a_token_is_printed_once_alone_on_a_line_and_the_book_keeps_its_hash(data: Path) -> None:
    done = jibao("token", "qingshi", "--data", data)

    assert done.exit_code == 0
    (token,) = done.stdout.splitlines()
    opened = open_book(data)
    with opened.read() as connection:
        assert tokens.find(connection, tokens.hash_of(token)) == "unit:qingshi"
    opened.close()
    written = b"".join(path.read_bytes() for path in data.iterdir() if path.is_file())
    assert tokens.hash_of(token) in written
    assert token.encode() not in written


def test_each_token_is_another_and_a_person_may_have_one(data: Path) -> None:
    made = {jibao("token", name, "--data", data).stdout for name in ("qingshi", "feng-jianye")}

    assert len(made) == 2


def test_nobody_outside_the_county_gets_a_token(data: Path) -> None:
    done = jibao("token", "nobody", "--data", data)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "nobody" in done.stderr


def test_revoked_tokens_open_nothing(data: Path) -> None:
    token = jibao("token", "qingshi", "--data", data).stdout.strip()

    assert jibao("token", "qingshi", "--revoke", "--data", data).exit_code == 0

    opened = open_book(data)
    with opened.read() as connection:
        assert tokens.find(connection, tokens.hash_of(token)) is None
    opened.close()


def test_a_backup_is_the_book_whole_while_it_is_open(book: Path, tmp_path: Path) -> None:
    live = open_book(book)
    DutyBook(live, a_desk()).take(an_arrival("2", **WALL))

    done = jibao("backup", tmp_path / "copy", "--data", book)

    live.close()
    assert done.exit_code == 0
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("SELECT count(*) FROM submissions").fetchone() == (2,)
    copy.close()


def test_without_a_book_there_is_nothing_to_back_up(data: Path, tmp_path: Path) -> None:
    done = jibao("backup", tmp_path / "copy", "--data", data)

    assert done.exit_code == 1
    assert not (tmp_path / "copy").exists()


def test_a_restored_book_is_muted_until_someone_says_so(book: Path, tmp_path: Path) -> None:
    jibao("backup", tmp_path / "copy", "--data", book)

    done = jibao("restore", tmp_path / "copy", "--data", tmp_path / "new")
    muted = is_muted(tmp_path / "new")
    unmuted = jibao("unmute", "--data", tmp_path / "new")

    assert (done.exit_code, muted) == (0, True)
    assert "jibao unmute" in done.stderr
    assert (unmuted.exit_code, is_muted(tmp_path / "new")) == (0, False)
    assert count_of_submissions(tmp_path / "new") == 1


def test_a_book_may_be_muted_by_hand_as_after_a_restore_of_another_kind(book: Path) -> None:
    muted, was_muted = jibao("mute", "--data", book), is_muted(book)
    unmuted = jibao("unmute", "--data", book)

    assert (muted.exit_code, was_muted) == (0, True)
    assert "jibao unmute" in muted.stderr
    assert (unmuted.exit_code, is_muted(book)) == (0, False)


def is_muted(data: Path) -> bool:
    opened = open_book(data)
    with opened.read() as connection:
        found = flags.is_muted(connection)
    opened.close()
    return found


def test_a_book_that_is_there_is_not_overwritten_unless_told_so(book: Path, tmp_path: Path) -> None:
    jibao("backup", tmp_path / "copy", "--data", book)
    live = open_book(book)
    DutyBook(live, a_desk()).take(an_arrival("2", **WALL))
    live.close()

    refused = jibao("restore", tmp_path / "copy", "--data", book)
    untouched = count_of_submissions(book)
    forced = jibao("restore", tmp_path / "copy", "--data", book, "--force")

    assert (refused.exit_code, untouched) == (1, 2)
    assert (forced.exit_code, count_of_submissions(book)) == (0, 1)
    assert list(book.glob("before-restore-*.sqlite3"))


@pytest.mark.parametrize(("command", "instead"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_a_book_in_postgresql_is_backed_up_by_its_own_means(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, instead: str
) -> None:
    """The file that lies in the data folder may be an old one: it must not pass for the book."""
    monkeypatch.setenv("JIBAO_DATABASE_URL", "postgresql://jibao:a-secret@127.0.0.1/jibao")

    done = jibao(command, tmp_path / "copy", "--data", book)

    assert done.exit_code == 2
    assert instead in done.stderr
    assert "a-secret" not in done.stderr
    assert not (tmp_path / "copy").exists()
    assert count_of_submissions(book) == 1


def test_a_file_that_is_not_there_cannot_be_restored(data: Path, tmp_path: Path) -> None:
    done = jibao("restore", tmp_path / "no-such-file", "--data", data)

    assert done.exit_code == 1
    assert "没有文件" in done.stderr


def test_a_file_that_is_no_book_is_not_restored(data: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("今日无事", "utf-8")

    done = jibao("restore", tmp_path / "letter", "--data", data)

    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "不是完整的台账备份" in done.stderr
    assert not (data / FILE_NAME).exists() or (data / FILE_NAME).read_bytes()[:6] == b"SQLite"
