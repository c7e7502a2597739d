"""A duty room and a phone to measure: the shipped county, led to our phone. 被测值班室。"""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

import rulebook
from app.book_commands import new_token
from app.clock import WallClock
from app.settings import Settings
from bench.processes import JIBAO, ROOT, Ground, free_port
from rulebook import county as county_files
from rules.county import County
from rules.duty import on_duty
from vocabulary.terms import Role, UnitKind

_URL = re.compile(r'(url: ")([^"?]+)(")')
_PAGE = 50_000  # messages asked for at a time


@dataclass
class Phone:
    """A running receiver, and what it has taken since it was last asked."""

    port: int
    _seen: int = 0

    def messages(self) -> list[dict[str, Any]]:
        """Return what came since the last time, oldest first."""
        found: list[dict[str, Any]] = []
        while True:
            url = f"http://127.0.0.1:{self.port}/messages?after={self._seen}&limit={_PAGE}"
            with urllib.request.urlopen(url, timeout=60) as answer:
                page: list[dict[str, Any]] = orjson.loads(answer.read())
            if not page:
                return found
            self._seen = page[-1]["number"]
            found += page


@dataclass
class Room:
    """A duty room that can be started, and the tokens of its townships."""

    ground: Ground
    county_folder: Path
    phone: Phone
    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its process is told beyond its options."""
        return {"JIBAO_PHONE": f"127.0.0.1:{self.phone.port}"}

    def county(self) -> County:
        """Return the county as the room reads it."""
        return county_files.load(self.county_folder, os.environ | self.environment)

    def tokens(self) -> list[str]:
        """Make and return a token for each township."""
        settings = Settings(data=self.data, county=self.county_folder)
        townships = [u for u in self.county().units.values() if u.kind is UnitKind.TOWNSHIP]
        made = [new_token(settings, f"unit:{unit.unit_id}") for unit in townships]
        return [token for token in made if token is not None]

    def start(self, *, is_awaited: bool = True) -> None:
        """Start `jibao up`; wait until it is ready unless told not to."""
        options = ("--data", str(self.data), "--county", str(self.county_folder))
        command = (*JIBAO, "up", *options, "--port", str(self.port))
        self.process = self.ground.start("up", command, self.environment)
        if is_awaited:
            self.wait()

    def wait(self) -> None:
        """Wait until the room says that it is ready."""
        assert self.process is not None
        self.ground.wait_until_up("up", self.process, f"{self.url}/-/ready")

    def stop(self) -> None:
        """End the process in good order."""
        assert self.process is not None
        self.ground.end(self.process)

    def officers(self, now: datetime) -> set[str]:
        """Return who is on duty at the desk; the first channel addresses them by id."""
        return {p.person_id for p in on_duty(self.county(), Role.DUTY_OFFICER, now)}


def a_phone(ground: Ground) -> Phone:
    """Start `jibao phone` and wait for it."""
    port = free_port()
    process = ground.start("phone", (*JIBAO, "phone", "--port", str(port)))
    ground.wait_until_up("phone", process, f"http://127.0.0.1:{port}/messages?limit=1")
    return Phone(port)


def a_room(ground: Ground, name: str, phone: Phone) -> Room:
    """Make a room with the shipped county, whose channels lead to our phone and have no rate.

    The rates are the bots' own, 20 a minute; a burst of emergencies would measure them and not
    the house.
    """
    folder = ground.folder / f"{name}-county"
    if not folder.exists():
        shutil.copytree(ROOT / "county", folder)
        channels = folder / "channels.yaml"
        text, count = _URL.subn(r"\1\2?rate=off\3", channels.read_text("utf-8"))
        if not count:
            raise ValueError("no channel address found in channels.yaml")
        channels.write_text(text, "utf-8")
    return Room(ground, folder, phone, ground.folder / f"{name}-data")


def now() -> datetime:
    """Return the hour, by the clock that all processes of this machine share."""
    return WallClock().now()


def now_us() -> int:
    """Return microseconds since 1970: what a client notes before it sends."""
    return time.time_ns() // 1_000  # noqa: TID251 (a stopwatch, not a judgement)


def digest_of_law() -> str:
    """Return which rulebook was measured."""
    return rulebook.load(ROOT / "rulebook").digest


def bearer(token: str) -> Mapping[str, str]:
    """Return the headers of a caller."""
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
