"""Does each benchmark run, and say what it found under the agreed names? 测速能跑、能说。

The smallest size: what is shown is that it works and loses nothing. No time is asserted.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from app.laptop import jars
from app.laptop.kafka import Brokers
from app.laptop.lacking import LackingError
from app.laptop.postgres import Postgres, installed_programs
from tests.conftest import lacking
from tests.laptop.fixtures import fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

JIBAO = (sys.executable, "-c", "from app.main import main; main()")

FIGURES = {
    "latency": {"p50_ms", "p99_ms", "max_ms", "lost"},
    "accept": {"single_per_s", "batch_per_s"},
    "deadlines": {"open", "p50_ms", "p99_ms", "due_1000_s", "restart_s", "rss_mb", "file_mb"},
    "express": {"unloaded_p99_ms", "loaded_p99_ms"},
    "history": {"items", "p99_ratio", "p50_ms", "p99_ms", "rss_mb", "file_mb"},
    "storm": {"units", "p50_ms", "p99_ms", "lost"},
    "triage": {"items_per_s", "p50_us", "p99_us", "us_64_kib"},
}


def run(name: str, *options: str, **settings: str) -> dict[str, Any]:
    told = subprocess.run(
        (*JIBAO, "bench", name, "--json", *options),
        env=os.environ | {"JIBAO_BENCH_SCALE": "small", **settings},
        capture_output=True,
        timeout=280,
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


@pytest.fixture
def programs() -> None:
    """What a Kafka and a PostgreSQL of a benchmark's own need."""
    try:
        jars.java()
        jars.class_path()
        installed_programs()
    except LackingError as error:
        lacking(error.what, error.mend)


def assert_it_says_on_what_the_parts_stand(found: dict[str, Any], *, are_our_own: bool) -> None:
    assert set(found["figures"]) == FIGURES[found["bench"]]
    settings = found["settings"]
    assert settings["parts"] == ["gateway", "express", "submissions", "clock", "deliver"]
    assert (settings["brokers"], settings["replication"]) == (1, 1)
    assert settings["book"].startswith("PostgreSQL ")
    assert settings["are_servers_our_own"] is are_our_own


@pytest.mark.usefixtures("programs")
def test_a_benchmark_of_the_parts_starts_what_they_stand_on() -> None:
    found = run("latency", "--kafka")

    assert_it_says_on_what_the_parts_stand(found, are_our_own=True)


@pytest.fixture(scope="module")
def book_url(postgres: Postgres) -> Iterator[str]:
    """One book for all, since one log is behind them all."""
    with fresh_database(postgres) as url:
        yield url


@pytest.mark.parametrize("name", ["accept", "express", "storm"])
def test_a_benchmark_of_the_parts_stands_on_what_is_named(
    kafka: Brokers, book_url: str, name: str
) -> None:
    found = run(name, "--kafka", kafka.bootstrap, JIBAO_DATABASE_URL=book_url)

    assert_it_says_on_what_the_parts_stand(found, are_our_own=False)


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("name", ["deadlines", "history"])
def test_a_benchmark_of_a_large_book_also_fills_a_postgresql(name: str) -> None:
    found = run(name, "--postgres")

    assert set(found["figures"]) == FIGURES[name]
    assert found["settings"]["book"].startswith("PostgreSQL ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(("nosuch",), "latency", id="no such benchmark: those that are"),
        pytest.param(("deadlines", "--kafka"), "请用 --postgres", id="one process only"),
        pytest.param(("latency", "--kafka", "--postgres"), "已含 PostgreSQL", id="one book twice"),
        pytest.param(
            ("latency", "--kafka", "127.0.0.1:9"), "JIBAO_DATABASE_URL", id="a broker and no book"
        ),
    ],
)
def test_what_cannot_be_measured_is_answered_with_what_can(
    options: tuple[str, ...], says: str
) -> None:
    told = subprocess.run(
        (*JIBAO, "bench", *options),
        env={name: value for name, value in os.environ.items() if name != "JIBAO_DATABASE_URL"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode != 0
    assert says in told.stderr
