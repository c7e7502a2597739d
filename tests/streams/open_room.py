"""The whole duty room on a folder of the test's own, with callers at its door. 开着的值班室。"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from starlette.types import ASGIApp

from app.clock import WallClock
from app.room import DutyRoom, open_room
from app.settings import Settings
from ledger import tokens
from tests.builders import NIGHT

SUPERVISOR = "person:qiu-zhengming"


@dataclass
class OpenRoom:
    """A running room: its application, and clients that hold a token each."""

    room: DutyRoom
    application: ASGIApp
    _stack: AsyncExitStack
    _clients: dict[str, AsyncClient] = field(default_factory=dict)

    def token(self, principal: str) -> str:
        """Issue a token for `unit:<id>` or `person:<id>`."""
        made = secrets.token_urlsafe(16)
        with self.room.book.writing.begin() as connection:
            tokens.add(connection, tokens.hash_of(made), principal, NIGHT)
        return made

    async def caller(self, principal: str | None = "unit:qingshi", language: str = "zh") -> Any:
        """Return a client of this principal; of nobody where it is None."""
        name = f"{principal} {language}"
        if name not in self._clients:
            headers = {"Accept-Language": language}
            if principal is not None:
                headers["Authorization"] = f"Bearer {self.token(principal)}"
            client = AsyncClient(
                transport=ASGITransport(self.application),
                base_url="http://zb.example/api/v1",
                headers=headers,
            )
            self._clients[name] = await self._stack.enter_async_context(client)
        return self._clients[name]


@asynccontextmanager
async def an_open_room(folder: Path) -> AsyncIterator[OpenRoom]:
    """Open the shipped county's room; its clock goes on from the night of the builders."""
    settings = Settings(data=folder, secret_key=SecretStr("a key for tests alone"))
    async with (
        AsyncExitStack() as stack,
        open_room(settings, WallClock(starts_at=NIGHT)) as room,
    ):
        yield OpenRoom(room, room.application(), stack)


async def eventually(is_so: Callable[[], Any], what: str) -> Any:
    """Look again and again until it is so: what follows a commit follows it at once, but later."""
    for _ in range(500):
        found = is_so()
        if found:
            return found
        await anyio.sleep(0.01)
    raise AssertionError(f"it never came about that {what}")
