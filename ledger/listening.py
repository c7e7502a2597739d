"""Hear what other processes committed. 监听。

PostgreSQL's LISTEN/NOTIFY wakes; it is never the only way: each loop also looks by itself.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import psycopg
import structlog
from sqlalchemy import make_url

from ledger.postgres import KEEPALIVE

log = structlog.get_logger()

_AGAIN_SECONDS = 1.0


async def listen(url: str, wake: Mapping[str, Callable[[datetime | None], None]]) -> None:
    """Call `wake[part]` whenever a transaction woke `part`; reconnect until cancelled.

    Args:
        url: the book's SQLAlchemy address.
        wake: by part (`deliver`, `clock`, `inbox`, `board`); it is given the earliest instant that
            concerns the part, or None: look now.
    """
    named = {name: str(value) for name, value in KEEPALIVE.items()}
    plain = make_url(url).set(drivername="postgresql").update_query_dict(named)
    address = plain.render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as session:
                for part in wake:
                    await session.execute(f"LISTEN jibao_{part}")
                for call in wake.values():
                    call(None)  # whatever was missed while nobody listened
                async for notice in session.notifies():
                    at = datetime.fromisoformat(notice.payload) if notice.payload else None
                    wake[notice.channel.removeprefix("jibao_")](at)
        except psycopg.Error as error:
            log.warning("not_listening", cause=type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)
