"""Open the demo's duty room: a folder, two ports, tokens, servers. 演示的开门。"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from starlette.types import ASGIApp

from app.demo.callers import address_of
from app.faults import DoorError
from app.serving import server_of
from app.settings import Settings
from ledger import tokens
from ledger.book import open_book
from rules.county import County

_PORTS_TRIED = 100
_STOP_SECONDS = 1
_ROOMS = {"wecom": "企业微信群", "dingtalk": "钉钉群", "feishu": "飞书群", "": "工作群"}


def listen(host: str, wanted: int) -> socket.socket:
    """Listen on the port, or on the next free one.

    Raises:
        DoorError: none of the next hundred is free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65_536)):
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(512)
        except OSError:
            door.close()
        else:
            return door
    raise DoorError(f"从 {wanted} 起找不到空闲端口，请用 --port、--phone-port 另指。")


def port_of(door: socket.socket) -> int:
    """Return the port that a socket listens on."""
    port: int = door.getsockname()[1]
    return port


def make_tokens(settings: Settings, county: County, now: datetime) -> dict[str, str]:
    """Make a token for every unit and person, and return them by principal."""
    made = {principal: secrets.token_urlsafe(32) for principal in _principals(county)}
    book = open_book(settings.data, settings.database_url.get_secret_value())
    try:
        with book.writing.begin() as connection:
            for principal, token in made.items():
                tokens.add(connection, tokens.hash_of(token), principal, now)
    finally:
        book.close()
    return made


def names_on_the_phone(county: County) -> dict[str, str]:
    """Return whose a number, an id or a room's key is."""
    names = {}
    for person in county.people.values():
        is_desks = person.unit_id == county.desk.unit_id
        unit = "" if is_desks else county.units[person.unit_id].name
        for channel in person.channels:
            names[address_of(channel.url)] = f"{person.name} {unit}{person.title}"
    for owner in county.units.values():
        for room in owner.rooms:
            kind = next(kind for schema, kind in _ROOMS.items() if schema in room.url)
            names[address_of(room.url)] = f"{owner.name} {kind}"
    return names


@contextlib.asynccontextmanager
async def serving(served: Iterable[tuple[ASGIApp, socket.socket]]) -> AsyncIterator[None]:
    """Serve applications on their sockets until the block ends; requests in hand are finished."""
    servers = [(server_of(app), door) for app, door in served]
    running = [asyncio.create_task(server.serve([door])) for server, door in servers]
    try:
        yield
    finally:
        for server, _ in servers:
            server.should_exit = True
        await asyncio.gather(*running, return_exceptions=True)


def _principals(county: County) -> list[str]:
    units = [f"unit:{unit_id}" for unit_id in county.units]
    return [*units, *(f"person:{person_id}" for person_id in county.people)]
