"""Can a text be made that the reading of figures stumbles over? 怪文本。

Each piece is repeated until the body is as long as the door lets in. A pattern that looked back
over what it had read would take minutes here, and run into the suite's time limit.
"""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rules.marking import marked
from rules.triage import Judge
from vocabulary.china_time import BEIJING
from vocabulary.submission import Submission

JUDGE = Judge(rulebook.load())
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=BEIJING)
AS_LONG_AS_THE_DOOR_LETS_IN = 40_000
PIECES = [
    "一",
    "1,111",
    "3人",
    "死亡",
    "3人死亡",
    "死亡3人受伤5人",
    "死亡3人受伤5人失踪无人员数上被困",
    "张某、",
    "人、3人约",
    "三男两女",
    "由3人",
    "未造成任何财产损失和",
    "无人员伤亡",
    "均已",
    "损失3",
    "户3户3人",
    "0月0日",
    "昨日上午1时",
    "昨日9时75分",
    "2019年",
    "死3伤",
    "3个半",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_hostile_text_is_judged(piece: str) -> None:
    body = (piece * AS_LONG_AS_THE_DOOR_LETS_IN)[:AS_LONG_AS_THE_DOOR_LETS_IN]

    made = Submission(title="厂房起火", body=body)
    judged = JUDGE(made, NOW)

    assert "".join(part.text for part in marked(made.title, made.body, judged)[1]) == made.body


@given(st.lists(st.sampled_from([*PIECES, "。", "，", "起火", "5万元", "截至", "\n"]), max_size=40))
def test_any_mixture_is_judged_and_counts_nobody_below_zero(pieces: list[str]) -> None:
    judged = JUDGE(Submission(title="报告", body="".join(pieces) or "无"), NOW)

    for measure in judged.measures:
        assert measure.low >= 0
        assert measure.high is None or measure.high >= measure.low
