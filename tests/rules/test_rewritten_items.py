"""Does the verdict follow what is told, and not how it is told? 换个写法。

Every emergency of the scenarios is written anew: figures in another hand, sentences in another
order, good news or a drill notice before it, other names in it. An emergency may then want a look
where the telling has become poorer, but it never sinks to routine; and what pages nobody still
pages nobody when its names change.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

import rulebook
from rules.triage import Judge
from tests.rules.numeral_writings import in_chinese
from tests.rules.scenario_cases import CASES, told_for_real, wanted
from vocabulary.china_time import BEIJING
from vocabulary.judgement import Judgement
from vocabulary.submission import Submission
from vocabulary.terms import Stage, Verdict

JUDGE = Judge(rulebook.load())
EMERGENCIES = told_for_real("emergency")
ROUTINE = told_for_real("routine")
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=BEIJING)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
GOOD_NEWS = "上半年全镇固定资产投资增长9.6%，各项指标位居全县前列。"
DRILL_NOTICE = "按照年度计划，我镇定于下月组织一次消防演练，请各村做好准备。"
NAMES = {"镇": "临湖镇", "乡": "望岭乡", "村": "上河村", "县": "平川县"}
A_NAME = re.compile(r"(?<![一-龥])[一-龥]{2}([镇乡村县])(?![长委级里民城])")

A_COUNT = re.compile(
    r"(?<![\d.])[1-9]\d{0,2}(?=[人名](?:死亡|遇难|受伤|轻伤|重伤|失联|被困|发热|腹泻|呕吐))"
)
COUNTED = [c for c in CASES if A_COUNT.search(c["title"] + c["body"]) and not c.get("is_drill")]
RANKS = {Verdict.ROUTINE: 0, Verdict.ATTENTION: 1, Verdict.EMERGENCY: 2}

# Told in so few words that a paragraph before them still hides them: docs/judgement.md names them.
FULLY_TOLD = [case for case in EMERGENCIES if not case.get("is_thin")]

each_emergency = pytest.mark.parametrize("case", EMERGENCIES, ids=lambda case: case["name"])

each_fully_told = pytest.mark.parametrize("case", FULLY_TOLD, ids=lambda case: case["name"])


def judged(title: str, body: str) -> Judgement:
    return JUDGE(Submission(title=title, body=body, stage=Stage.NIL), NOW)


def verdict_of(title: str, body: str) -> Verdict:
    return judged(title, body).verdict


def in_words(text: str) -> str:
    """Write whole numbers below ten thousand in Chinese; decimals and codes stay."""
    return re.sub(
        r"(?<![\d.A-Za-z])\d{1,4}(?![\d.A-Za-z%])", lambda found: in_chinese(int(found[0])), text
    )


def sentences_turned_round(body: str) -> str:
    return "".join(reversed(re.findall(r"[^。！？]+[。！？]?", body)))


@each_emergency
def test_full_width_figures_change_nothing(case: dict[str, Any]) -> None:
    as_written = judged(case["title"], case["body"])

    full = judged(case["title"].translate(FULL_WIDTH), case["body"].translate(FULL_WIDTH))

    assert replace(full, reasons=()) == replace(as_written, reasons=())


@each_emergency
def test_figures_in_words_are_still_seen_and_counted(case: dict[str, Any]) -> None:
    as_written = judged(case["title"], case["body"])

    told = judged(in_words(case["title"]), in_words(case["body"]))

    assert told.verdict is not Verdict.ROUTINE
    assert told.casualties == as_written.casualties


@each_emergency
def test_the_order_of_the_sentences_hides_nothing(case: dict[str, Any]) -> None:
    body = sentences_turned_round(case["body"])

    assert verdict_of(case["title"], body) is not Verdict.ROUTINE


@each_fully_told
def test_good_news_before_it_hides_nothing(case: dict[str, Any]) -> None:
    assert verdict_of(case["title"], GOOD_NEWS + case["body"]) is not Verdict.ROUTINE


@each_fully_told
def test_a_drill_notice_before_it_hides_nothing(case: dict[str, Any]) -> None:
    assert verdict_of(case["title"], DRILL_NOTICE + case["body"]) is not Verdict.ROUTINE


@each_emergency
def test_another_name_changes_nothing(case: dict[str, Any]) -> None:
    title, body = (
        A_NAME.sub(lambda found: NAMES[found[1]], case[part]) for part in ("title", "body")
    )

    assert verdict_of(title, body) is Verdict.EMERGENCY


@pytest.mark.parametrize("case", ROUTINE, ids=lambda case: case["name"])
def test_another_name_wakes_nobody(case: dict[str, Any]) -> None:
    title, body = (
        A_NAME.sub(lambda found: NAMES[found[1]], case[part]) for part in ("title", "body")
    )

    assert verdict_of(title, body) in wanted(case)


def test_a_notice_of_a_drill_or_good_news_alone_pages_nobody() -> None:
    assert verdict_of("", GOOD_NEWS) is Verdict.ROUTINE
    assert verdict_of("关于组织消防演练的通知", DRILL_NOTICE) is Verdict.ROUTINE


@pytest.mark.parametrize("kind", ["火灾", "爆炸", "车祸", "山洪", "坍塌", "食物中毒"])
@pytest.mark.parametrize(
    "frame",
    [
        "严防{}发生。",
        "一旦发生{}，后果不堪设想。",
        "组织{}应急演练。",
        "未发生{}。",
        "讲解{}逃生知识。",
    ],
)
def test_a_frame_that_tells_of_no_event_pages_nobody_whatever_is_in_it(
    kind: str, frame: str
) -> None:
    assert verdict_of("", frame.format(kind)) is not Verdict.EMERGENCY


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case["name"])
@pytest.mark.parametrize("times", [3, 20])
def test_a_raised_count_never_sinks_an_item(case: dict[str, Any], times: int) -> None:
    title, body = (
        A_COUNT.sub(lambda found: str(times * int(found[0])), case[part])
        for part in ("title", "body")
    )

    assert RANKS[verdict_of(title, body)] >= RANKS[verdict_of(case["title"], case["body"])]


@pytest.mark.parametrize("kind", ["火灾", "爆炸", "车祸", "山洪", "坍塌", "食物中毒"])
@pytest.mark.parametrize("number", [1, 3, 12, 40])
def test_more_harm_is_never_less_urgent(kind: str, number: int) -> None:
    told = f"今日9时20分，城关镇发生一起{kind}"

    assert verdict_of("", f"{told}，{number}人死亡，正在救援。") is Verdict.EMERGENCY
    assert verdict_of("", f"{told}，{number}人受伤，正在救援。") is Verdict.EMERGENCY
