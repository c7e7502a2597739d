"""A receiver for the peer's webhooks, of the same kind as the loopback phone. 对照方的接收端。

The phone reads what Chinese channels send and would refuse a webhook of Alertmanager's own; this
takes it, on the same server, with the same timestamp at the same place.

    python -m bench.receiver PORT
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import orjson

from app.serving import serve
from notifiers.wall_clock import epoch_microseconds

Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]


class Receiver:
    """An ASGI application that keeps what is posted, and shows it at `/messages`."""

    def __init__(self) -> None:
        self._kept: list[dict[str, Any]] = []

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        body = await _whole(receive)
        if scope["method"] == "POST":
            self._keep(scope["path"].strip("/"), epoch_microseconds(), body)
            await _reply(send, b'{"code":0}')
        else:
            await _reply(send, self._messages(scope["query_string"].decode()))

    def _keep(self, to: str, at: int, body: bytes) -> None:
        title = "\n".join(
            alert["annotations"].get("title", "") for alert in orjson.loads(body)["alerts"]
        )
        self._kept.append({"number": len(self._kept) + 1, "at": at, "to": to, "title": title})

    def _messages(self, query: str) -> bytes:
        asked = parse_qs(query)
        after, limit = int(asked.get("after", ["0"])[0]), int(asked.get("limit", ["1000"])[0])
        return orjson.dumps(self._kept[after : after + limit])


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body", False):
            return bytes(body)


async def _reply(send: Send, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    asyncio.run(serve(Receiver(), "127.0.0.1", int(sys.argv[1])))
