"""The desk asks units for an item, by API and on its page: who may, and what is seen? 约稿。"""

import re
from datetime import timedelta
from typing import Any

import pytest

from ledger.schema import obligations
from tests.builders import HOUR, MEETING, NEIGHBOUR, NIGHT, SECRET_WORDS, TOWNSHIP
from tests.gateway.asking import DESK, get, post, send
from tests.gateway.front_office import AT_DESK, CLERK, SUPERVISOR, FrontOffice
from tests.gateway.front_office import NEIGHBOUR as NEXT_CLERK
from tests.streams.open_room import OpenRoom

DUE = NIGHT + 6 * HOUR
SAID: dict[str, Any] = {
    "subject": "冬季防火",
    "wanted": "排查、整改各写一段",
    "units": [TOWNSHIP, NEIGHBOUR],
    "due_at": DUE.isoformat(),
}
TYPED = {"subject": "冬季防火", "wanted": "排查、整改各写一段", "due_at": "2026-11-24T09:12"}


async def asked(house: OpenRoom, key: str | None = None, **of: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    caller = await house.caller(DESK)
    return await caller.post("/solicitations", json=SAID | of, headers=headers)


# By API.


async def test_what_is_asked_is_told_with_how_each_unit_stands(house: OpenRoom) -> None:
    made = (await asked(house)).json()
    named = {"solicitation_id": made["solicitation_id"]}
    receipt = await send(house, MEETING | named)

    found = (await get(house, f"/solicitations/{made['solicitation_id']}")).json()

    assert [each["kind"] for each in receipt["obligations"]] == ["solicited_item"]
    stands = {each["unit_id"]: each for each in found["units"]}
    assert stands[TOWNSHIP]["fulfilment"] == "met"
    assert stands[TOWNSHIP]["fulfilled_by"] == receipt["submission_id"]
    assert stands[NEIGHBOUR]["fulfilment"] == "open"
    assert (found["asked_by"], found["due_at"]) == (DESK[7:], DUE.isoformat())


async def test_under_one_key_it_is_asked_once(house: OpenRoom) -> None:
    first, again = await asked(house, "week 48"), await asked(house, "week 48")
    other = await asked(house, "week 48", subject="春耕备耕")
    without = await asked(house)

    assert first.json() == again.json()
    assert other.status_code == 422
    assert without.json()["solicitation_id"] != first.json()["solicitation_id"]


async def test_a_unit_sees_that_it_was_asked_and_not_who_else(house: OpenRoom) -> None:
    uid = (await asked(house)).json()["solicitation_id"]

    (theirs,) = (await get(house, "/solicitations", CLERK)).json()["solicitations"]
    not_asked = await get(house, f"/solicitations/{uid}", "unit:baisha")

    assert [each["unit_id"] for each in theirs["units"]] == [TOWNSHIP]
    assert not_asked.status_code == 404


@pytest.mark.parametrize("by", [CLERK, SUPERVISOR])
async def test_only_the_desk_asks_and_withdraws(house: OpenRoom, by: str) -> None:
    uid = (await asked(house)).json()["solicitation_id"]

    assert (await post(house, "/solicitations", SAID, by)).status_code == 403
    path = f"/solicitations/{uid}/withdraw"
    assert (await post(house, path, {"reason": "不用了"}, by)).status_code == 403


@pytest.mark.parametrize(
    ("of", "status"),
    [
        ({"subject": " "}, 422),
        ({"subject": "防火\0"}, 422),
        ({"units": []}, 422),
        ({"units": ["nowhere"]}, 422),
        ({"units": [DESK[7:]]}, 422),
        ({"due_at": (NIGHT + HOUR / 2).isoformat()}, 422),
        ({"due_at": "明天"}, 422),
        ({"subject": f"机密★1年 {SECRET_WORDS}"}, 422),
        ({"to": "everyone"}, 422),
    ],
)
async def test_what_cannot_be_asked_is_told_why(
    house: OpenRoom, of: dict[str, Any], status: int
) -> None:
    answer = await asked(house, **of)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "青松" not in answer.text
    assert (await get(house, "/solicitations")).json()["solicitations"] == []


async def test_it_is_withdrawn_once_with_a_reason(house: OpenRoom) -> None:
    uid = (await asked(house)).json()["solicitation_id"]
    path = f"/solicitations/{uid}/withdraw"

    without = await post(house, path, {})
    told = (await post(house, path, {"reason": "已有专报"})).json()
    again = await post(house, path, {"reason": "已有专报"})

    assert without.status_code == 422
    assert told["withdrawn_for"] == "已有专报"
    assert {each["fulfilment"] for each in told["units"]} == {"waived"}
    assert again.status_code == 409


# On the pages.


def ask_by_form(office: FrontOffice, **typed: str) -> Any:
    officer = office.visitor(AT_DESK)
    chosen = (
        {f"unit-{TOWNSHIP}": "on"} if not any(n.startswith(("unit", "all")) for n in typed) else {}
    )
    return officer.send(
        officer.read("/solicitations"), "/solicitations", **(TYPED | chosen | typed)
    )


def test_the_form_asks_and_the_unit_answers_from_its_own_page(office: FrontOffice) -> None:
    assert ask_by_form(office).status_code == 303
    clerk = office.visitor(CLERK)

    page = clerk.read("/")
    (link,) = re.findall(r'href="(/report\?solicitation_id=[^"]+)"', page)
    form = clerk.read(link)
    clerk.send(form, "/report", title="我镇冬季防火情况", body="已排查民房三百户。")

    assert "冬季防火" in page
    assert "排查、整改各写一段" in form
    assert office.room.row(obligations, duty="solicited_item")["fulfilment"] == "met"
    assert "1 家已报，0 家未报" in office.visitor(AT_DESK).read("/solicitations")
    assert "冬季防火" not in clerk.read("/owed").partition("最近报送")[0]


def test_another_unit_learns_nothing_of_it(office: FrontOffice) -> None:
    ask_by_form(office)
    (link,) = re.findall(
        r'href="(/report\?solicitation_id=[^"]+)"', office.visitor(CLERK).read("/")
    )
    neighbour = office.visitor(NEXT_CLERK)

    assert "冬季防火" not in neighbour.read("/")
    assert "冬季防火" not in neighbour.read(link)
    assert neighbour.look("/solicitations").status_code == 403


def test_a_groups_box_asks_all_of_it(office: FrontOffice) -> None:
    ask_by_form(office, **{"all-township": "on", "unit-gongan": "on"})

    units = {row["owed_by"] for row in office.room.rows(obligations, duty="solicited_item")}
    county = office.room.desk.county
    assert units == {u for u, unit in county.units.items() if unit.kind == "township"} | {"gongan"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"subject": "  "}, "请填写"),
        ({"unit-nowhere": "on"}, "请至少选一家单位"),
        ({"due_at": "明天"}, "请填日期和时间"),
        ({"due_at": "2026-11-24T03:30"}, "报送时限太近"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(
    office: FrontOffice, typed: dict[str, str], sentence: str
) -> None:
    answer = ask_by_form(office, **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "排查、整改各写一段" in answer.text
    assert office.room.rows(obligations, duty="solicited_item") == []


def test_a_form_that_is_sent_twice_asks_once(office: FrontOffice) -> None:
    officer = office.visitor(AT_DESK)
    page = officer.read("/solicitations")
    typed = TYPED | {f"unit-{TOWNSHIP}": "on"}

    officer.send(page, "/solicitations", **typed)
    again = officer.send(page, "/solicitations", **typed)

    assert again.status_code == 303
    assert len(office.room.rows(obligations, duty="solicited_item")) == 1


def test_marked_words_are_not_kept_nor_shown_again(office: FrontOffice) -> None:
    answer = ask_by_form(office, wanted=f"机密★1年 {SECRET_WORDS}")

    assert answer.status_code == 422
    assert "青松" not in answer.text


def test_the_desk_withdraws_it_on_the_page_and_the_board_shows_what_is_owed(
    office: FrontOffice,
) -> None:
    ask_by_form(office)
    officer = office.visitor(AT_DESK)
    board, page = officer.read("/board"), officer.read("/solicitations")
    (address,) = re.findall(r'action="(/solicitations/[^"]+/withdraw)"', page)

    without = officer.send(page, address)
    answer = officer.send(page, address, reason="已有专报")

    assert "冬季防火" in board
    assert (without.status_code, answer.status_code) == (422, 303)
    after = officer.read("/solicitations")
    assert "已撤回" in after
    assert "已有专报" in after
    assert "撤回约稿" not in after


def test_two_subjects_due_at_one_instant_are_two_rows_on_the_board(office: FrontOffice) -> None:
    ask_by_form(office)
    ask_by_form(office, subject="春耕备耕", **{"all-township": "on"})

    board = office.visitor(AT_DESK).read("/board")

    assert "冬季防火" in board
    assert "春耕备耕" in board


def test_the_supervisor_reads_and_does_nothing(office: FrontOffice) -> None:
    ask_by_form(office)
    office.pass_time(timedelta(hours=7))
    page = office.visitor(SUPERVISOR).read("/solicitations")

    assert "冬季防火" in page
    assert "发出约稿" not in page
    assert "撤回约稿" not in page


def test_the_late_log_says_what_was_asked_for(office: FrontOffice) -> None:
    ask_by_form(office)
    office.pass_time(timedelta(hours=7))
    supervisor = office.visitor(SUPERVISOR)
    row = office.room.row(obligations, duty="solicited_item")["uid"]

    assert "约稿：冬季防火" in supervisor.read("/late-log")
    assert "约稿：冬季防火" in supervisor.read(f"/late-log/{row}")
    assert "约稿：冬季防火" in supervisor.look("/late-log.csv").text


def test_with_the_book_away_nothing_is_asked(office: FrontOffice) -> None:
    officer = office.visitor(AT_DESK)
    page = officer.read("/solicitations")
    office.is_away = True

    answer = officer.send(page, "/solicitations", **TYPED, **{f"unit-{TOWNSHIP}": "on"})

    assert answer.status_code == 503
