"""A light HTTP client: kept connections, whole requests as bytes. 压测客户端。

The client shares two cores with what it measures, so it must cost little; it reads status and
`Content-Length` and nothing else. An answer without a length is a fault, not a guess.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

Answer: TypeAlias = tuple[int, bytes]
_LOST: Answer = (0, b"")


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """Return a whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None
        self._status = 0
        self._wanted = -1  # length of head and body, once the head is read

    @property
    def is_open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in shape only

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._answer(_LOST)

    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._wanted < 0:
            end = self._read.find(b"\r\n\r\n")
            if end < 0:
                return
            self._status = int(self._read[9:12])
            self._wanted = end + 4 + _length(bytes(self._read[:end]).lower())
        if len(self._read) >= self._wanted:
            body = bytes(self._read[self._read.find(b"\r\n\r\n") + 4 : self._wanted])
            self._read.clear()
            self._wanted = -1
            self._answer((self._status, body))

    def ask(self, whole_request: bytes) -> "asyncio.Future[Answer]":
        """Send a request; the future has (status, body), or status 0 where the line was cut."""
        self._waiting = asyncio.get_running_loop().create_future()
        if self._transport is None:
            self._waiting.set_result(_LOST)
        else:
            self._transport.write(whole_request)
        return self._waiting

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def _answer(self, answer: Answer) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)


@dataclass
class Lines:
    """Connections to one port, opened as they are needed and kept.

    Beyond `most` of them a request waits for one, and its wait counts: a process has no more
    than so many sockets.
    """

    port: int
    most: int = 800
    _idle: list[Line] = field(default_factory=list)
    _all: list[Line] = field(default_factory=list)
    _room: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Make room for so many."""
        self._room = asyncio.Semaphore(self.most)

    async def open(self, count: int) -> None:
        """Open some in advance."""
        self._idle += [await self._new() for _ in range(count)]

    async def ask(self, whole_request: bytes) -> Answer:
        """Send a request on an idle connection."""
        async with self._room:
            return await self._ask(whole_request)

    async def _ask(self, whole_request: bytes) -> Answer:
        line = self._idle.pop() if self._idle else await self._new()
        if not line.is_open:
            line = await self._new()
        try:
            return await line.ask(whole_request)
        finally:
            if line.is_open:
                self._idle.append(line)

    def close(self) -> None:
        """Close all connections."""
        for line in self._all:
            line.close()

    async def _new(self) -> Line:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(Line, "127.0.0.1", self.port)
        self._all.append(line)
        return line


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("an answer without Content-Length")
