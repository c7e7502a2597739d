"""Which addresses are carried, how fast, and by whose word? 送信人。"""

import asyncio
from datetime import timedelta

import apprise
import pytest
from apprise import AppriseResultStatus

from gateway.phone_behaviour import Order
from notifiers import plugins
from notifiers.carrier import Carrier
from notifiers.outcome import Delivered, Refused, Unreachable
from notifiers.plugins import apprise_url
from tests.loopback import Phone, a_parrot, http
from tests.notifiers.addresses import ADDRESSES, NUMBER, SOON, TEXT, TOKEN, every_channel


@every_channel
async def test_apprise_itself_can_use_the_channel(phone: Phone, channel: str) -> None:
    plugins.register()
    plain = apprise.Apprise()

    assert plain.add(apprise_url(ADDRESSES[channel].format(host=phone.host)))
    taken = await plain.async_notify(title=TEXT.title, body=TEXT.body)
    phone.state.switchboard.told(Order(mode="refuse"))
    turned_away = await plain.async_notify(title=TEXT.title, body=TEXT.body)
    await plugins.session.close_session()

    assert taken.status is AppriseResultStatus.SUCCESS
    assert turned_away.status is AppriseResultStatus.FAILURE


async def test_apprise_can_use_a_channel_without_a_loop(phone: Phone) -> None:
    plugins.register()
    plain = apprise.Apprise()
    plain.add(apprise_url(ADDRESSES["sms"].format(host=phone.host)))

    result = await asyncio.to_thread(plain.notify, title=TEXT.title, body=TEXT.body)

    assert result.status is AppriseResultStatus.SUCCESS
    assert [kept.to for kept in phone.state.shelf.newest_first()] == [NUMBER]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no address",
        "jibao-telex://127.0.0.1/1",
        "jibao-wecom://127.0.0.1",
        "jibao-wecom:///KEY",
        "jibao-feishu://127.0.0.1/two/segments",
        "jibao-sms://127.0.0.1:8900",
    ],
)
async def test_an_address_that_cannot_be_read_is_refused(carrier: Carrier, address: str) -> None:
    assert not carrier.understands(address)
    assert await carrier.deliver(address, TEXT, SOON) == Refused("渠道地址无法识别")


async def test_a_channel_of_apprise_s_own_is_believed_by_its_best_word(
    phone: Phone, carrier: Carrier
) -> None:
    address = f"json://{phone.host}/webhook/desk"
    async with a_parrot(http("200 OK", '{"errcode":93000}')) as parrot:
        taken = await carrier.deliver(f"json://{parrot.host}/", TEXT, SOON)
    phone.state.switchboard.told(Order(mode="status", status=500))

    assert isinstance(taken, Delivered)
    assert isinstance(await carrier.deliver(address, TEXT, SOON), Unreachable)


@pytest.mark.parametrize(("schema", "length"), [("wecom", 20), ("dingtalk", 20), ("feishu", 5)])
async def test_a_full_destination_is_not_tried(
    phone: Phone, carrier: Carrier, schema: str, length: int
) -> None:
    address = f"jibao-{schema}://{phone.host}/{TOKEN}"
    other = f"jibao-{schema}://{phone.host}/another"
    assert carrier.has_room(address, spare=length)  # an idle destination always has room
    sent = [await carrier.deliver(address, TEXT, SOON) for _ in range(length)]
    full = await carrier.deliver(address, TEXT, SOON)
    wait = carrier.wait_for(address)

    assert all(isinstance(one, Delivered) for one in sent)
    assert isinstance(full, Unreachable)
    assert full.retry_after_seconds
    assert wait is not None
    assert timedelta(0) < wait <= timedelta(minutes=1)
    assert len(list(phone.state.shelf.newest_first())) == length
    assert carrier.has_room(other)


async def test_room_can_be_kept_for_an_alert(phone: Phone, carrier: Carrier) -> None:
    address = f"jibao-wecom://{phone.host}/{TOKEN}"
    for _ in range(15):
        await carrier.deliver(address, TEXT, SOON)

    assert carrier.has_room(address, spare=4)
    assert not carrier.has_room(address, spare=5)


async def test_the_rate_can_be_switched_off_by_the_address(phone: Phone, carrier: Carrier) -> None:
    address = ADDRESSES["wecom"].format(host=phone.host)

    outcomes = await asyncio.gather(*(carrier.deliver(address, TEXT, SOON) for _ in range(200)))

    assert all(isinstance(one, Delivered) for one in outcomes)
    assert carrier.wait_for(address) is None
