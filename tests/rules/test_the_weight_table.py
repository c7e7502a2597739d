"""Does the weight table only ever raise, and can it be read out? 特征评分表。"""

from dataclasses import replace
from itertools import pairwise

import pytest

import rulebook
from rules.rulebook import Rulebook, Scorer
from rules.scoring import score
from rules.triage import Judge
from vocabulary.submission import Submission
from vocabulary.terms import Stage, Verdict

RULEBOOK = rulebook.load()
PLAIN = "今日3时12分，和平路一居民楼发生火灾，2人受伤，消防正在扑救。"
UNCLEAR = "昨日上午，后街仓库起火，已扑灭。"


def judged_by(book: Rulebook, body: str) -> Verdict:
    return Judge(book)(Submission(body=body, stage=Stage.NIL)).verdict


def with_limits(*, page: float, look: float) -> Rulebook:
    """A rulebook with these limits, and deaf to eyewitnesses, who would page beside it."""
    scorer = replace(RULEBOOK.scorer, page=page, look=look)
    return replace(RULEBOOK, scorer=scorer, eyewitness=replace(RULEBOOK.eyewitness, short=0))


def test_no_table_lowers_what_the_rules_page() -> None:
    silent = with_limits(page=999.0, look=999.0)

    assert judged_by(silent, PLAIN) is Verdict.EMERGENCY


def test_the_table_settles_what_the_rules_leave_open() -> None:
    pages, looks = with_limits(page=-999.0, look=-999.0), with_limits(page=999.0, look=-999.0)

    assert judged_by(pages, UNCLEAR) is Verdict.EMERGENCY
    assert judged_by(looks, UNCLEAR) is Verdict.ATTENTION


def test_a_text_that_tells_of_nothing_is_never_scored() -> None:
    pages = with_limits(page=-999.0, look=-999.0)

    assert judged_by(pages, "镇党委组织党员参观红色教育基地。") is Verdict.ROUTINE


def test_each_sign_counts_once_and_a_sign_without_a_weight_counts_nothing() -> None:
    table = Scorer(-1.0, 0.0, 0.0, {"甲": 2.0, "乙": -0.5}, RULEBOOK.scorer.source)

    told = score(["甲", "甲", "乙", "丙"], table)

    assert told.total == pytest.approx(0.5)
    assert told.heaviest(table, 1) == [("甲", 2.0)]


def test_a_verdict_of_the_table_says_the_sum_the_limits_and_the_heaviest_signs() -> None:
    judgement = Judge(RULEBOOK)(Submission(body=UNCLEAR, stage=Stage.NIL))

    told = next(reason for reason in judgement.reasons if reason.rule == "score")
    assert "特征评分" in told.sentence
    assert "紧急" in told.sentence
    assert (told.source, told.confidence) == (str(RULEBOOK.scorer.source), "D")


def test_more_evidence_never_takes_off_and_a_routine_context_never_adds() -> None:
    for sign, weight in RULEBOOK.scorer.signs.items():
        if sign.startswith(("证据满", "规则分满", "有死亡", "有受伤", "有失联", "有被困")):
            assert weight >= 0, sign
        if sign.startswith(("语境·", "标题语境·")):
            assert weight <= 0, sign


def test_the_signs_of_an_item_are_named_once_each_and_known() -> None:
    shown = Judge(RULEBOOK).signs("和平路居民楼火灾", PLAIN)

    assert len(shown) == len(set(shown))
    assert {"标题有强词", "有受伤人数", "此句有钟点"} <= set(shown)


def test_every_table_lists_the_heaviest_signs_first() -> None:
    weights = [*RULEBOOK.scorer.signs.values()]

    assert all(first >= second for first, second in pairwise(weights))
