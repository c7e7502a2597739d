"""Who gets in, as whom, and who does not? 登录与权限。"""

import pytest

from gateway.session import COOKIE, entry_path, safe_next
from ledger import tokens
from ledger.schema import tokens as table
from tests.builders import NIGHT
from tests.gateway.front_office import KEY, FrontOffice

OFFICER, SUPERVISOR, CLERK = "person:lin-xiaoyun", "person:qiu-zhengming", "unit:qingshi"


def keep_token(office: FrontOffice, token: str, named: str) -> None:
    with office.book.writing.begin() as connection:
        tokens.add(connection, tokens.hash_of(token), named, NIGHT)


def test_a_token_signs_in_and_goes_on_to_where_one_was_going(office: FrontOffice) -> None:
    keep_token(office, "a-long-token", OFFICER)
    visitor = office.visitor()
    asked = visitor.look("/board")
    page = visitor.read(asked.headers["location"])

    answer = visitor.send(page, "/sign-in", token=" a-long-token ")

    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    assert "林晓筠" in visitor.read("/board")


def test_the_cookie_holds_no_token_and_no_script_reads_it(office: FrontOffice) -> None:
    keep_token(office, "a-long-token", OFFICER)
    visitor = office.visitor()

    answer = visitor.send(visitor.read("/sign-in"), "/sign-in", token="a-long-token")

    cookie = answer.headers["set-cookie"].lower()
    assert "a-long-token" not in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_wrong_token_is_told_so_in_a_sentence(office: FrontOffice) -> None:
    visitor = office.visitor()

    answer = visitor.send(visitor.read("/sign-in"), "/sign-in", token="wrong")

    assert answer.status_code == 401
    assert "令牌不对或已停用" in answer.text
    assert "wrong" not in answer.text.replace('class="field wrong"', "")


def test_a_revoked_token_ends_its_sessions(
    office: FrontOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.identity._REMEMBERED_SECONDS", 0.0)
    keep_token(office, "a-long-token", OFFICER)
    visitor = office.visitor()
    visitor.send(visitor.read("/sign-in"), "/sign-in", token="a-long-token")

    with office.book.writing.begin() as connection:
        connection.execute(table.update().values(revoked_at=NIGHT))

    assert visitor.look("/board").status_code == 303


def test_a_forged_cookie_is_no_session(office: FrontOffice) -> None:
    visitor = office.visitor(OFFICER)
    cookie = visitor.browser.cookies[COOKIE]

    visitor.browser.cookies.set(COOKIE, cookie[:-2] + "xx", domain="testserver.local", path="/")
    visitor.browser.cookies.clear()
    visitor.browser.cookies.set(COOKIE, cookie[:-4] + "xxxx")

    assert visitor.look("/board").status_code == 303


def test_signing_out_ends_the_session_on_this_browser(office: FrontOffice) -> None:
    visitor = office.visitor(OFFICER)

    visitor.send(visitor.read("/board"), "/sign-out")

    assert visitor.look("/board").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "address",
    ["/report", "/sign-out", "/board/acknowledge/00000000-0000-0000-0000-000000000001"],
)
def test_a_form_without_its_proof_is_refused(office: FrontOffice, address: str) -> None:
    visitor = office.visitor(OFFICER)

    without = visitor.browser.post(address, data={"title": "起火"})
    anothers = office.visitor(OFFICER).send(visitor.read("/report"), "/report", title="起火")

    assert without.status_code == 403
    assert anothers.status_code == 403
    assert "页面已过期" in without.text


def test_nobody_is_signed_in_by_a_foreign_page(office: FrontOffice) -> None:
    keep_token(office, "a-long-token", OFFICER)
    visitor = office.visitor()

    answer = visitor.browser.post("/sign-in", data={"token": "a-long-token"})

    assert answer.status_code == 403
    assert COOKIE not in visitor.browser.cookies


@pytest.mark.parametrize(
    "address", ["/board", "/board/part", "/board/events", "/cases/" + "0" * 32]
)
def test_a_clerk_cannot_see_the_board(office: FrontOffice, address: str) -> None:
    assert office.visitor(CLERK).look(address).status_code in (403, 404)


def test_a_supervisor_may_read_the_board_and_not_acknowledge(office: FrontOffice) -> None:
    visitor = office.visitor(SUPERVISOR)
    page = visitor.read("/board")

    answer = visitor.browser.post(
        "/board/acknowledge/00000000-0000-0000-0000-000000000001", data={"csrf": "x"}
    )

    assert "签收</button>" not in page
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/owed",
        "/report",
        "/receipts/" + "0" * 32,
        "/board",
        "/board/part",
        "/board/events",
        "/cases/" + "0" * 32,
        "/late-log",
        "/late-log.csv",
        "/late-log.json",
    ],
)
def test_every_page_asks_who_is_there(office: FrontOffice, address: str) -> None:
    answer = office.visitor().look(address)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_an_entry_link_for_once_works_once(office: FrontOffice) -> None:
    link = entry_path(KEY, OFFICER)

    assert office.visitor().look(link).status_code == 303
    assert office.visitor().look(link).status_code == 410


def test_an_entry_link_of_the_demo_works_again(office: FrontOffice) -> None:
    link = entry_path(KEY, OFFICER, is_for_once=False)

    assert office.visitor().look(link).status_code == 303
    assert office.visitor().look(link).status_code == 303


def test_an_entry_link_of_another_house_lets_nobody_in(office: FrontOffice) -> None:
    visitor = office.visitor()

    assert visitor.look(entry_path("another key", OFFICER)).status_code == 410
    assert COOKIE not in visitor.browser.cookies


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("/board", "/board"),
        ("/late-log?since=2026-11-01", "/late-log?since=2026-11-01"),
        (None, "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_goes_on_within_this_house_only(given: str | None, taken: str) -> None:
    assert safe_next(given) == taken


def test_pages_are_kept_in_no_cache_and_stand_in_no_frame(office: FrontOffice) -> None:
    headers = office.visitor().look("/sign-in").headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_styles_and_scripts_are_kept_for_good_under_their_digest(office: FrontOffice) -> None:
    visitor = office.visitor()
    page = visitor.read("/sign-in")

    for address in (a for a in page.split('"') if a.startswith("/static/")):
        assert "immutable" in visitor.look(address).headers["cache-control"]
    assert visitor.look("/static/..%2Fpages.py").status_code == 404
    assert "<script>" not in page
    assert "style=" not in page
