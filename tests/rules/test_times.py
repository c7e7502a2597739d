"""When does a report say that it happened? 时间。

Read downwards: absolute times, times told from the day of receipt, what is no time, odd text.
"""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.times import is_vague, times_told, when_it_happened
from vocabulary.china_time import BEIJING

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=BEIJING)


def happened(text: str) -> str | None:
    told = when_it_happened(text, NOW)
    return None if told is None else told.earliest.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("11月24日8时20分许，民房起火", "2026-11-24 08:20", id="this year"),
        pytest.param(
            "12月1日9时，两车相撞", "2025-12-01 09:00", id="a day still to come is last year's"
        ),
        pytest.param("2026年3月1日14时5分，坍塌", "2026-03-01 14:05", id="with its year"),
        pytest.param("2026-11-20 02:30 起火", "2026-11-20 02:30", id="as systems write it"),
        pytest.param("四月十二日二十一时零四分，相撞", "2026-04-12 21:04", id="chinese numbers"),
        pytest.param("7月3日凌晨2时10分，突发山洪", "2026-07-03 02:10", id="before dawn"),
        pytest.param("11月20日下午3点半，塌方", "2026-11-20 15:30", id="afternoon and a half"),
    ],
)
def test_an_absolute_time_is_read(text: str, expected: str) -> None:
    assert happened(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("今晨3时许，坍塌", "2026-11-24 03:00", id="this morning"),
        pytest.param("昨晚11点20分，相撞", "2026-11-23 23:20", id="last night"),
        pytest.param("昨夜1点，进水", "2026-11-24 01:00", id="one at night is the next day's"),
        pytest.param("前晚7时30分许，起火", "2026-11-22 19:30", id="the night before last"),
        pytest.param("8日14时，沉船", "2026-11-08 14:00", id="the latest eighth"),
        pytest.param("28日14时，沉船", "2026-10-28 14:00", id="of last month when still to come"),
        pytest.param("11月20日暴雨，当晚9时进水", "2026-11-20 21:00", id="that evening"),
    ],
)
def test_a_time_is_told_from_the_day_of_receipt(text: str, expected: str) -> None:
    assert happened(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("近日凌晨2时，起火", id="these days"),
        pytest.param("日前，一厂房起火", id="the other day"),
        pytest.param("2日下午，溺水", id="a day without its hour"),
        pytest.param("截至11月24日18时，已致2人死亡", id="as of"),
        pytest.param("定于11月24日9时演练", id="planned"),
        pytest.param("2月30日5时，起火", id="a day that never was"),
        pytest.param("第3时段，3点建议", id="no clock"),
    ],
)
def test_what_has_no_day_and_hour_is_no_time_of_the_incident(text: str) -> None:
    assert happened(text) is None


def test_the_hour_alone_leaves_the_minute_open() -> None:
    (told,) = times_told("今晨3时许，坍塌", NOW)

    assert told.latest - told.earliest == timedelta(minutes=59)
    assert "今晨3时许，坍塌"[told.start : told.end] == "今晨3时"


def test_a_clock_time_belongs_to_the_day_told_before() -> None:
    told = times_told("8日14时，沉船，15时30分救起", NOW)

    assert [each.earliest.strftime("%d %H:%M") for each in told] == ["08 14:00", "08 15:30"]


def test_a_vague_date_is_known_as_one() -> None:
    assert is_vague("日前，我县一厂房起火")
    assert not is_vague("11月24日，我县一厂房起火")


@given(
    st.text(
        alphabet="今昨前当日天晚夜晨凌下午12时点分月年号:-/.0359十一二三廿半刻，。截至", max_size=60
    )
)
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    for told in times_told(text, NOW):
        assert told.earliest <= told.latest
        assert 0 <= told.start < told.end <= len(text)
