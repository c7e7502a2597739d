"""Do the commands that docs/operating.md gives for a PostgreSQL book bring it back, mute? 备份。

They are taken from the document and run on a real server, without the containers around them.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from app.laptop.postgres import Postgres, installed_programs
from ledger import flags
from ledger.book import open_book
from ledger.schema import outages, submissions
from streams.faust_app import lane_app
from streams.pulse import Beat, beat
from streams.topics import LANE_TOPICS
from tests.app.commands import jibao
from tests.builders import HOUR, NIGHT, a_desk, an_arrival
from tests.laptop.fixtures import a_postgres
from tests.streams.duty_book import DutyBook

OPERATING = Path(__file__).parent.parent.parent / "docs" / "operating.md"
TOLD = re.compile(
    r"^docker compose exec -T postgres ((pg_dump|dropdb|createdb|pg_restore) .+)$", re.MULTILINE
)


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server whose first user and database have the names that the compose file gives."""
    with a_postgres() as made:
        yield made


def told(program: str, backup: Path) -> str:
    """The one line of the document for a program, with this backup in the place of its own."""
    lines = {found[2]: found[1] for found in TOLD.finditer(OPERATING.read_text("utf-8"))}
    return re.sub(r"([<>]) /backup/.*", rf"\1 {backup}", lines[program])


def test_a_replay_sets_back_the_groups_and_topics_that_the_lanes_have(tmp_path: Path) -> None:
    text = OPERATING.read_text("utf-8")
    (lanes,) = re.findall(r"^for lane in ([\w ]+); do$", text, re.MULTILINE)
    ((group, topic),) = re.findall(r"--group (\S+) --topic (\S+)", text)

    async def nothing(_: object) -> None:
        return

    assert set(lanes.split()) == {lane.value for lane in LANE_TOPICS}
    for lane, its_topic in LANE_TOPICS.items():
        app = lane_app(lane, "kafka://127.0.0.1:1", nothing, folder=tmp_path)
        assert app.conf.id == group.replace("$lane", lane.value)
        assert its_topic == topic.replace("$lane", lane.value)


@pytest.mark.slow
def test_a_dump_brings_the_book_back_and_it_sends_nothing_until_it_is_unmuted(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = str(make_url(server.url).query["host"])
    path = f"{installed_programs()}:{os.environ['PATH']}"

    def run(program: str) -> None:
        line = told(program, tmp_path / "book.dump")
        subprocess.run(line, shell=True, check=True, env={"PGHOST": host, "PATH": path})

    monkeypatch.setenv("JIBAO_DATABASE_URL", server.url)
    book = open_book(tmp_path, server.url)
    duty = DutyBook(book, a_desk())
    duty.do(beat, [Beat(NIGHT, is_first=True)])
    duty.take(an_arrival("before"))
    run("pg_dump")
    duty.take(an_arrival("after"))
    book.close()

    for program in ("dropdb", "createdb", "pg_restore"):
        run(program)
    assert jibao("mute", "--data", tmp_path).exit_code == 0

    restored = open_book(tmp_path, server.url)
    DutyBook(restored, a_desk()).do(beat, [Beat(NIGHT + HOUR, is_first=True)])
    with restored.read() as connection:
        assert len(connection.execute(select(submissions.c.uid)).all()) == 1
        assert flags.is_muted(connection)
        spans = connection.execute(select(outages.c.from_at, outages.c.to_at)).all()
    restored.close()
    assert [tuple(span) for span in spans] == [(NIGHT, NIGHT + HOUR)]
