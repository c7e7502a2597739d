"""Does every emergency take the express lane? 分道。

The lane may send too much to express, never too little.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulebook
from rules.lane import Lane
from rules.triage import Judge
from vocabulary.submission import Submission
from vocabulary.terms import Stage, Verdict

RULEBOOK = rulebook.load()
JUDGE = Judge(RULEBOOK)


def every_word() -> list[str]:
    lexicon = RULEBOOK.lexicon
    words = [*lexicon.response, *lexicon.trend, *lexicon.neutral]
    words += [*lexicon.before, *lexicon.after]
    for subtype in lexicon.subtypes:
        words += [*subtype.strong, *subtype.weak]
    for group in (
        *lexicon.harm.values(),
        *lexicon.escalators.values(),
        *lexicon.happened.values(),
    ):
        words += group
    for context in lexicon.contexts:
        words += context.words
    return words


scraps = st.one_of(
    st.sampled_from(every_word()),
    st.sampled_from(
        [
            "2019年",
            "1998年",
            "3人死亡",
            "2人受伤",
            "30余名群众",
            "120户停电",
            "１０时２０分",
            "。",
            "，",
            "\n",
        ]
    ),
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=4),
)
prose = st.lists(scraps, max_size=25).map("".join)
figures = st.one_of(st.none(), st.integers(0, 3))


@settings(max_examples=1000)
@given(title=prose, body=prose, deaths=figures, is_drill=st.booleans())
@example(title="", body="", deaths=1, is_drill=False)
def test_whatever_is_judged_an_emergency_goes_express(
    title: str, body: str, deaths: int | None, *, is_drill: bool
) -> None:
    submission = Submission(
        title=title, body=body, stage=Stage.NIL, deaths=deaths, is_drill=is_drill
    )
    lane = JUDGE.lane(submission.title, submission.body, deaths, is_drill=is_drill)

    if JUDGE(submission).verdict is Verdict.EMERGENCY:
        assert lane is Lane.EXPRESS


@pytest.mark.parametrize(
    "body",
    [
        "前三季度，全县规上工业增加值同比增长7.2%。",
        "镇党委组织党员参观红色教育基地。",
        "开展消防安全检查，排查火灾隐患23处，已全部整改。",
    ],
)
def test_plain_routine_stays_out_of_the_express_lane(body: str) -> None:
    assert JUDGE.lane("", body) is Lane.SUBMISSIONS
