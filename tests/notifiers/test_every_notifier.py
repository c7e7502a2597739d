"""Does every channel keep the promises? 渠道约定。

Each channel speaks to a real server. The two tables are read: this code means this outcome. What
is never allowed: a success that the answer did not say, and an outcome that repeats the address,
the token, the number or the text.
"""

import socket
from datetime import timedelta

import pytest

from gateway.phone_behaviour import Mode, Order
from notifiers.carrier import Carrier
from notifiers.outcome import Delivered, Outcome, Refused, Unknown, Unreachable
from tests.loopback import Phone, a_parrot
from tests.notifiers.addresses import (
    ADDRESSES,
    NOW_OR_NEVER,
    NUMBER,
    RECIPIENTS,
    SOON,
    TEXT,
    TOKEN,
    every_channel,
)
from vocabulary import terms

AGAIN_CODES = [
    ("wecom", -1, None),
    ("wecom", 45009, 60),
    ("wecom", 45033, 5),
    ("dingtalk", -1, None),
    ("dingtalk", 90030, 600),
    ("dingtalk", 130101, 60),
    ("dingtalk", 410100, 600),
    ("feishu", 11232, 5),
    ("feishu", 99991400, 60),
    ("sms", 503, None),
    ("voice", 429, None),
    ("webhook", 1, None),
]
NEVER_CODES = [
    ("wecom", 93000),
    ("wecom", 93004),
    ("wecom", 93008),
    ("wecom", 40058),
    ("dingtalk", 310000),
    ("dingtalk", 300001),
    ("dingtalk", 300005),
    ("dingtalk", 400013),
    ("dingtalk", 400101),
    ("dingtalk", 400102),
    ("dingtalk", 400106),
    ("dingtalk", 430102),
    ("feishu", 9499),
    ("feishu", 19001),
    ("feishu", 19007),
    ("feishu", 19021),
    ("feishu", 19022),
    ("feishu", 19024),
    ("sms", 400),
    ("voice", 404),
    ("webhook", 403),
]


async def told(
    phone: Phone,
    carrier: Carrier,
    channel: str,
    mode: Mode,
    *,
    code: int | None = None,
    status: int = 503,
    seconds: float | None = None,
    within: timedelta = SOON,
) -> Outcome:
    """Tell the phone how to behave, deliver once, and hold the outcome to its discretion."""
    order = Order(mode=mode, code=code, status=status, seconds=seconds)
    phone.state.switchboard.told(order)
    outcome = await carrier.deliver(ADDRESSES[channel].format(host=phone.host), TEXT, within)
    for secret in (TOKEN, NUMBER, phone.host, "127.0.0.1", "东街", "://"):
        assert secret not in repr(outcome)
    return outcome


@every_channel
async def test_a_text_that_the_channel_took_is_delivered(
    phone: Phone, carrier: Carrier, channel: str
) -> None:
    outcome = await told(phone, carrier, channel, "ok")

    assert isinstance(outcome, Delivered)
    assert outcome.kind is terms.Outcome.DELIVERED
    (kept,) = phone.state.shelf.newest_first()
    assert (kept.channel, kept.to, kept.title) == (channel, RECIPIENTS[channel], TEXT.title)
    assert "城关镇报送" in kept.text


@pytest.mark.parametrize(("channel", "code", "wait"), AGAIN_CODES)
async def test_a_code_that_says_later_is_unreachable(
    phone: Phone, carrier: Carrier, channel: str, code: int, wait: float | None
) -> None:
    outcome = await told(phone, carrier, channel, "refuse", code=code)

    assert isinstance(outcome, Unreachable)
    assert outcome.retry_after_seconds == wait
    assert str(code) in outcome.reason


@pytest.mark.parametrize(("channel", "code"), NEVER_CODES)
async def test_a_code_that_says_never_is_refused(
    phone: Phone, carrier: Carrier, channel: str, code: int
) -> None:
    outcome = await told(phone, carrier, channel, "refuse", code=code)

    assert isinstance(outcome, Refused)
    assert str(code) in outcome.reason


@pytest.mark.parametrize("channel", ["wecom", "dingtalk", "feishu"])
async def test_a_code_that_nobody_told_us_of_is_tried_again(
    phone: Phone, carrier: Carrier, channel: str
) -> None:
    outcome = await told(phone, carrier, channel, "refuse", code=424242)

    assert outcome == Unreachable("返回码 424242，含义未知")


@every_channel
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_busy_or_broken_server_is_tried_again(
    phone: Phone, carrier: Carrier, channel: str, status: int
) -> None:
    outcome = await told(phone, carrier, channel, "status", status=status)

    assert outcome == Unreachable(f"HTTP {status}")


@every_channel
async def test_a_server_that_names_the_wait_is_believed(
    phone: Phone, carrier: Carrier, channel: str
) -> None:
    outcome = await told(phone, carrier, channel, "status", status=429, seconds=17)

    assert outcome == Unreachable("HTTP 429", retry_after_seconds=17)


@every_channel
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_request_that_is_turned_away_is_refused(
    phone: Phone, carrier: Carrier, channel: str, status: int
) -> None:
    outcome = await told(phone, carrier, channel, "status", status=status)

    assert outcome == Refused(f"HTTP {status}")


@every_channel
async def test_a_body_that_cannot_be_read_is_never_a_success(
    phone: Phone, carrier: Carrier, channel: str
) -> None:
    outcome = await told(phone, carrier, channel, "garbage")

    assert isinstance(outcome, Unreachable)


@every_channel
async def test_an_answer_that_breaks_off_is_unreachable(
    phone: Phone, carrier: Carrier, channel: str
) -> None:
    outcome = await told(phone, carrier, channel, "cut")

    assert isinstance(outcome, Unreachable)


@every_channel
async def test_silence_is_unknown_and_not_a_failure(
    phone: Phone, carrier: Carrier, channel: str
) -> None:
    outcome = await told(phone, carrier, channel, "stall", within=NOW_OR_NEVER)

    assert isinstance(outcome, Unknown)
    assert len(list(phone.state.shelf.newest_first())) == 1


@every_channel
async def test_a_line_cut_before_a_word_is_unreachable(carrier: Carrier, channel: str) -> None:
    async with a_parrot(b"") as parrot:
        outcome = await carrier.deliver(ADDRESSES[channel].format(host=parrot.host), TEXT, SOON)

    assert isinstance(outcome, Unreachable)


@every_channel
async def test_a_closed_door_is_unreachable(carrier: Carrier, channel: str) -> None:
    async with a_parrot(b"") as parrot:
        host = parrot.host

    outcome = await carrier.deliver(ADDRESSES[channel].format(host=host), TEXT, SOON)

    assert outcome == Unreachable("连接不上")


async def test_a_door_that_does_not_open_is_unreachable_and_not_unknown(carrier: Carrier) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as shut:
        port = shut.getsockname()[1]
        first_in_line = socket.create_connection(("127.0.0.1", port))
        address = ADDRESSES["wecom"].format(host=f"127.0.0.1:{port}")
        outcome = await carrier.deliver(address, TEXT, NOW_OR_NEVER)
        first_in_line.close()

    assert outcome == Unreachable("连接超时")
