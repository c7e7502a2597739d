"""What does a person read at three in the morning? 成稿措辞。

Whole texts are compared, because an official reads them whole.
"""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers import wording
from notifiers.phrases import counted, lasted, one_line
from notifiers.wording import Page
from vocabulary.china_time import at
from vocabulary.judgement import Casualties
from vocabulary.message import Message
from vocabulary.terms import Severity

RECEIVED = at(date(2026, 11, 24), time(3, 12, 7))
LINK = "https://zb.example/a/x1"


def a_page(**changed: object) -> Page:
    told = Page(
        cause="opened",
        is_drill=False,
        severity=Severity.SERIOUS,
        unit="城关镇",
        excerpt="东街化工厂爆炸起火",
        received_at=RECEIVED,
        casualties=Casualties(deaths=3, injured=12),
        subtype="危化品事故",
        place="东街",
        why="出现“爆炸”并有人员死亡",
    )
    return replace(told, **changed)  # type: ignore[arg-type]


def test_a_page_says_in_its_first_line_where_anyone_may_have_sent_it() -> None:
    title, summary = wording.page(a_page(is_proven=False))

    assert title == "【急报】初判较大：东街化工厂爆炸起火（自称城关镇，来源未核实）"
    assert summary.startswith("自称城关镇，来源未核实报送，11月24日 03:12:07接报")


def test_a_page_says_what_how_grave_where_from_whom_and_why() -> None:
    title, summary = wording.page(a_page())

    assert wording.with_link(title, summary, LINK) == Message(
        "【急报】初判较大：东街化工厂爆炸起火（城关镇）",
        "城关镇报送，11月24日 03:12:07接报\n"
        "伤亡：死亡3人，受伤12人，失联不明\n"
        "判为：初判较大，危化品事故\n"
        "理由：出现“爆炸”并有人员死亡\n"
        f"签收：{LINK}",
    )


def test_a_place_that_the_excerpt_does_not_name_is_put_before_it() -> None:
    title, _ = wording.page(a_page(place="北门"))

    assert title == "【急报】初判较大：北门 东街化工厂爆炸起火（城关镇）"


def test_what_is_not_known_is_said_and_never_a_zero() -> None:
    told = a_page(severity=None, casualties=Casualties(), why=None, subtype=None, place=None)
    title, summary = wording.page(told)

    assert title == "【急报】等级待定：东街化工厂爆炸起火（城关镇）"
    assert "伤亡：情况不明\n判为：等级待定" in summary
    assert "理由" not in summary
    assert counted(Casualties(deaths=0, injured=None, missing=1)) == "死亡0人，受伤不明，失联1人"


def test_a_possible_case_is_named() -> None:
    _, summary = wording.page(a_page(maybe_of="东街冒烟"))

    assert summary.endswith("可能与“东街冒烟”为同一事件，请在案卷页确认。")


def test_a_drill_is_marked_and_does_not_read_as_an_emergency() -> None:
    title, summary = wording.page(a_page(is_drill=True))
    unseen, _ = wording.page(a_page(is_drill=True, cause="unseen", waited=timedelta(minutes=30)))

    assert title.startswith("【演练】初判较大")
    assert summary.startswith("本条为演练")
    assert unseen.startswith("【演练·关注·逾时未阅】30分钟无人过目")


def test_a_rise_says_from_what_to_what() -> None:
    told = a_page(cause="risen", severity=Severity.MAJOR, before=Severity.SERIOUS)

    assert wording.page(told)[0].startswith("【急报·升级】初判由较大升为重大：")
    assert "由等级待定升为重大" in wording.page(replace(told, before=None))[0]


def test_an_item_that_nobody_looked_at_says_how_long() -> None:
    title, _ = wording.page(a_page(cause="unseen", waited=timedelta(minutes=95)))

    assert title == "【关注·逾时未阅】1小时35分钟无人过目：东街化工厂爆炸起火（城关镇）"
    assert wording.page(a_page(cause="attention"))[0].startswith("【关注】请过目：")


def test_classified_content_is_paged_without_a_word_of_it() -> None:
    title, summary = wording.classified(RECEIVED, "0000-7654321")

    assert title == "【急报】有涉密紧急情况，请接机要电话"
    assert summary == (
        "11月24日 03:12:07接报\n"
        "机要电话：0000-7654321\n"
        "本消息不含内容，请勿在本渠道询问或回复详情。"
    )


def test_a_repeat_says_so_once() -> None:
    once = wording.repeated(Message("【急报】甲", "乙"))

    assert once.title == "【可能重复】【急报】甲"
    assert once.body.endswith("\n乙")
    assert wording.repeated(once) == once


def test_the_next_rung_hears_who_did_not_answer() -> None:
    climbed = wording.climbed(
        "【急报】甲", "乙", called=("王芳", "李强"), waited=timedelta(minutes=3), link=LINK
    )

    assert climbed == Message("【急报】甲", f"已3分钟无人签收（王芳、李强）\n乙\n签收：{LINK}")


def test_those_already_called_hear_that_it_is_in_hand() -> None:
    told = wording.stood_down("【急报】甲", by="王芳", acknowledged_at=RECEIVED)

    assert told.title == "【已签收】已由王芳签收处置，无需再处理"
    assert told.body == "原急报：【急报】甲\n签收时间：11月24日 03:12:07"


def test_an_acknowledgement_taken_back_calls_again() -> None:
    told = wording.taken_back("【急报】甲", "乙", by="王芳", link=LINK)

    assert told.title == "【撤回签收】王芳已撤回签收，请立即签收：【急报】甲"
    assert told.body.endswith(f"签收：{LINK}")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "不足1分钟"),
        (timedelta(minutes=1), "1分钟"),
        (timedelta(hours=2), "2小时"),
        (timedelta(hours=25, minutes=1, seconds=59), "25小时1分钟"),
        (timedelta(minutes=-5), "不足1分钟"),
    ],
)
def test_a_length_of_time_is_cut_down_to_the_minute(length: timedelta, said: str) -> None:
    assert lasted(length) == said


@given(st.text(), st.text(), st.text(), st.text())
def test_no_sender_pushes_the_link_out_or_writes_a_line_of_ours(
    excerpt: str, place: str, unit: str, why: str
) -> None:
    told = a_page(excerpt=excerpt, place=place, unit=unit, why=why, maybe_of=excerpt)
    text = wording.repeated(wording.with_link(*wording.page(told), LINK))

    assert len(f"{text.title}\n{text.body}".encode()) <= 2_048
    assert len(text.title.splitlines()) == 1
    assert len(text.body.splitlines()) <= 7
    assert text.body.endswith(f"\n签收：{LINK}")


@given(st.text(), st.integers(1, 50))
def test_a_line_is_never_longer_than_asked(text: str, length: int) -> None:
    line = one_line(text, length)

    assert len(line) <= length
    assert len(line.splitlines()) <= 1
