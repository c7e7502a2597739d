"""Does the demo, as a user starts it, come alive, and end when told to? 演示实跑。"""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
JIBAO = str(Path(sys.executable).with_name("jibao"))


@dataclass
class Running:
    """A running demo, and what it has said so far."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def until(self, holds: Callable[[], object], what: str) -> None:
        end = time.monotonic() + 90
        while not holds():
            assert time.monotonic() < end, f"not in time: {what}\n{self.said}"
            assert self.process.poll() is None, f"it ended by itself\n{self.said}"
            time.sleep(0.05)

    def get(self, address: str) -> http.client.HTTPResponse:
        parts = urlsplit(address)
        assert parts.port is not None
        line = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
        line.request("GET", parts.path, headers={"Host": parts.netloc, "Connection": "close"})
        return line.getresponse()

    def messages(self) -> list[dict[str, Any]]:
        (phone,) = re.findall(r"^  (http://127\.0\.0\.1:\d+)/$", self.said, re.MULTILINE)
        found: list[dict[str, Any]] = json.loads(self.get(f"{phone}/messages").read())
        return found

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextmanager
def a_demo(*options: str) -> Iterator[Running]:
    environment = {name: v for name, v in os.environ.items() if not name.startswith("JIBAO_")}
    process = subprocess.Popen(
        [JIBAO, "demo", "--port", "0", "--phone-port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=environment | {"PYTHONUNBUFFERED": "1"},
    )
    running = Running(process)
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: running.lines.extend(process.stdout or ()))
    reader.start()
    try:
        running.until(lambda: "Ctrl-C" in running.said, "the greeting")
        yield running
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()


def test_a_day_pages_acknowledges_logs_and_ends_in_good_order() -> None:
    with a_demo("--speed", "3600") as demo:
        demo.until(lambda: "松岗乡：零报告缺报" in demo.said, "the nil report that never comes")
        titles = [message["title"] for message in demo.messages()]
        (folder,) = re.findall(r"临时台账在 (\S+)，", demo.said)

        assert demo.end() == 0

    assert any(title.startswith("【急报】") for title in titles)
    assert any(title.startswith("【缺报待核】") for title in titles)
    assert any(title.startswith("【已签收】") for title in titles)
    assert re.search(r"签收  值班员", demo.said)
    assert "拒收  县公安局" in demo.said
    assert "未收下" not in demo.said
    assert not Path(folder).exists()
    assert all(line.rstrip("\n").isprintable() for line in demo.lines)


def test_within_seconds_somebody_is_paged_and_three_links_let_in() -> None:
    with a_demo() as demo:
        demo.until(demo.messages, "a page")
        links = re.findall(r"http://\w+\.localhost:\d+/enter/\S+", demo.said)
        answers = [demo.get(link) for link in links]

        assert demo.end(signal.SIGTERM) == 0

    assert [answer.status for answer in answers] == [303] * 3
    assert all("jibao_session=" in str(answer.headers["set-cookie"]) for answer in answers)
