"""What do a unit, the desk and the supervisor read about a report that is owed? 通知措辞。

Whole texts are compared, because an official reads them whole.
"""

import re
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifiers import notice_wording
from notifiers.notice_wording import OwedText
from rules.lapses import LapseCount
from vocabulary.china_time import at
from vocabulary.message import Message

LINK = "https://zb.example/a/x1"


def what_is_owed(unit: str = "城关镇", **changed: object) -> OwedText:
    owed = OwedText(
        duty="书面首报",
        unit=unit,
        owed_to="县政府办公室",
        due_at=at(date(2026, 11, 24), time(3, 40)),
        article="《某县突发事件信息报送办法》第六条",
        link="https://zb.example/r/9",
        duty_phone="0000-1234567",
        case_title="东街化工厂爆炸起火",
    )
    return replace(owed, **changed)  # type: ignore[arg-type]


def test_a_nudge_says_what_is_owed_by_when_why_how_often_and_how_to_answer() -> None:
    owed = what_is_owed(others=LapseCount(late=2, silent=1))

    assert notice_wording.nudge((owed,), timedelta(minutes=10)) == Message(
        "【催报】城关镇：书面首报请于11月24日 03:40前报出，还有10分钟",
        "事项：东街化工厂爆炸起火\n"
        "应报至：县政府办公室\n"
        "依据：《某县突发事件信息报送办法》第六条\n"
        "本季度另有迟报2次、未报1次（系统记录，未经认定）\n"
        "填报：https://zb.example/r/9\n"
        "也可电话报告：0000-1234567",
    )


def test_an_overdue_unit_is_told_without_being_judged() -> None:
    told = notice_wording.overdue_to_unit((what_is_owed(),))

    assert told.title == "【到期未报】城关镇：书面首报已到期，截至11月24日 03:40未收到，请立即报送"
    assert "另有原因的，请在回复中说明" in told.body
    assert "迟报" not in told.title + told.body


def test_a_units_head_hears_for_how_long_nothing_has_come() -> None:
    told = notice_wording.missing_to_unit((what_is_owed(over=timedelta(minutes=30, seconds=2)),))

    assert told.title == "【缺报待核】城关镇：书面首报已超时30分钟，仍未收到，请立即报送"


def test_a_unit_that_owes_two_things_at_once_gets_one_text() -> None:
    owed = (what_is_owed(), what_is_owed(duty="续报", article="《另一办法》第二条"))

    assert notice_wording.overdue_to_unit(owed) == Message(
        "【到期未报】城关镇：2项已到期，截至11月24日 03:40未收到，请立即报送",
        "· “东街化工厂爆炸起火”书面首报，应于11月24日 03:40前\n"
        "· “东街化工厂爆炸起火”续报，应于11月24日 03:40前\n"
        "依据：《某县突发事件信息报送办法》第六条；《另一办法》第二条\n"
        "填报：https://zb.example/r/9\n"
        "也可电话报告：0000-1234567\n"
        "已经电话报告或另有原因的，请在回复中说明，一并记录。",
    )


def a_nil_report(unit: str, **changed: object) -> OwedText:
    return what_is_owed(unit, duty="零报告", case_title="", **changed)


def test_the_desk_hears_of_all_who_owe_the_same_in_one_line() -> None:
    owed = (
        a_nil_report("城关镇", over=timedelta(minutes=30)),
        a_nil_report("北乡", over=timedelta(minutes=30), others=LapseCount(late=2, silent=1)),
    )

    assert notice_wording.overdue_to_desk(owed, LINK) == Message(
        "【到期未报】2项到期未报：城关镇、北乡",
        "· 零报告，应于11月24日 03:40前，已超时30分钟：城关镇、北乡（3）\n"
        "依据：《某县突发事件信息报送办法》第六条\n"
        "单位后的数字是该单位本季度另有的迟报、未报次数（系统记录）。\n"
        f"查看：{LINK}",
    )


def test_a_whole_county_that_is_silent_fits_into_one_text_by_name() -> None:
    names = [f"第{n}镇" for n in range(1, 97)]
    told = notice_wording.missing_to_supervisor(tuple(map(a_nil_report, names)), LINK)

    assert told.title == "【缺报待核】96项过截止时间仍未收到：第1镇、第2镇、第3镇等96家"
    assert all(name in told.body for name in names)
    assert len(f"{told.title}\n{told.body}".encode()) <= 2_048


def test_a_leader_is_asked_to_see_to_it_and_told_who_was_told_before() -> None:
    told = notice_wording.raised_to_leader((what_is_owed(over=timedelta(hours=1)),), LINK)

    assert told.title == "【提请过问】城关镇书面首报已超时1小时，仍未收到"
    assert "已催报单位、告知值班室和督查，请领导过问。" in told.body


def test_of_the_desks_own_report_the_leader_reads_that_nobody_has_recorded_it() -> None:
    own = what_is_owed(over=timedelta(hours=1), duty="上报", unit="县政府办", is_upward=True)

    told = notice_wording.raised_to_leader((own,), LINK)

    assert told.title == "【提请过问】县政府办上报已超时1小时，尚未登记已报"
    assert "已提醒值班室，请领导过问。" in told.body


@given(st.integers(1, 400), st.integers(0, 20))
def test_what_does_not_fit_is_counted_and_nothing_is_lost(units: int, incidents: int) -> None:
    owed = [a_nil_report(f"单位名称较长的第{n}镇", others=LapseCount(n)) for n in range(units)]
    owed += [what_is_owed(f"第{n}局", case_title=f"事故{n}" * 20) for n in range(incidents)]

    told = notice_wording.overdue_to_desk(tuple(owed), LINK)

    unnamed = re.search("另有([0-9]+)项，见台账。", told.body)
    names = re.findall("[镇局](?=（|、|\n)", told.body)
    assert len(names) + (int(unnamed[1]) if unnamed else 0) == len(owed)
    assert len(f"{told.title}\n{told.body}".encode()) <= 2_048
    assert told.body.endswith(f"查看：{LINK}")


def test_the_desk_hears_of_one_unit_by_name() -> None:
    told = notice_wording.overdue_to_desk((what_is_owed(),), LINK)

    assert told.title == "【到期未报】城关镇书面首报到期未报"


def test_the_supervisor_hears_a_record_and_not_a_finding() -> None:
    one = notice_wording.missing_to_supervisor((what_is_owed(is_drill=True),), LINK)
    many = notice_wording.missing_to_supervisor((what_is_owed(), what_is_owed("北乡")), LINK)

    assert one.title == "【演练·缺报待核】城关镇书面首报过截止时间仍未收到"
    assert many.title == "【缺报待核】2项过截止时间仍未收到：城关镇、北乡"
    assert "由人核定" in many.body


def test_a_notice_that_our_outage_held_back_says_its_age() -> None:
    told = notice_wording.caught_up(
        Message("【催报】甲", "乙"),
        planned_at=at(date(2026, 11, 24), time(2, 15)),
        age=timedelta(minutes=50),
        is_still_owed=True,
    )

    assert told == Message(
        "【补发】【催报】甲",
        "本条应于11月24日 02:15发出，因本系统中断迟发50分钟。\n"
        "中断期间的时限不计迟报，事项仍须报送。\n"
        "乙",
    )
