"""Chain the late log after its commits. 台账入链。

One loop in the duty room, or in each clock where the parts are apart: the chain's lock lets one
of them at it. Whatever a crash left unchained, and all that stood in the book before there was
a chain, the first look finds.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ledger import chain
from ledger.book import Book, BookAwayError
from ledger.effects import Effects
from ledger.writer import Done, Rank, Writer

LOOK_SECONDS = 1.0
_AT_ONCE = 200  # rows in one transaction: a page never waits for more


@dataclass(frozen=True, slots=True)
class Look:
    """One look for what is not yet chained. `is_whole`: at every row, not the newest alone."""

    at: datetime
    is_whole: bool = True


def extend(connection: Connection, looks: Sequence[Look]) -> list[Done]:
    """Chain what waits. Each `Done` holds how many rows that were."""
    return [
        Done(
            chain.extend(connection, look.at, _AT_ONCE, is_whole=look.is_whole),
            Effects(is_board_changed=False),
        )
        for look in looks
    ]


@dataclass(frozen=True)
class Chainer:
    """The loop around `extend`."""

    book: Book
    writer: Writer
    now: Callable[[], datetime]

    async def run(self) -> None:
        """Look each second until cancelled; the first look is at the whole log."""
        is_whole = True
        while True:
            await self._catch_up(is_whole=is_whole)
            is_whole = False
            await asyncio.sleep(LOOK_SECONDS)

    async def finish(self) -> None:
        """Chain the last rows, so that a book put down in good order verifies as it lies."""
        with contextlib.suppress(BookAwayError, DBAPIError):  # then the next start does it
            await self._catch_up(is_whole=False)

    async def _catch_up(self, *, is_whole: bool) -> None:
        while await asyncio.to_thread(self._is_behind, is_whole):
            await self.writer.do(extend, Look(self.now(), is_whole), Rank.BULK)

    def _is_behind(self, is_whole: bool) -> bool:  # noqa: FBT001 (handed to a thread)
        with self.book.read() as connection:
            return chain.is_behind(connection, is_whole=is_whole)
