"""Is a caller understood who names no event? 口述。

Who calls or writes into a group says who is in what plight and what has gone wrong. The cases are
in tests/scenarios/triage_spoken.yaml; here stands what the frames promise, one by one.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import rulebook
from rules.eyewitness import Listener
from rules.lane import Lane
from rules.rulebook import Frame
from rules.triage import Judge
from vocabulary.submission import Submission
from vocabulary.terms import Verdict

RULEBOOK = rulebook.load()
JUDGE = Judge(RULEBOOK)
LISTEN = Listener(RULEBOOK.eyewitness)
FRAMES = RULEBOOK.eyewitness.frames
PLIGHT, MISHAP = "底下压着人", "架子垮了"


def verdict_of(body: str, title: str = "", *, is_drill: bool = False) -> Verdict:
    return JUDGE(Submission(title=title, body=body, is_drill=is_drill)).verdict


def test_a_plight_and_what_brought_it_about_page() -> None:
    assert verdict_of(f"{MISHAP}，{PLIGHT}。") is Verdict.EMERGENCY


def test_a_plight_told_as_of_now_pages() -> None:
    assert verdict_of(f"刚才{PLIGHT}。") is Verdict.EMERGENCY


def test_a_plight_without_a_cause_or_an_hour_is_looked_at() -> None:
    assert verdict_of("老人没回家。") is Verdict.ATTENTION


@pytest.mark.parametrize("doubt", ["去年", "万一", "请问", "电影里"])
def test_a_sentence_that_tells_of_another_time_or_asks_pages_nobody(doubt: str) -> None:
    assert verdict_of(f"{doubt}{MISHAP}，{PLIGHT}。") is not Verdict.EMERGENCY


def test_doubt_in_one_sentence_does_not_silence_the_next() -> None:
    assert verdict_of(f"上次修的架子。{MISHAP}，{PLIGHT}。") is Verdict.EMERGENCY


def test_what_is_denied_is_not_told() -> None:
    assert verdict_of("架子没垮了，人没困住。") is Verdict.ROUTINE


def test_a_subject_holds_to_the_end_of_its_sentence_and_no_farther() -> None:
    near = LISTEN("一辆农用车拉着去吃酒的乡亲，在下坡的那个急弯没有刹住，翻到坎下。")
    far = LISTEN("一辆农用车。翻到坎下。")

    assert near is not None
    assert "车船出事" in near.names
    assert far is None


def test_a_titled_paper_has_to_say_that_it_is_of_now() -> None:
    assert verdict_of("架子垮了。", "关于架子的说明") is Verdict.ROUTINE
    assert verdict_of("架子刚才垮了。", "关于架子的说明") is Verdict.EMERGENCY


def test_a_title_that_only_names_the_paper_is_none() -> None:
    assert verdict_of("架子垮了，水也灌进来了。", "村干部来电") is Verdict.EMERGENCY


def test_a_long_text_is_read_as_a_report_alone() -> None:
    assert LISTEN(f"{MISHAP}，{PLIGHT}。" + "好" * RULEBOOK.eyewitness.short) is None


def test_a_marked_drill_is_heard_like_the_real_thing() -> None:
    told = f"演练：{MISHAP}，{PLIGHT}。"

    assert verdict_of(told) is not Verdict.EMERGENCY
    assert verdict_of(told, is_drill=True) is Verdict.EMERGENCY


@pytest.mark.parametrize(
    ("told", "code"),
    [
        pytest.param("罐子漏出来了，好几个人昏倒在地", "12D00", id="what has gone wrong"),
        pytest.param("好几个同学一直在吐", "13C00", id="else the plight"),
        pytest.param("刚才有人捅到人了，人倒在地上", "14B00", id="another thing"),
    ],
)
def test_what_has_gone_wrong_gives_the_sub_type_where_no_word_of_the_lexicon_does(
    told: str, code: str
) -> None:
    assert JUDGE(Submission(body=told)).code == code


def test_the_ground_shows_the_words_in_their_places() -> None:
    judged = JUDGE(Submission(title="工作群", body=f"{MISHAP}，{PLIGHT}。"))
    ground = next(reason for reason in judged.reasons if reason.rule == "eyewitness")
    text = f"工作群\n{MISHAP}，{PLIGHT}。"

    assert ground.words == tuple(text[start:end] for start, end in ground.spans)
    assert {"垮了", "压着"} <= set(ground.words)


@pytest.mark.parametrize("frame", FRAMES, ids=[frame.name for frame in FRAMES])
def test_each_frame_is_met_by_its_own_words_and_a_subject(frame: Frame) -> None:
    subjects = [min(RULEBOOK.eyewitness.subjects[name]) for name in sorted(frame.subjects)] or [""]

    for word in sorted(frame.words - RULEBOOK.eyewitness.against):
        told = LISTEN(f"{subjects[0]}，{word}")
        assert told is not None, word
        assert frame.name in told.names


@example(f"{MISHAP}，{PLIGHT}")
@given(st.text(st.sampled_from("人车山水刀垮翻淹砍困了在没刚去年。，喂"), max_size=60))
def test_no_call_takes_a_lower_lane_than_its_verdict(body: str) -> None:
    if body.strip() and verdict_of(body) is Verdict.EMERGENCY:
        assert JUDGE.lane("", body.strip()) is Lane.EXPRESS
