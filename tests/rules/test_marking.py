"""Which letters does the page mark, and with which grounds? 原文标注。"""

from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rules.marking import Piece, marked, told
from rules.triage import Judge
from vocabulary.judgement import Judgement, Measure, Reason
from vocabulary.submission import Submission
from vocabulary.terms import Quantity, Verdict

JUDGE = Judge(rulebook.load())


def a_judgement(*reasons: Reason, measures: tuple[Measure, ...] = ()) -> Judgement:
    return Judgement(Verdict.EMERGENCY, reasons=reasons, measures=measures)


def test_the_letters_of_a_ground_are_marked_with_its_sentence() -> None:
    ground = Reason("severity", "初判为较大", spans=((5, 7),))

    title, body = marked("坍塌", "造成3人死亡", a_judgement(ground))

    assert title == (Piece("坍塌"),)
    assert body == (Piece("造成"), Piece("3人", ("初判为较大",)), Piece("死亡"))


def test_a_ground_without_places_is_found_by_its_words_wherever_they_stand() -> None:
    title, body = marked("起火", "再次起火", a_judgement(Reason("trigger", "说到火灾", ("起火",))))

    assert title == (Piece("起火", ("说到火灾",)),)
    assert body == (Piece("再次"), Piece("起火", ("说到火灾",)))


def test_letters_with_two_grounds_have_both() -> None:
    one, two = Reason("a", "甲", spans=((1, 4),)), Reason("b", "乙", spans=((2, 6),))

    _, body = marked("", "一二三四五", a_judgement(one, two))

    assert body == (
        Piece("一", ("甲",)),
        Piece("二三", ("甲", "乙")),
        Piece("四五", ("乙",)),
    )


def test_a_measure_is_told_as_an_official_reads_it() -> None:
    assert told(Measure(Quantity.DEATHS, 3, 3, 0, 1)) == "死亡3人"
    assert told(Measure(Quantity.LOSS, 2e7, 2.2e7, 0, 1)) == "直接经济损失2000万至2200万元"
    assert told(Measure(Quantity.CROP_AREA, 80, None, 0, 1)) == "农作物受灾面积至少80公顷"


texts = st.characters(exclude_characters="\0", codec="utf-8")


@given(st.text(texts, max_size=40), st.text(texts, max_size=200))
def test_the_pieces_make_the_text_again(title: str, body: str) -> None:
    made = Submission(title=title or "无题", body=body + "，造成3人死亡，抖音热传")

    pieces = marked(made.title, made.body, JUDGE(made))

    assert tuple("".join(piece.text for piece in each) for each in pieces) == (
        made.title,
        made.body,
    )
