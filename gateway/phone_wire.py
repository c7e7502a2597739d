"""What each provider is sent and how it answers, seen from the provider's side. 各渠道报文。

The bodies of success and refusal are the providers' own, so that a notifier that passes here
reads the real ones too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson

OK_ERRCODE = b'{"errcode":0,"errmsg":"ok"}'
OK_FEISHU = b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}'
OK_PLAIN = b'{"code":0,"msg":"success"}'
FEISHU_HOOK = "/open-apis/bot/v2/hook/"


@dataclass(frozen=True, slots=True)
class Received:
    """One text as the channel understood it. `title` is its first line. 收到的一条。"""

    channel: str
    to: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Wire:
    """How one channel speaks. `refusal` is answered with HTTP 200, as the provider does."""

    read: Callable[[str, Mapping[str, list[str]], Any], Received]
    success: bytes
    refusal: Callable[[int], bytes]
    refusal_code: int


def channel_of(path: str) -> str:
    """Return the channel that a POST to this path belongs to."""
    if path == "/cgi-bin/webhook/send":
        return "wecom"
    if path == "/robot/send":
        return "dingtalk"
    if path.startswith(FEISHU_HOOK):
        return "feishu"
    return path[1:] if path in ("/sms", "/voice") else "webhook"


def understood(channel: str, path: str, query: bytes, body: bytes) -> Received | None:
    """Read a request as its provider would; None is a body that the provider could not read."""
    try:
        return WIRES[channel].read(path, parse_qs(query.decode()), orjson.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _received(channel: str, to: str, text: str) -> Received:
    return Received(channel, to, text.partition("\n")[0], text)


def _wecom(_path: str, query: Mapping[str, list[str]], said: Any) -> Received:
    called = said["text"].get("mentioned_mobile_list") or [query["key"][0]]
    return _received("wecom", ",".join(called), said["text"]["content"])


def _dingtalk(_path: str, query: Mapping[str, list[str]], said: Any) -> Received:
    called = said.get("at", {}).get("atMobiles") or [query["access_token"][0]]
    return _received("dingtalk", ",".join(called), said["text"]["content"])


def _feishu(path: str, _query: Mapping[str, list[str]], said: Any) -> Received:
    return _received("feishu", unquote(path.removeprefix(FEISHU_HOOK)), said["content"]["text"])


def _sms(_path: str, _query: Mapping[str, list[str]], said: Any) -> Received:
    return _received("sms", str(said["to"]), said["text"])


def _voice(_path: str, _query: Mapping[str, list[str]], said: Any) -> Received:
    return _received("voice", str(said["to"]), said["text"])


def _webhook(path: str, _query: Mapping[str, list[str]], said: Any) -> Received:
    to = unquote(path.removeprefix("/webhook").strip("/"))
    text = "\n".join(part for part in (said.get("title", ""), said["text"]) if part)
    return _received("webhook", to, text)


def _errcode(code: int) -> bytes:
    return orjson.dumps({"errcode": code, "errmsg": "refused by the loopback phone"})


def _code(code: int) -> bytes:
    return orjson.dumps({"code": code, "msg": "refused by the loopback phone", "data": {}})


WIRES: Mapping[str, Wire] = {
    "wecom": Wire(_wecom, OK_ERRCODE, _errcode, 93000),
    "dingtalk": Wire(_dingtalk, OK_ERRCODE, _errcode, 310000),
    "feishu": Wire(_feishu, OK_FEISHU, _code, 19001),
    "sms": Wire(_sms, OK_PLAIN, _code, 400),
    "voice": Wire(_voice, OK_PLAIN, _code, 400),
    "webhook": Wire(_webhook, OK_PLAIN, _code, 400),
}
