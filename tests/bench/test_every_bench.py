"""Does each benchmark run, and say what it found under the agreed names? 测速能跑、能说。

The smallest size: what is shown is that it works and loses nothing. No time is asserted.
"""

import os
import subprocess
import sys
from typing import Any

import orjson
import pytest

pytestmark = pytest.mark.slow

FIGURES = {
    "latency": {"p50_ms", "p99_ms", "max_ms", "lost"},
    "accept": {"single_per_s", "batch_per_s"},
    "deadlines": {"open", "p50_ms", "p99_ms", "due_1000_s", "restart_s", "rss_mb", "file_mb"},
    "express": {"unloaded_p99_ms", "loaded_p99_ms"},
    "triage": {"items_per_s", "p50_us", "p99_us", "us_64_kib"},
}


def run(name: str) -> dict[str, Any]:
    told = subprocess.run(
        (sys.executable, "-c", "from app.main import main; main()", "bench", name, "--json"),
        env=os.environ | {"JIBAO_BENCH_SCALE": "small"},
        capture_output=True,
        timeout=110,
        check=False,
    )
    assert told.returncode == 0, told.stderr.decode()
    found: dict[str, Any] = orjson.loads(told.stdout)
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_a_benchmark_prints_one_object_with_its_figures_and_its_machine(name: str) -> None:
    found = run(name)

    assert found["bench"] == name
    assert set(found["figures"]) == FIGURES[name]
    assert all(isinstance(figure, int | float) for figure in found["figures"].values())
    assert {"cpu", "cores", "memory_mb", "kernel", "python", "sqlite"} <= set(found["machine"])
    assert "peer" in found


def test_a_name_that_is_no_benchmark_is_answered_with_those_that_are() -> None:
    told = subprocess.run(
        (sys.executable, "-c", "from app.main import main; main()", "bench", "nosuch"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode == 2
    assert "latency" in told.stderr
