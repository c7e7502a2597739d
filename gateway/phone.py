"""The loopback phone: it takes what the channels send, and shows it. 模拟手机。

It stands in for WeCom, DingTalk, Feishu, a gateway for texts and calls, and any webhook, on the
providers' own paths, and answers what they answer. It can be told to refuse, stall, die or
answer nonsense, channel by channel. Nothing guards it: it is for demonstrations, tests and
benchmarks, and its port is never opened to others. It is bare ASGI because benchmarks time
against it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import orjson
from pydantic import ValidationError

from gateway.phone_behaviour import STALL_SECONDS_DEFAULT, Behaviour, Order, Switchboard
from gateway.phone_page import page
from gateway.phone_shelf import KEPT_MAX, Shelf
from gateway.phone_wire import WIRES, channel_of, understood
from notifiers.wall_clock import epoch_microseconds

Scope: TypeAlias = MutableMapping[str, Any]
Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON, HTML = "application/json", "text/html; charset=utf-8"


@dataclass
class PhoneState:
    """What the phone holds. `names` tells whose a number, key or token is. 手机状态。"""

    names: Mapping[str, str] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    switchboard: Switchboard = field(default_factory=Switchboard)


def phone_app(state: PhoneState | None = None) -> AsgiApp:
    """Return the phone as an ASGI application, on `state` or a fresh one."""
    held = state if state is not None else PhoneState()

    async def phone(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await _serve(held, scope, receive, send)

    return phone


async def _live(receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return


async def _serve(state: PhoneState, scope: Scope, receive: Receive, send: Send) -> None:
    body = await _whole(receive)
    if body is None:
        return
    match scope["method"], _path(scope):
        case "POST", "/behaviour":
            await _reply(send, *_ordered(state, body))
        case "POST", _:
            await _take(state, scope, body, receive, send)
        case "GET", "/":
            shelf = state.shelf
            shown = page(shelf.newest_first(), shelf.count, state.names)
            await _reply(send, 200, shown.encode(), HTML)
        case "GET", "/messages":
            await _reply(send, 200, _messages(state.shelf, scope["query_string"]))
        case "DELETE", "/messages":
            state.shelf.clear()
            await _reply(send, 204, b"")
        case "GET", "/behaviour":
            await _reply(send, 200, _behaviours(state))
        case _:
            await _reply(send, 404, b'{"code":404,"msg":"not found"}')


async def _take(state: PhoneState, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    """Take one text, and answer as the channel was told to."""
    at = epoch_microseconds()  # the whole request is read: this is when it was handed over
    path = _path(scope)
    channel = channel_of(path)
    behaviour = state.switchboard.next(channel)
    received = understood(channel, path, scope["query_string"], body)
    if received is None:
        await _reply(send, 400, b'{"code":400,"errcode":40035,"msg":"unreadable"}')
        return
    if behaviour.is_arriving:
        state.shelf.keep(received, at)
    if behaviour.mode == "cut":
        await _begin_and_leave(send)
        return
    if behaviour.mode == "stall" and await _caller_left(behaviour, receive):
        return
    status, answer, more = behaviour.answer(WIRES[channel])
    await _reply(send, status, answer, JSON, more)


def _path(scope: Scope) -> str:
    """Return the path within the phone, also where it is mounted under another application."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


async def _begin_and_leave(send: Send) -> None:
    """Promise a hundred bytes and leave after one: the server then closes the connection."""
    headers = [(b"content-type", JSON.encode()), (b"content-length", b"100")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def _caller_left(behaviour: Behaviour, receive: Receive) -> bool:
    """Keep silent for the time told; say whether the caller gave up before."""
    seconds = STALL_SECONDS_DEFAULT if behaviour.seconds is None else behaviour.seconds
    try:
        async with asyncio.timeout(seconds):
            await receive()
    except TimeoutError:
        return False
    return True


def _ordered(state: PhoneState, body: bytes) -> tuple[int, bytes]:
    try:
        order = Order.model_validate_json(body)
    except ValidationError as error:
        return 422, error.json(include_input=False).encode()
    state.switchboard.told(order)
    return 200, _behaviours(state)


def _behaviours(state: PhoneState) -> bytes:
    return orjson.dumps({name: asdict(one) for name, one in state.switchboard.shown().items()})


def _messages(shelf: Shelf, query: bytes) -> bytes:
    asked = {name: values[-1] for name, values in parse_qs(query.decode()).items()}
    after = int(asked["after"]) if asked.get("after", "").isdecimal() else 0
    limit = int(asked["limit"]) if asked.get("limit", "").isdecimal() else KEPT_MAX
    return orjson.dumps([one.as_json() for one in shelf.after(after, limit)])


async def _whole(receive: Receive) -> bytes | None:
    """Return the whole body; None where the caller left before its end."""
    parts: list[bytes] = []
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        parts.append(event.get("body", b""))
        if not event.get("more_body", False):
            return b"".join(parts)


async def _reply(
    send: Send,
    status: int,
    body: bytes,
    content_type: str = JSON,
    more: Mapping[str, str] | None = None,
) -> None:
    headers = [(b"content-type", content_type.encode())]
    if status != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    headers += [(name.encode(), value.encode()) for name, value in (more or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
