"""Does the time grow with the length, and no faster? 长文。

Each text is one that makes some pattern look again and again. No time is asserted, only that four
times the text takes at most twice fourfold: what looks back over all it has read takes sixteenfold.
"""

from time import process_time

import pytest

import rulebook
from rules.triage import Judge
from tests.rules.scenario_cases import CASES
from vocabulary.submission import Submission
from vocabulary.terms import Stage

JUDGE = Judge(rulebook.load())
SHORT, LONG = 16 * 1024, 64 * 1024  # bytes of UTF-8
MOST_TIMES = 2 * 4
PROSE = "".join(case["body"] for case in CASES)

each_text = pytest.mark.parametrize(
    "piece",
    [
        pytest.param(PROSE, id="prose"),
        pytest.param("十", id="one numeral"),
        pytest.param("九百九十", id="numerals"),
        pytest.param("1,", id="digits and commas"),
        pytest.param("3人", id="people"),
        pytest.param("死", id="the dead"),
        pytest.param("2019年发生火灾。", id="years"),
        pytest.param("转移群众约3", id="moved"),
        pytest.param("发生火灾", id="triggers without an end"),
        pytest.param("未发生", id="denials"),
        pytest.param("。", id="full stops"),
        pytest.param("，", id="commas"),
        pytest.param("村村", id="places"),
        pytest.param(" ", id="blanks"),
    ],
)


def took(piece: str, size: int) -> float:
    """Return the processor seconds for a text of that many bytes: the least of nine."""
    text = (piece * (1 + size // len(piece.encode()))).encode()[:size].decode(errors="ignore")
    submission = Submission(stage=Stage.NIL).model_copy(update={"body": text})
    seconds = []
    for _ in range(9):
        before = process_time()
        JUDGE(submission)
        seconds.append(process_time() - before)
    return min(seconds)


@each_text
def test_four_times_the_text_takes_no_more_than_twice_fourfold(piece: str) -> None:
    least = 0.001  # below it the clock says little

    assert took(piece, LONG) <= MOST_TIMES * max(took(piece, SHORT), least)
