"""Emergency, attention or routine, and why? 研判。

Read downwards: what is an emergency, what only looks like one, early signs, drills, stated
figures, what must be asked, and that every verdict says why. Whole cases are in
tests/scenarios/triage.yaml.
"""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rules.triage import Judge
from rules.triage_line import triage_line
from vocabulary.china_time import BEIJING
from vocabulary.judgement import Judgement
from vocabulary.submission import Submission
from vocabulary.terms import Category, Severity, Stage, Verdict

RULEBOOK = rulebook.load()
JUDGE = Judge(RULEBOOK)
A_FIRE = "今日3时12分，和平路一居民楼发生火灾，2人受伤，消防正在扑救。"


def judged(body: str, **stated: object) -> Judgement:
    return JUDGE(Submission.model_validate({"body": body, **stated}))


def test_a_fresh_event_is_an_emergency_with_its_class() -> None:
    judgement = judged(A_FIRE)

    assert judgement.verdict is Verdict.EMERGENCY
    assert judgement.category is Category.ACCIDENT
    assert (judgement.subtype, judgement.code) == ("火灾事故", "12G00")


def test_an_emergency_at_the_end_of_good_news_is_still_one() -> None:
    good_news = "全镇上下齐心，招商引资再创新高，各项指标圆满完成。" * 8

    assert judged(good_news + A_FIRE).verdict is Verdict.EMERGENCY


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("未发生火灾，全镇平安。", id="denied"),
        pytest.param("一旦发生火灾，后果不堪设想。", id="supposed"),
        pytest.param("严防森林火灾、爆炸、坍塌等事故。", id="a list to be prevented"),
        pytest.param("开展火灾隐患排查。", id="a name, not an event"),
        pytest.param("开展“11·9”消防宣传，讲解火灾逃生知识。", id="publicity"),
    ],
)
def test_a_trigger_that_tells_of_no_event_pages_nobody(body: str) -> None:
    assert judged(body).verdict is Verdict.ROUTINE


@pytest.mark.parametrize(
    "opening",
    ["镇里召开防火工作会议，部署下步工作。", "开展安全生产宣传活动。", "今日开展隐患排查整治。"],
)
def test_a_fresh_event_inside_a_routine_text_still_pages(opening: str) -> None:
    assert judged(opening + A_FIRE).verdict is Verdict.EMERGENCY


def test_an_early_sign_wants_a_look_and_wakes_nobody() -> None:
    judgement = judged("部分职工情绪激动，有人在群里串联，属不稳定因素。")

    assert judgement.verdict is Verdict.ATTENTION
    assert judgement.missing_elements == ()


def test_a_nil_report_without_a_trigger_is_routine() -> None:
    assert judged("", stage=Stage.NIL).verdict is Verdict.ROUTINE
    assert judged("今日无事，平安。", stage=Stage.NIL).verdict is Verdict.ROUTINE


def test_a_nil_report_that_tells_of_a_fire_is_an_emergency() -> None:
    assert judged(A_FIRE, stage=Stage.NIL).verdict is Verdict.EMERGENCY


def test_a_drill_is_judged_like_the_real_thing() -> None:
    body = "演练：9时10分，模拟青山林场发生森林火灾，1人受伤，正在扑救。"

    assert judged(body, is_drill=True).verdict is Verdict.EMERGENCY
    assert judged(body).verdict is not Verdict.EMERGENCY


def test_a_stated_figure_makes_an_emergency_whatever_the_prose_says() -> None:
    judgement = judged("情况见附页。", deaths=3, injured=0)

    assert judgement.verdict is Verdict.EMERGENCY
    assert judgement.severity is Severity.SERIOUS
    assert judgement.reasons[0].rule == "stated_figures"


def test_a_stated_figure_overrules_the_prose() -> None:
    assert judged(A_FIRE, injured=5).casualties.injured == 5


def test_unknown_casualties_are_asked_for_and_not_graded() -> None:
    judgement = judged("今日16时05分，宏达公司车间发生爆炸，人员伤亡情况正在核实。")

    assert judgement.severity is None
    assert {"deaths", "injured", "missing", "reporter"} == set(judgement.missing_elements)


@pytest.mark.parametrize(
    ("body", "is_asked"),
    [
        pytest.param("近日，和平路居民楼发生火灾，1人死亡。", True, id="近日 is no time"),
        pytest.param("3月1日，和平路居民楼发生火灾，1人死亡。", True, id="a day is no hour"),
        pytest.param("3月1日14时，和平路居民楼发生火灾，1人死亡。", False, id="day and hour"),
        pytest.param("今日凌晨2点，和平路居民楼发生火灾，1人死亡。", False, id="today and hour"),
        pytest.param("2026-03-01 02:30 和平路居民楼发生火灾，1人死亡。", False, id="iso"),
    ],
)
def test_a_vague_date_leaves_the_time_to_be_asked(body: str, *, is_asked: bool) -> None:
    assert ("occurred_at" in judged(body).missing_elements) is is_asked


def test_what_was_stated_is_not_asked_again() -> None:
    judgement = judged(
        A_FIRE,
        occurred_at=datetime(2026, 3, 1, 3, 12, tzinfo=BEIJING),
        place="和平路",
        deaths=0,
        missing=0,
        reporter="王某",
    )

    assert judgement.missing_elements == ()


def test_nobody_hurt_leaves_no_casualties_to_be_asked() -> None:
    asked = judged("今日3时12分，和平路居民楼发生火灾，无人员伤亡。").missing_elements

    assert not {"deaths", "injured", "missing"} & set(asked)


@pytest.mark.parametrize("body", [A_FIRE, "情绪激动，不稳定因素增多。", "召开会议。", "平安。"])
def test_every_verdict_says_why(body: str) -> None:
    for reason in judged(body).reasons:
        assert reason.rule
        assert reason.sentence
    assert any(reason.source and reason.confidence for reason in judged(body).reasons)


def test_the_reasons_quote_the_words_that_were_found() -> None:
    trigger = next(r for r in judged(A_FIRE).reasons if r.rule == "trigger")

    assert "火灾" in trigger.words


def test_full_width_figures_are_read() -> None:
    assert judged("今日３时１２分发生火灾，２人受伤。").casualties.injured == 2


def test_the_line_of_the_command_carries_all_of_it() -> None:
    line = triage_line("a-1", judged(A_FIRE))

    assert line["id"] == "a-1"
    assert (line["verdict"], line["category"]) == ("emergency", "事故灾难")
    assert (line["deaths"], line["injured"]) == (None, 2)
    assert line["reasons"]


texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=200)


@given(texts, texts)
def test_no_text_breaks_the_judge(title: str, body: str) -> None:
    submission = Submission(title=title, body=body or "。", stage=Stage.NIL)

    assert JUDGE(submission) == JUDGE(submission)
