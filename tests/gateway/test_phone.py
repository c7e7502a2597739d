"""Does the loopback phone stand in for the real ones? 模拟手机。"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from gateway.phone import PhoneState
from gateway.phone_page import page
from gateway.phone_shelf import Shelf
from gateway.phone_wire import Received
from tests.loopback import Phone, a_phone

WECOM = "/cgi-bin/webhook/send?key=room-1"
TEXT = {"msgtype": "text", "text": {"content": "【急报】甲\n签收：http://zb.example/a/1"}}


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with a_phone() as running:
        yield running


@pytest.fixture
async def caller(phone: Phone) -> AsyncIterator[aiohttp.ClientSession]:
    phone.state.shelf.clear()
    async with aiohttp.ClientSession(f"http://{phone.host}") as session:
        async with session.post("/behaviour", json={"channel": "*", "mode": "ok"}) as answer:
            assert answer.status == 200
        yield session


async def post(caller: aiohttp.ClientSession, path: str, body: object) -> Any:
    async with caller.post(path, json=body) as answer:
        assert answer.status == 200
        return await answer.json()


async def messages(caller: aiohttp.ClientSession, query: str = "") -> list[dict[str, Any]]:
    async with caller.get(f"/messages{query}") as answer:
        shown: list[dict[str, Any]] = await answer.json()
        return shown


@pytest.mark.parametrize(
    ("path", "body", "said", "kept"),
    [
        pytest.param(WECOM, TEXT, {"errcode": 0, "errmsg": "ok"}, ("wecom", "room-1"), id="wecom"),
        pytest.param(
            WECOM,
            {"text": {"content": "x", "mentioned_mobile_list": ["13800000000"]}},
            {"errcode": 0, "errmsg": "ok"},
            ("wecom", "13800000000"),
            id="wecom to a person",
        ),
        pytest.param(
            "/robot/send?access_token=t",
            TEXT,
            {"errcode": 0, "errmsg": "ok"},
            ("dingtalk", "t"),
            id="dingtalk",
        ),
        pytest.param(
            "/open-apis/bot/v2/hook/t-1",
            {"msg_type": "text", "content": {"text": "x"}},
            {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"},
            ("feishu", "t-1"),
            id="feishu",
        ),
        pytest.param(
            "/sms",
            {"to": "13800000000", "text": "x"},
            {"code": 0, "msg": "success"},
            ("sms", "13800000000"),
            id="sms",
        ),
        pytest.param(
            "/voice",
            {"to": "13800000000", "text": "x"},
            {"code": 0, "msg": "success"},
            ("voice", "13800000000"),
            id="voice",
        ),
        pytest.param(
            "/webhook/oa/7",
            {"title": "x", "text": "y"},
            {"code": 0, "msg": "success"},
            ("webhook", "oa/7"),
            id="webhook",
        ),
        pytest.param(
            "/oa-7",
            {"text": "y"},
            {"code": 0, "msg": "success"},
            ("webhook", "oa-7"),
            id="any path",
        ),
    ],
)
async def test_each_channel_is_taken_and_answered_as_its_provider_does(
    caller: aiohttp.ClientSession, path: str, body: object, said: object, kept: tuple[str, str]
) -> None:
    assert await post(caller, path, body) == said

    (shown,) = await messages(caller)
    assert (shown["channel"], shown["to"]) == kept


async def test_messages_are_numbered_timed_and_asked_for_from_a_number_on(
    caller: aiohttp.ClientSession,
) -> None:
    for text in "abc":
        await post(caller, "/sms", {"to": "1", "text": f"{text}\nmore"})

    shown = await messages(caller)
    later = await messages(caller, f"?after={shown[0]['number']}&limit=1")

    assert [one["title"] for one in shown] == ["a", "b", "c"]
    assert shown[0]["text"] == "a\nmore"
    assert [one["number"] - shown[0]["number"] for one in shown] == [0, 1, 2]
    assert shown[0]["at"] <= shown[1]["at"]
    assert shown[0]["at_iso"].endswith("+08:00")
    assert [one["title"] for one in later] == ["b"]


async def test_deleting_clears_the_texts_and_not_the_count(caller: aiohttp.ClientSession) -> None:
    await post(caller, "/sms", {"to": "1", "text": "a"})
    (before,) = await messages(caller)
    async with caller.delete("/messages") as answer:
        assert answer.status == 204

    assert await messages(caller) == []
    await post(caller, "/sms", {"to": "1", "text": "b"})
    assert [one["number"] for one in await messages(caller)] == [before["number"] + 1]


async def test_a_channel_refuses_as_often_as_told_and_then_takes(
    caller: aiohttp.ClientSession,
) -> None:
    order = {"channel": "wecom", "mode": "refuse", "code": 45009, "count": 2}
    await post(caller, "/behaviour", order)

    codes = [(await post(caller, WECOM, TEXT))["errcode"] for _ in range(3)]
    sms = await post(caller, "/sms", {"to": "1", "text": "a"})

    assert codes == [45009, 45009, 0]
    assert sms["code"] == 0
    assert len(await messages(caller)) == 2


async def test_a_status_is_answered_with_the_wait(caller: aiohttp.ClientSession) -> None:
    order = {"channel": "sms", "mode": "status", "status": 429, "seconds": 7}
    await post(caller, "/behaviour", order)

    async with caller.post("/sms", json={"to": "1", "text": "a"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert await messages(caller) == []


async def test_a_stall_takes_the_text_and_answers_late(caller: aiohttp.ClientSession) -> None:
    await post(caller, "/behaviour", {"channel": "sms", "mode": "stall", "seconds": 0.05})

    assert (await post(caller, "/sms", {"to": "1", "text": "a"}))["code"] == 0
    assert len(await messages(caller)) == 1


async def test_a_cut_line_ends_within_the_answer(caller: aiohttp.ClientSession) -> None:
    await post(caller, "/behaviour", {"channel": "sms", "mode": "cut", "count": 1})

    with pytest.raises(aiohttp.ClientError):
        await post(caller, "/sms", {"to": "1", "text": "a"})


async def test_the_behaviour_can_be_seen(caller: aiohttp.ClientSession) -> None:
    await post(caller, "/behaviour", {"channel": "voice", "mode": "garbage"})

    async with caller.get("/behaviour") as answer:
        shown = await answer.json()
    assert (shown["voice"]["mode"], shown["sms"]["mode"]) == ("garbage", "ok")


@pytest.mark.parametrize("order", [{"channel": "telex"}, {"mode": "sing"}, {"colour": 1}])
async def test_an_order_that_makes_no_sense_is_turned_away(
    caller: aiohttp.ClientSession, order: object
) -> None:
    async with caller.post("/behaviour", json=order) as answer:
        assert answer.status == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [(WECOM, "no json"), ("/cgi-bin/webhook/send", TEXT), ("/sms", {"text": "x"}), ("/sms", [1])],
)
async def test_a_body_that_the_provider_could_not_read_is_turned_away(
    caller: aiohttp.ClientSession, path: str, body: object
) -> None:
    async with caller.post(path, json=body) as answer:
        assert answer.status == 400
    assert await messages(caller) == []


async def test_the_page_shows_a_person_s_texts_with_links_to_tap(
    caller: aiohttp.ClientSession,
) -> None:
    await post(caller, WECOM, TEXT)

    async with caller.get("/") as answer:
        shown = await answer.text()
    assert "<h2>room-1" in shown
    assert '<a href="http://zb.example/a/1">http://zb.example/a/1</a>' in shown


async def test_an_unknown_page_is_not_found(caller: aiohttp.ClientSession) -> None:
    async with caller.get("/favicon.ico") as answer:
        assert answer.status == 404


def test_what_a_sender_wrote_is_shown_and_never_run() -> None:
    shelf = Shelf()
    shelf.keep(
        Received("sms", "<b>1", "<script>x</script>", '<script>x</script>\n"http://a/"<i>'), 0
    )

    shown = page(shelf.newest_first(), shelf.count, {})

    assert "<script>x" not in shown
    assert "<b>1" not in shown
    assert '<a href="http://a/">http://a/</a>&quot;&lt;i&gt;' in shown


def test_one_person_s_channels_stand_together_and_the_latest_first() -> None:
    state = PhoneState(names={"13800000000": "王芳", "key-7": "王芳"})
    for channel, to, text in (("sms", "13800000000", "早"), ("wecom", "key-7", "晚")):
        state.shelf.keep(Received(channel, to, text, text), 0)

    shown = page(state.shelf.newest_first(), state.shelf.count, state.names)

    assert shown.count("<h2>王芳") == 1
    assert shown.index("晚") < shown.index("早")


def test_the_oldest_texts_fall_off() -> None:
    shelf = Shelf(kept_max=3)
    for number in range(5):
        shelf.keep(Received("sms", "1", str(number), str(number)), number)

    assert [kept.number for kept in shelf.after(0, 10)] == [3, 4, 5]
    assert [kept.number for kept in shelf.after(4, 10)] == [5]
    assert shelf.after(9, 10) == []
