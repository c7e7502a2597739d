"""Does the place or the trade settle what the words of the event leave open? 子类。"""

import pytest

import rulebook
from rules.rulebook import SubtypeRule
from rules.subtype import Settings

RULEBOOK = rulebook.load()
SETTINGS = Settings(RULEBOOK.subtypes)


def a_rule(code: str) -> SubtypeRule:
    return next(subtype for subtype in RULEBOOK.lexicon.subtypes if subtype.code == code)


@pytest.mark.parametrize(
    ("chosen", "title", "sentence", "code"),
    [
        ("11D00", "采石场塌方", "采石场边坡塌方，埋住1台挖机", "12B00"),
        ("12F00", "爆炸情况报告", "一花炮作坊发生爆炸", "12E00"),
        ("11A00", "暴雨内涝", "地铁站进水停运", "12L00"),
        ("12C00", "坠落事故", "小区电梯坠落，2人受伤", "12N00"),
        ("12P00", "停电", "台风致2万户停电", "11B00"),
        ("13A00", "学生腹泻", "食堂午餐后23人腹泻", "13B00"),
    ],
)
def test_a_word_of_the_setting_takes_the_incident_to_its_class(
    chosen: str, title: str, sentence: str, code: str
) -> None:
    settled = SETTINGS.settle(a_rule(chosen), title, sentence)

    assert settled is not None
    assert settled.code == code


def test_a_setting_that_the_class_does_not_give_way_to_changes_nothing() -> None:
    fire = a_rule("12G00")

    assert SETTINGS.settle(fire, "民房起火", "民房起火，邻近采石场") is fire


def test_the_classs_own_longer_word_keeps_it() -> None:
    landslide = a_rule("11D00")

    assert SETTINGS.settle(landslide, "泥石流", "泥石流冲毁矿山工棚") is landslide


def test_where_no_word_of_the_event_is_known_the_setting_alone_says_it() -> None:
    settled = SETTINGS.settle(None, "学生晕倒原因不明", "")

    assert settled is not None
    assert settled.code == "13F00"
