"""The shipped county's folder, for a test to change. 可改的县情。"""

import shutil
from pathlib import Path

import pytest

from tests.rulebook.county_folder import SHIPPED, Change


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "county"))


@pytest.fixture
def change(folder: Path) -> Change:
    def _change(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text, f"{file} no longer says {old}"
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return _change
