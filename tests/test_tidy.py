"""Are the house rules kept that no linter knows? 家规。

Each test reads the files that git keeps, or would keep at the next commit.
"""

import ast
import enum
import inspect
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import lacking, need
from vocabulary import doubt, proof, terms

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "app",
    "bench",
    "gateway",
    "ledger",
    "notifiers",
    "rulebook",
    "rules",
    "streams",
    "tests",
    "vocabulary",
)
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts  # records of what was, read by Alembic
)
LOCK_FILES = {"package-lock.json", "poetry.lock", "Pipfile.lock", "yarn.lock", "pnpm-lock.yaml"}
# Each of these could hold anything, so in the end it does.
ROOMS_WITHOUT_A_PURPOSE = {"base", "common", "helper", "helpers", "manager", "service", "utils"}
A_REGISTRY_IS_NAMED = re.compile(
    r'--(?:extra-)?index-url|"resolved": *"http|registry *= *"?http|<repository>', re.IGNORECASE
)
A_PATH_OF_ONE_MACHINE = re.compile(r"(?<![\w./-])/(?:root|home/\w+|Users/\w+)/[\w.]")

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))


def kept_files() -> list[Path]:
    git = need("git", "apt-get install git")
    listing = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        lacking("this folder is not a git checkout", "git clone")
    names = listing.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def lines_matching(*patterns: re.Pattern[str]) -> Iterator[str]:
    for path in kept_files():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8", "ignore").splitlines(), 1):
            if any(pattern.search(line) for pattern in patterns):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"


@each_module
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@each_module
def test_a_function_fits_on_one_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 50, f"{node.name} is too long"


@each_module
def test_a_module_is_named_for_what_it_does(path: Path) -> None:
    assert path.stem not in ROOMS_WITHOUT_A_PURPOSE


def test_every_term_is_in_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8")
    rooms = (terms, proof, doubt)
    words = [kind for room in rooms for _, kind in inspect.getmembers(room, inspect.isclass)]

    absent = [
        f"{word.__name__}.{member.name}"
        for word in words
        if issubclass(word, enum.Enum) and word.__module__ in {room.__name__ for room in rooms}
        for member in word
        if f"`{word.__name__}.{member.name}`" not in glossary
    ]

    assert absent == []


def test_no_lock_file_is_kept() -> None:
    assert [
        path for path in kept_files() if path.suffix == ".lock" or path.name in LOCK_FILES
    ] == []


def test_no_file_names_a_package_registry() -> None:
    assert list(lines_matching(A_REGISTRY_IS_NAMED)) == []
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8")


def test_no_file_names_a_path_of_one_machine() -> None:
    this_checkout = re.compile(rf"{re.escape(str(ROOT))}(?![\w-])")
    patterns = [A_PATH_OF_ONE_MACHINE]
    if len(ROOT.parts) > 2:
        patterns.append(this_checkout)

    assert list(lines_matching(*patterns)) == []
