"""A county's folder to be spoilt: what was told about it, and where. 待改的县情。"""

from collections.abc import Callable
from pathlib import Path

import pytest

from rulebook.county import CountyError, load

SHIPPED = Path(__file__).parents[2] / "county"
Change = Callable[[str, str, str], None]


def mistakes_of(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(CountyError) as caught:
        load(folder, {})
    return [(each.file, each.line, each.sentence) for each in caught.value.mistakes]


def line_of(path: Path, text: str) -> int:
    """Count to the last line with the text: what is written twice is wrong the second time."""
    lines = path.read_text("utf-8").splitlines()
    return max(number for number, line in enumerate(lines, 1) if text in line)
