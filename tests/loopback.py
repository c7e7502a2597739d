"""Real servers on this machine's loopback, for tests: the phone, and one that says one thing.

本机回环上的真实服务：模拟手机，以及只会答一句话的服务。
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import uvicorn

from gateway.phone import PhoneState, phone_app


@dataclass(frozen=True, slots=True)
class Phone:
    """A running phone: where it listens, and what it holds."""

    port: int
    state: PhoneState

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def a_phone() -> Iterator[Phone]:
    """Run the phone under uvicorn on a free port, on a thread and loop of its own."""
    state = PhoneState()
    config = uvicorn.Config(
        phone_app(state), port=0, ws="none", log_level="critical", timeout_keep_alive=75
    )
    server = uvicorn.Server(config)
    sockets = [config.bind_socket()]
    sockets[0].listen()  # callers wait in line until the thread serves
    thread = threading.Thread(target=server.run, args=(sockets,), daemon=True)
    thread.start()
    try:
        yield Phone(sockets[0].getsockname()[1], state)
    finally:
        server.should_exit = True
        thread.join()


@dataclass(slots=True)
class Parrot:
    """A server that answers every request with the same bytes; none at all cuts the line."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def a_parrot(says: bytes) -> AsyncIterator[Parrot]:
    """Run a parrot on the test's own loop."""
    parrot = Parrot()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in heard.lower().splitlines()
            if line.startswith(b"content-length")
        )
        parrot.heard.append(heard + await reader.readexactly(length))
        writer.write(says)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    parrot.port = server.sockets[0].getsockname()[1]
    async with server:
        yield parrot


def http(status: str, body: str = "", *headers: str) -> bytes:
    """Return an HTTP answer: `http("200 OK", "{}", "Retry-After: 5")`."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", *headers, "", body)
    return "\r\n".join(lines).encode()
