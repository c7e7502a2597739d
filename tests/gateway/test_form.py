"""Does the form take what a clerk writes at 3 a.m., and say what became of it? 报送表单。"""

import pytest

from ledger.schema import alerts, submissions
from tests.builders import FIRE, MINUTE, NIGHT, OFFICER, TOWNSHIP, WALL
from tests.gateway.front_office import (
    AT_DESK,
    CLERK,
    FrontOffice,
    a_report,
    hidden_fields,
    receipt_uid,
    the_case,
)


def test_a_report_is_sent_without_a_script_and_answered_with_its_receipt(
    office: FrontOffice,
) -> None:
    visitor = office.visitor(CLERK)

    answer = visitor.report(**WALL, deaths="3", known_at="2026-11-24T02:52", medium="written")
    page = visitor.read(answer.headers["location"])

    assert "已收到" in page
    assert "03:12:07" in page
    assert "紧急" in page
    assert "初判较大" in page
    assert "应于 03:52 前，03:12 已报" in page
    assert "按时" in page
    assert "仍缺：" in page
    assert "续报" in page


def test_the_receipt_says_when_the_duty_room_has_seen_it(office: FrontOffice) -> None:
    uid = a_report(office)
    before = office.visitor(CLERK).read(f"/receipts/{uid}/part")

    alert = office.room.row(alerts)["uid"]
    office.room.acknowledge(alert, OFFICER, NIGHT + MINUTE)

    assert "尚未签收" in before
    assert "值班室 03:13 已阅" in office.visitor(CLERK).read(f"/receipts/{uid}/part")


def test_the_same_form_sent_twice_is_one_report(office: FrontOffice) -> None:
    visitor = office.visitor(CLERK)
    page = visitor.read("/report")

    first = visitor.send(page, "/report", **FIRE)
    second = visitor.send(page, "/report", **FIRE)

    assert receipt_uid(first) == receipt_uid(second)
    assert len(office.room.rows(submissions)) == 1


def test_the_same_form_with_another_text_is_offered_as_a_follow_up(office: FrontOffice) -> None:
    visitor = office.visitor(CLERK)
    page = visitor.read("/report")
    visitor.send(page, "/report", **FIRE)

    answer = visitor.send(page, "/report", title=FIRE["title"], body="火势已控制，无人伤亡。")

    assert answer.status_code == 422
    assert "作为续报报送" in answer.text
    assert "火势已控制，无人伤亡。" in answer.text
    offered = hidden_fields(answer.text, "/report")
    assert offered["key"] != hidden_fields(page, "/report")["key"]
    sent = visitor.send(answer.text, "/report", body="火势已控制。", stage="follow_up")
    receipt_uid(sent)
    first, second = office.room.rows(submissions)
    assert second["case_id"] == first["case_id"]
    assert second["stage"] == "follow_up"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("deaths", "两三个", "请填数字"),
        ("injured", "-1", "请填数字"),
        ("missing", "9" * 5000, "请填数字"),
        ("known_at", "昨晚", "请填日期和时间"),
        ("occurred_at", "2036-11-24T03:12", "比现在还晚"),
        ("occurred_at", "0001-01-01T00:00", "年份不对"),
        ("stage", "whatever", "请从所列各项中选一项"),
        ("case_id", "123", "案卷号不完整"),
        ("place", "村" * 201, "内容过长"),
        ("body", "情" * 30_000, "内容过长"),
    ],
)
def test_a_form_to_mend_comes_back_filled_with_the_field_marked(
    office: FrontOffice, field: str, typed: str, sentence: str
) -> None:
    answer = office.visitor(CLERK).report(**{"title": "居民楼起火", field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="居民楼起火"' in answer.text
    assert typed in answer.text or field == "stage"
    assert office.room.rows(submissions) == []


def test_a_form_that_says_nothing_is_asked_what_happened(office: FrontOffice) -> None:
    answer = office.visitor(CLERK).report(deaths="1")

    assert answer.status_code == 422
    assert "请写明发生了什么事" in answer.text


def test_times_on_the_form_are_beijing_times(office: FrontOffice) -> None:
    a_report(office, **FIRE, occurred_at="2026-11-24T03:02")

    content = office.room.row(submissions)["content"]

    assert "2026-11-24T03:02:00+08:00" in content


def test_classified_text_is_turned_away_and_not_shown_again(office: FrontOffice) -> None:
    answer = office.visitor(CLERK).report(title="机密★1年", body="代号青松的演训车辆失火")

    assert answer.status_code == 422
    assert "机要" in answer.text
    assert office.house.county.secrecy_phone in answer.text
    assert "青松" not in answer.text
    assert office.room.rows(submissions) == []
    assert office.room.row(alerts)["cause"] == "classified"


def test_classified_text_on_a_form_to_mend_is_not_shown_again_either(office: FrontOffice) -> None:
    answer = office.visitor(CLERK).report(
        body="绝密 代号青松的演训车辆失火", title="机密★1年", deaths="x"
    )

    assert answer.status_code == 422
    assert "青松" not in answer.text
    assert office.room.row(alerts)["cause"] == "classified"


def test_classified_text_is_not_shown_again_when_the_book_is_away(office: FrontOffice) -> None:
    office.is_away = True

    for mistake in ({}, {"deaths": "x"}):
        answer = office.visitor(CLERK).report(
            title="机密★1年", body="代号青松的车辆失火", **mistake
        )

        assert answer.status_code == 503
        assert "青松" not in answer.text
        assert "已提示值班员" not in answer.text
        assert office.house.county.secrecy_phone in answer.text


def test_when_the_book_is_away_the_form_keeps_what_was_typed(office: FrontOffice) -> None:
    visitor = office.visitor(CLERK)
    page = visitor.read("/report")
    office.is_away = True

    answer = visitor.send(page, "/report", **FIRE)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert office.house.county.duty_phone in answer.text
    assert FIRE["body"] in answer.text
    assert office.refused == 1
    office.is_away = False
    receipt_uid(visitor.send(answer.text, "/report", **FIRE))
    assert hidden_fields(answer.text, "/report")["key"] == hidden_fields(page, "/report")["key"]


def test_a_form_over_the_limit_is_refused_unread(office: FrontOffice) -> None:
    answer = office.visitor(CLERK).report(body="x" * 600_000)

    assert answer.status_code == 413


def test_the_desk_logs_a_call_on_a_units_behalf(office: FrontOffice) -> None:
    desk = office.visitor(AT_DESK)

    answer = desk.report(
        **FIRE,
        on_behalf_of=TOWNSHIP,
        called_at="2026-11-24T03:05",
        recorder="冯建业",
        medium="phone",
    )

    receipt_uid(answer)
    row = office.room.row(submissions)
    assert (row["owing_unit_id"], row["unit_id"]) == (TOWNSHIP, "zhengfuban")
    assert row["counted_at"] == NIGHT.replace(minute=5, second=0)
    owed = office.visitor(CLERK).read("/")
    assert "书面首报" in owed
    assert "去补书面报告" in owed


def test_a_unit_does_not_speak_for_another(office: FrontOffice) -> None:
    answer = office.visitor(CLERK).report(**FIRE, on_behalf_of="liulin")

    assert answer.status_code == 422
    assert office.room.rows(submissions) == []


def test_what_a_unit_wrote_is_shown_and_never_run(office: FrontOffice) -> None:
    title = "<script>alert(1)</script>一居民楼起火，1人死亡"
    uid = a_report(office, title=title, body='<img src=x onerror="alert(2)">现场救援中')
    case = the_case(office)

    for visitor, address in (
        (office.visitor(CLERK), "/"),
        (office.visitor(CLERK), f"/receipts/{uid}"),
        (office.visitor(CLERK), f"/report?case_id={case}&title=<script>alert(1)</script>"),
        (office.visitor(AT_DESK), "/board"),
        (office.visitor(AT_DESK), f"/cases/{case}"),
    ):
        page = visitor.read(address)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page
