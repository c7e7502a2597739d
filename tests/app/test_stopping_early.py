"""A part that still waits for its book or its log: does it go when told to? 等待中也能停。"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.laptop.ports import free_ports


@pytest.mark.slow
@pytest.mark.parametrize("part", ["clock", "deliver", "worker"])
def test_a_part_that_waits_for_the_book_ends_when_told_to(part: str, tmp_path: Path) -> None:
    (nobody,) = free_ports(1)
    command = [str(Path(sys.executable).with_name("jibao")), part, "--data", str(tmp_path)]
    if part == "worker":
        command += ["--lane", "express"]
    environment = os.environ | {
        "JIBAO_KAFKA": f"127.0.0.1:{nobody}",
        "JIBAO_DATABASE_URL": f"postgresql+psycopg://nobody@127.0.0.1:{nobody}/none",
        "JIBAO_SECRET_KEY": "a key for tests alone",
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as waiting:
        try:
            assert waiting.stderr is not None
            said = next((line for line in waiting.stderr if "book_away" in line), None)
            waiting.send_signal(signal.SIGTERM)
            code = waiting.wait(timeout=30)
        finally:
            waiting.kill()

    assert said is not None
    assert code == 0
