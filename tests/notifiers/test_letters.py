"""What exactly does each channel send? 各渠道发出的内容。"""

from base64 import b64encode
from hashlib import sha256
from hmac import digest
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from notifiers import plugins
from notifiers.carrier import Carrier
from notifiers.outcome import Delivered
from tests.loopback import Phone, a_parrot, http
from tests.notifiers.addresses import ADDRESSES, NUMBER, SOON, TEXT, TOKEN
from vocabulary.message import Message


async def test_dingtalk_signs_the_hour_with_the_secret(carrier: Carrier) -> None:
    async with a_parrot(http("200 OK", '{"errcode":0}')) as parrot:
        url = f"jibao-dingtalk://{parrot.host}/{TOKEN}?secret=SECa+b"
        await carrier.deliver(url, TEXT, SOON)

    target = parrot.heard[0].split(b" ")[1].decode()
    query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    signed = digest(b"SECa+b", f"{query['timestamp']}\nSECa+b".encode(), sha256)
    assert query["access_token"] == TOKEN
    assert len(query["timestamp"]) == 13
    assert query["sign"] == b64encode(signed).decode()


async def test_feishu_signs_nothing_with_the_hour_and_the_secret(carrier: Carrier) -> None:
    async with a_parrot(http("200 OK", '{"code":0}')) as parrot:
        await carrier.deliver(f"jibao-feishu://{parrot.host}/{TOKEN}?secret=demo", TEXT, SOON)

    said = orjson.loads(parrot.heard[0].partition(b"\r\n\r\n")[2])
    signed = digest(f"{said['timestamp']}\ndemo".encode(), b"", sha256)
    assert len(said["timestamp"]) == 10
    assert said["sign"] == b64encode(signed).decode()


@pytest.mark.parametrize(
    ("credentials", "options", "header"),
    [
        ("", "?token=t0k", "Bearer t0k"),
        ("duty:p%40ss@", "", "Basic ZHV0eTpwQHNz"),
    ],
)
async def test_a_gateway_is_told_who_sends(
    carrier: Carrier, credentials: str, options: str, header: str
) -> None:
    async with a_parrot(http("200 OK", "{}")) as parrot:
        url = f"jibao-sms://{credentials}{parrot.host}/api/send/{NUMBER}{options}"
        await carrier.deliver(url, TEXT, SOON)

    assert parrot.heard[0].startswith(b"POST /api/send HTTP/1.1")
    assert f"Authorization: {header}".encode() in parrot.heard[0]


@pytest.mark.parametrize("schema", ["wecom", "dingtalk"])
async def test_a_room_s_bot_can_call_people_by_number(
    phone: Phone, carrier: Carrier, schema: str
) -> None:
    address = f"jibao-{schema}://{phone.host}/{TOKEN}?to={NUMBER}&rate=off"

    assert isinstance(await carrier.deliver(address, TEXT, SOON), Delivered)
    assert [kept.to for kept in phone.state.shelf.newest_first()] == [NUMBER]


async def test_a_voice_does_not_read_a_link_aloud(phone: Phone, carrier: Carrier) -> None:
    await carrier.deliver(ADDRESSES["voice"].format(host=phone.host), TEXT, SOON)

    (kept,) = phone.state.shelf.newest_first()
    assert kept.text == f"{TEXT.title}\n城关镇报送"


async def test_a_text_too_long_for_the_channel_arrives_cut(phone: Phone, carrier: Carrier) -> None:
    long = Message("标题", "急" * 3_000)

    await carrier.deliver(ADDRESSES["wecom"].format(host=phone.host), long, SOON)

    (kept,) = phone.state.shelf.newest_first()
    assert len(kept.text.encode()) <= 2_048
    assert kept.text.endswith("急…")


def test_plain_schemas_mean_http_and_an_s_means_https() -> None:
    for channel in plugins.CHANNELS:
        for schema, scheme in ((channel.protocol, "http"), (channel.secure_protocol, "https")):
            plugin = plugins.plugin_at(f"{schema}://gw.example/{NUMBER}")
            assert isinstance(plugin, plugins.Channel)
            assert plugin.letter(TEXT).url.scheme == scheme
            assert NUMBER not in plugin.url(privacy=True)
