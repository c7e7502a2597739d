"""Is an item on the disk before its sender is told so? 先落盘，后回执。

A killed process loses nothing that the kernel has, so killing cannot show a missing fsync. Two
things can: the settings of the open connection, and the system calls of one accept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.book import open_book, settings_of
from tests.conftest import need
from tests.journeys.counties import a_county
from tests.journeys.house import DutyRoom, a_duty_room, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ITEM = {"title": "第1号民房起火，1人死亡", "body": "青石镇报告。"}
CALLS = "trace=read,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync"
BEGUN_AND_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[DutyRoom]:
    with a_duty_room(tmp_path, a_county(tmp_path), "127.0.0.1:9") as room:
        yield room


@dataclass(frozen=True)
class Accept:
    """One accept as the kernel saw it: each call with the line on which it was done."""

    lines: list[str]

    @classmethod
    def of(cls, trace: str) -> "Accept":
        """Cut the trace from the request that was read to the 202 that was written."""
        lines = _whole_calls(trace)
        first = next(n for n, line in enumerate(lines) if '"POST /api/v1/submissions ' in line)
        last = next(n for n, line in enumerate(lines) if '"HTTP/1.1 202 ' in line)
        assert first < last
        return cls(lines[first : last + 1])

    @property
    def log_writes(self) -> list[int]:
        """Where the book's log was written."""
        return self._where("pwrite64(", "jibao.sqlite3-wal>")

    @property
    def syncs(self) -> list[int]:
        """Where the book's log had been brought to the disk."""
        return self._where(("fdatasync(", "fsync("), "jibao.sqlite3-wal>")

    def _where(self, call: str | tuple[str, ...], file: str) -> list[int]:
        return [n for n, line in enumerate(self.lines) if line.startswith(call) and file in line]


def _whole_calls(trace: str) -> list[str]:
    """Return each call on one line, in the order in which the calls ended; writes as they began.

    A sync counts when it returned, an answer when it began to be sent.
    """
    calls, begun = [], dict[str, str]()
    for line in trace.splitlines():
        thread, _, call = line.partition(" ")
        call = call.strip()
        resumed = BEGUN_AND_RESUMED.match(call)
        if call.endswith("<unfinished ...>"):
            begun[thread] = call
            if '"HTTP/1.1 ' in call:
                calls.append(call)
        elif resumed is None:
            calls.append(call)
        elif '"HTTP/1.1 ' not in begun.get(thread, ""):
            calls.append(begun.get(thread, "").removesuffix("<unfinished ...>") + call)
    return calls


def trace_of_one_accept(room: DutyRoom, folder: Path, *orders: str) -> Accept:
    strace = need("strace", "apt-get install strace")
    file = folder / "trace"
    room.token("unit:qingshi")
    watched = (strace, "-f", "-y", "-qq", "-s", "64", "-e", CALLS, "-o", str(file))
    room.begin(*orders, around=watched)
    wait_until(room.is_ready_or_dead, "the traced duty room is ready", told=lambda: room.log)
    assert room.is_up, room.log

    reply = room.post(ITEM, "one")
    assert reply.status == 202, reply.body
    room.kill()
    return Accept.of(file.read_text("utf-8", "replace"))


def test_the_book_is_open_with_a_log_that_is_synced_at_each_commit(tmp_path: Path) -> None:
    book = open_book(tmp_path)

    with book.writing.connect() as connection:
        found = settings_of(connection)
    book.close()

    assert found["journal_mode"] == "wal"
    assert found["synchronous"] == 2, "FULL: the log is synced before a commit returns"
    assert 0 < found["busy_timeout"] <= 2_000, "a sender hears 503 rather than waits"


def test_between_the_request_and_the_202_the_log_is_brought_to_the_disk(
    room: DutyRoom, tmp_path: Path
) -> None:
    accept = trace_of_one_accept(room, tmp_path)

    assert accept.log_writes, accept.lines
    assert accept.syncs, accept.lines
    # The item's transaction is the first. What follows its sync is the delivery's, under way.
    assert min(accept.log_writes) < min(accept.syncs), "what was written was then synced"


def test_this_trace_would_show_a_missing_sync(room: DutyRoom, tmp_path: Path) -> None:
    accept = trace_of_one_accept(room, tmp_path, "pragma:synchronous:0")

    assert accept.log_writes, accept.lines
    assert accept.syncs == []


def test_a_book_that_does_not_keep_its_settings_is_not_opened(room: DutyRoom) -> None:
    room.begin("disobeyed:synchronous:1")

    assert room.running is not None
    assert room.running.wait() == 1
    assert "台账打不开" in room.log
    assert "synchronous" in room.log
