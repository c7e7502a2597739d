"""What can a number mean, however it is written? 数目。

Read downwards: exact numbers in every hand, blurred ones as intervals, ranges, odd text.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.extraction import extract
from rules.numerals import RANGE, interval, least
from tests.rules.numeral_writings import writings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("1,203", 1203),
        ("1.2万", 12_000),
        ("3亿5000万", 350_000_000),
        ("两百零五", 205),
        ("廿三", 23),
        ("一百二", 120),
        ("一万二", 12_000),
        ("一千零五十", 1050),
        ("二〇五", 205),
        ("二十万三千", 203_000),
    ],
)
def test_an_exact_number_means_itself(text: str, value: int) -> None:
    assert interval(text) == (value, value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("十余", 10, 20),
        ("三十余", 30, 40),
        ("百余", 100, 200),
        ("3千余", 3000, 4000),
        ("1.2万余", 12_000, 13_000),
        ("十几", 11, 19),
        ("数十", 20, 90),
        ("几百", 200, 900),
        ("近百", 80, 100),
        ("上千", 1000, 2000),
        ("两三", 2, 3),
        ("三四十", 30, 40),
        ("十二三", 12, 13),
        ("二十七八", 27, 28),
        ("五六百", 500, 600),
    ],
)
def test_a_blurred_number_is_an_interval(text: str, low: float, high: float) -> None:
    assert interval(text) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "low", "high"), [("3至5", 3, 5), ("3-5", 3, 5), ("三到五", 3, 5), ("3至5万", 3e4, 5e4)]
)
def test_a_range_has_both_its_ends(text: str, low: float, high: float) -> None:
    assert interval(text) == (low, high)


@given(st.integers(1, 9999))
def test_a_number_means_the_same_in_every_hand(number: int) -> None:
    for written in writings(number):
        assert least(written) == number, written


@pytest.mark.parametrize("sentence", ["造成{}人死亡", "{}名工人遇难", "{}人受伤", "共有{}人失联"])
@pytest.mark.parametrize(
    "written", ["一百零一", "两百零一", "一千零一", "一千零一十", "一零一", "一百○五", "一○五"]
)
def test_the_nought_inside_a_number_is_no_word_for_nobody(sentence: str, written: str) -> None:
    counted = extract([sentence.format(written)])

    assert least(written) in (counted.deaths, counted.injured, counted.missing)


@given(st.integers(1, 999), st.sampled_from(["造成{}人死亡", "死亡{}人", "{}名工人遇难", "致{}死"]))
def test_the_dead_are_as_many_in_every_hand(number: int, sentence: str) -> None:
    for written in writings(number):
        assert extract([sentence.format(written)]).deaths == number, written


@given(
    st.text(
        alphabet="零〇一二两三四五六七八九十百千万亿廿卅几数近上余多来至-0123456789.,", max_size=24
    )
)
def test_whatever_looks_like_a_number_has_an_interval(text: str) -> None:
    for match in re.finditer(RANGE, text):
        low, high = interval(match[0])
        assert low >= 0
        assert high is None or high >= low
