"""Does the link in a message acknowledge when tapped, and never before? 一键签收。"""

from datetime import timedelta
from uuid import UUID

from ledger.schema import alerts
from notifiers.links import Links
from tests.builders import MINUTE, OFFICER
from tests.gateway.front_office import KEY, FrontOffice, an_alert


def link_for(office: FrontOffice, uid: UUID, recipient: str) -> str:
    return office.house.links.to_acknowledge(uid, recipient).removeprefix("http://zb.example")


def test_a_link_preview_does_not_acknowledge(office: FrontOffice) -> None:
    uid = an_alert(office)

    page = office.visitor().read(link_for(office, uid, OFFICER))

    assert "签收</button>" in page
    assert office.room.row(alerts)["acknowledged_at"] is None


def test_a_tap_on_the_link_acknowledges_and_says_so(office: FrontOffice) -> None:
    uid = an_alert(office)
    link = link_for(office, uid, OFFICER)
    visitor = office.visitor()
    office.now += timedelta(seconds=58)

    answer = visitor.send(visitor.read(link), link)
    page = visitor.read(answer.headers["location"])

    assert "已签收" in page
    assert "03:13:05" in page
    assert "撤回签收" in page


def test_the_second_to_tap_is_told_who_was_first(office: FrontOffice) -> None:
    uid = an_alert(office)
    office.room.acknowledge(uid, OFFICER, office.now)
    link = link_for(office, uid, "deng-shaofeng")
    visitor = office.visitor()

    visitor.browser.post(link)
    page = visitor.read(link)

    assert office.room.row(alerts)["acknowledged_by"] == OFFICER
    assert "冯建业 最先签收" in page
    assert "撤回签收" not in page
    assert visitor.browser.post(f"{link}/take-back").status_code == 403


def test_a_mistaken_tap_is_taken_back(office: FrontOffice) -> None:
    uid = an_alert(office)
    link = link_for(office, uid, OFFICER)
    visitor = office.visitor()
    visitor.browser.post(link)
    office.now += MINUTE

    visitor.send(visitor.read(link), f"{link}/take-back")

    assert office.room.row(alerts)["acknowledged_at"] is None
    assert "签收</button>" in visitor.read(link)


def test_a_link_from_a_group_asks_who_you_are(office: FrontOffice) -> None:
    uid = an_alert(office)
    link = link_for(office, uid, "room:zhengfuban.wecom_room")
    stranger, officer = office.visitor(), office.visitor("person:lin-xiaoyun")

    asked = stranger.read(link)
    refused = stranger.browser.post(link)
    untold = officer.browser.post(link)
    officer.send(officer.read(link), link)

    assert f"/sign-in?next={link}" in asked
    assert refused.headers["location"].startswith("/sign-in")
    assert untold.status_code == 403
    assert office.room.row(alerts)["acknowledged_by"] == "lin-xiaoyun"


def test_a_link_does_not_let_a_clerk_acknowledge(office: FrontOffice) -> None:
    uid = an_alert(office)

    answer = office.visitor().browser.post(link_for(office, uid, "li-chunmei"))

    assert answer.status_code == 403
    assert office.room.row(alerts)["acknowledged_at"] is None


def test_an_expired_link_says_what_to_do(office: FrontOffice) -> None:
    uid = an_alert(office)
    over = Links(public_url="http://zb.example", secret_key=KEY, valid=timedelta(seconds=-1))
    office.house.links.__dict__.update(over.__dict__)
    link = link_for(office, uid, OFFICER)

    for answer in (office.visitor().look(link), office.visitor().browser.post(link)):
        assert answer.status_code == 410
        assert "已过期" in answer.text
        assert office.house.county.duty_phone in answer.text
    assert office.room.row(alerts)["acknowledged_at"] is None


def test_a_forged_link_says_what_to_do(office: FrontOffice) -> None:
    answer = office.visitor().look("/a/WyJhIiwgImIiXQ.forged")

    assert answer.status_code == 400
    assert "签收链接无效" in answer.text
