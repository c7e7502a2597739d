"""What would have been under another rulebook, by command: told, and nothing changed? 推演命令。"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

import rulebook
from ledger.book import FILE_NAME, BookAwayError, open_book, reading_only
from ledger.schema import alerts, metadata, submissions
from tests.app.commands import jibao
from tests.builders import (
    FIRE,
    HOUR,
    MEETING,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SECOND,
    TOWNSHIP,
    Item,
    a_call,
    a_desk,
    an_arrival,
)
from tests.laptop.fixtures import a_copied_database, postgres  # noqa: F401 (asked for by name)
from tests.streams.duty_book import DutyBook, just_after

pytestmark = pytest.mark.slow  # each reads two rulebooks whole

DAY = timedelta(days=1)
DUE = NIGHT - 3 * MINUTE + HOUR
PERIOD = ("--from", "2026-11-24", "--to", "2026-11-24")
GATHERING: Item = {
    "title": "东岗村青松舞会",
    "body": "今晨3时，东岗村发生青松舞会，目前正在处置。",
}


def lived(room: DutyBook) -> None:
    """A night: a call, its written report ten minutes before due, and a day that passed."""
    room.live(NIGHT - 2 * HOUR)
    opened = room.take(a_call())
    for alert in room.rows(alerts):
        room.acknowledge(alert["uid"], OFFICER, NIGHT + MINUTE)
    named = {"case_id": opened["case_id"]}
    room.take(an_arrival("written", at=DUE - 10 * MINUTE, **FIRE, **named))
    room.take(an_arrival("dance", NEIGHBOUR, at=NIGHT + 2 * HOUR, **GATHERING))
    room.take(an_arrival("meeting", NEIGHBOUR, at=NIGHT + 3 * HOUR, **MEETING))
    room.fire(just_after(NIGHT + 2 * DAY))
    room.live(NIGHT - HOUR, NIGHT + 2 * DAY)


@pytest.fixture
def past(data: Path) -> Path:
    opened = open_book(data)
    lived(DutyBook(opened, a_desk()))
    opened.close()
    return data


@pytest.fixture
def other_law(tmp_path: Path) -> Path:
    """The house's rulebook: half an hour in writing, and a word of its own that calls."""
    folder = tmp_path / "other"
    shutil.copytree(Path(rulebook.__file__).parent, folder)
    page = folder / "first_report.yaml"
    page.write_text(page.read_text("utf-8").replace("minutes: 60", "minutes: 30"), "utf-8")
    return folder


@pytest.fixture
def wordier_law(tmp_path: Path) -> Path:
    folder = tmp_path / "wordier"
    shutil.copytree(Path(rulebook.__file__).parent, folder)
    page = folder / "lexicon.yaml"
    page.write_text(
        page.read_text("utf-8").replace("strong: [山火,", "strong: [青松舞会, 山火,", 1), "utf-8"
    )
    return folder


def replayed(folder: Path, data: Path, *period: str) -> dict[str, Any]:
    done = jibao("replay", "--rulebook", folder, *(period or PERIOD), "--json", "--data", data)
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# What differs.


def test_the_same_rulebook_finds_no_difference(past: Path) -> None:
    found = replayed(Path(rulebook.__file__).parent, past)

    assert (found["late"], found["items"], found["alerts"]) == ([], [], [])
    assert found["totals"]["items"] == 4
    assert found["totals"]["verdicts"][0] == found["totals"]["verdicts"][1]


def test_a_shorter_limit_says_who_would_have_been_late_and_by_how_much(
    past: Path, other_law: Path
) -> None:
    found = replayed(other_law, past)

    (row,) = [each for each in found["late"] if each["change"] == "newly_late"]
    assert (row["unit_id"], row["kind"]) == (TOWNSHIP, "written_first_report")
    assert row["before"]["timeliness"] == "on_time"
    assert row["after"]["timeliness"] == "late"
    assert row["after"]["overrun_seconds"] == 20 * 60
    assert row["after"]["limit_minutes"] == 30
    assert found["totals"]["timeliness"][1]["late"] == 1


def test_the_other_way_round_it_says_who_would_not_have_been_late(
    past: Path, other_law: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIBAO_RULEBOOK", str(other_law))

    found = replayed(Path(rulebook.__file__).parent, past)

    assert [each["change"] for each in found["late"]] == ["no_longer_late"]


def test_another_word_says_which_items_and_alerts_would_have_differed(
    past: Path, wordier_law: Path
) -> None:
    found = replayed(wordier_law, past)

    (item,) = found["items"]
    assert item["title"] == GATHERING["title"]
    assert (item["before"]["verdict"], item["after"]["verdict"]) == ("routine", "emergency")
    assert item["after"]["subtype"] == "森林草原火灾"
    (alert,) = found["alerts"]
    assert (alert["unit_id"], alert["before"]) == (NEIGHBOUR, None)
    assert alert["after"]["cause"] == "opened"


def test_people_read_it_in_chinese(past: Path, other_law: Path) -> None:
    done = jibao("replay", "--rulebook", other_law, *PERIOD, "--data", past)

    assert done.exit_code == 0
    assert "台账未作任何改动" in done.stdout
    assert "新增迟报、缺报（1）" in done.stdout
    assert "青石镇 书面首报" in done.stdout
    assert "迟报 0:20:00" in done.stdout


# What is left as it was.


def rows_of(url: str) -> dict[str, str]:
    """Each table's rows, as a hash."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sha256(repr(connection.execute(table.select()).all()).encode()).hexdigest()
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_not_one_byte_of_the_book_changes(past: Path, other_law: Path) -> None:
    file, log = past / FILE_NAME, past / f"{FILE_NAME}-wal"
    before = (file.read_bytes(), file.stat().st_mtime_ns)

    replayed(other_law, past)

    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert not log.exists() or log.stat().st_size == 0
    assert not (past / "secret_key").exists()


def test_the_connection_itself_refuses_to_write(past: Path) -> None:
    with (
        pytest.raises(BookAwayError, match="readonly"),
        reading_only(past) as connection,
    ):
        connection.execute(submissions.delete())


def test_a_book_in_use_is_read_as_it_stands(past: Path, other_law: Path) -> None:
    with closing(open_book(past)) as live:
        DutyBook(live, a_desk()).take(an_arrival("late", at=NIGHT + 4 * HOUR, **MEETING))
        found = replayed(other_law, past)

    assert found["totals"]["items"] == 5


@pytest.fixture
def shared_past(request: pytest.FixtureRequest) -> Iterator[str]:
    with a_copied_database(request.getfixturevalue("postgres")) as url:
        opened = open_book(Path(), url)
        lived(DutyBook(opened, a_desk()))
        opened.close()
        yield url


@pytest.mark.slow
def test_a_book_in_postgresql_is_replayed_and_not_changed(
    shared_past: str, other_law: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = shared_past.replace("postgresql://", "postgresql+psycopg://", 1)
    before = rows_of(address)
    monkeypatch.setenv("JIBAO_DATABASE_URL", shared_past)

    found = replayed(other_law, data)

    assert [row["change"] for row in found["late"]] == ["newly_late"]
    assert rows_of(address) == before
    with pytest.raises(BookAwayError, match="read-only"), reading_only(data, shared_past) as read:
        read.execute(submissions.delete())


# What cannot be judged, or not be asked.


def test_what_is_marked_classified_under_either_law_is_left_out_and_counted(
    past: Path, tmp_path: Path
) -> None:
    opened = open_book(past)
    marked = {"title": "机密★1年", "body": "某事"}  # it came before the mark was known
    DutyBook(opened, a_desk()).take(an_arrival("old", at=NIGHT + HOUR, **marked))
    opened.close()

    done = jibao("replay", "--rulebook", Path(rulebook.__file__).parent, *PERIOD, "--data", past)

    assert "涉密标志 1 件" in done.stdout
    assert "某事" not in done.stdout


def test_what_can_no_longer_be_read_is_left_out_and_counted(past: Path, other_law: Path) -> None:
    opened = open_book(past)
    with opened.writing.begin() as connection:
        connection.execute(
            submissions.update()
            .where(submissions.c.unit_id == NEIGHBOUR)
            .values(content='{"title": "x", "colour": "red"}')
        )
    opened.close()

    found = replayed(other_law, past)

    assert found["left_out"]["unreadable"] == 2
    assert found["totals"]["items"] == 2


def test_a_mistake_in_the_other_rulebook_is_told_as_jibao_check_tells_it(
    past: Path, other_law: Path
) -> None:
    page = other_law / "first_report.yaml"
    page.write_text(page.read_text("utf-8").replace("minutes: 30", "minuts: 30", 1), "utf-8")

    done = jibao("replay", "--rulebook", other_law, *PERIOD, "--data", past)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "first_report.yaml" in done.stderr
    assert "minuts" in done.stderr


def test_a_period_in_which_nobody_listened_is_said(past: Path, other_law: Path) -> None:
    period = ("--from", "2025-01-01", "--to", "2025-01-02")

    done = jibao("replay", "--rulebook", other_law, *period, "--data", past)

    assert done.exit_code == 1
    assert "没有记录" in done.stderr


def test_a_folder_without_a_book_is_said_and_none_is_made(data: Path, other_law: Path) -> None:
    done = jibao("replay", "--rulebook", other_law, *PERIOD, "--data", data)

    assert done.exit_code == 1
    assert "台账打不开" in done.stderr
    assert not data.exists()


@pytest.mark.parametrize("end", ["2026-11-23", "yesterday"])
def test_a_period_that_is_none_is_refused(past: Path, other_law: Path, end: str) -> None:
    done = jibao(
        "replay", "--rulebook", other_law, "--from", "2026-11-24", "--to", end, "--data", past
    )

    assert done.exit_code == 2


def test_a_day_alone_is_meant_whole_and_an_hour_as_it_stands(past: Path, other_law: Path) -> None:
    hour = f"{NIGHT + 2 * HOUR + SECOND:%Y-%m-%dT%H:%M:%S}"

    assert replayed(other_law, past, *PERIOD)["totals"]["items"] == 4
    assert replayed(other_law, past, "--from", "2026-11-24", "--to", hour)["totals"]["items"] == 3
