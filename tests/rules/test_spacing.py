"""Is a text whose letters stand apart read like the same text closed up? 字间空格。"""

from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rules.spacing import as_sent, closed_up, is_spaced
from rules.triage import Judge
from vocabulary.submission import Submission

JUDGE = Judge(rulebook.load())
FIRE = "今日2时30分，新华街18号居民楼发生火灾，造成2人死亡，3人受伤。"
texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=80)


def test_letters_that_stand_apart_are_judged_like_the_same_text_closed_up() -> None:
    apart = JUDGE(Submission(title="火 灾 报 告", body=" ".join(FIRE)))
    together = JUDGE(Submission(title="火灾报告", body=FIRE))

    assert (apart.verdict, apart.casualties) == (together.verdict, together.casualties)
    assert apart.severity == together.severity


def test_what_was_found_is_told_by_its_place_in_the_text_as_sent() -> None:
    title, body = "火 灾 报 告", " ".join(FIRE)
    whole = f"{title}\n{body}"

    judged = JUDGE(Submission(title=title, body=body))

    told = [whole[m.start : m.end] for m in judged.measures]
    assert "2 人 死 亡" in told
    assert "3 人 受 伤" in told
    marked = [whole[a:b] for reason in judged.reasons for a, b in reason.spans]
    assert all(piece and not piece.startswith(" ") for piece in marked)


def test_a_text_with_a_few_spaces_stays_as_it_is() -> None:
    told = "今日 9 时，A 座起火，Wi Fi 中断"

    assert not is_spaced(told)
    assert closed_up(told) == told


@given(texts, texts)
def test_every_place_lies_in_the_text_as_sent(title: str, body: str) -> None:
    title, body = " ".join(title), " ".join(body + "造成3人死亡")
    made = Submission(title=closed_up(title) or "无题", body=closed_up(body))

    judged = as_sent(JUDGE(made), title, body)

    for measure in judged.measures:
        assert 0 <= measure.start < measure.end <= len(title) + 1 + len(body)
