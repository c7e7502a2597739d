"""Chain the late log after its commits. 台账入链。

One loop in the duty room, or in each clock where the parts are apart: the chain's lock lets one
of them at it. Whatever a crash left unchained, and all that stood in the book before there was
a chain, the first look finds.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ledger import chain
from ledger.book import Book, BookAwayError
from ledger.effects import Effects
from ledger.writer import Done, Rank, Writer
from vocabulary.proof import LinkKind

LOOK_SECONDS = 1.0
_AT_ONCE = 200  # rows in one transaction: a page never waits for more


@dataclass(frozen=True, slots=True)
class Look:
    """A look at what waits for its link; `after` is what `ledger.chain.waiting` found."""

    at: datetime
    after: Mapping[LinkKind, int]


def extend(connection: Connection, looks: Sequence[Look]) -> list[Done]:
    """Chain what waits. Each `Done` holds how many rows that were."""
    return [
        Done(
            chain.extend(connection, look.at, _AT_ONCE, look.after),
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
        await self._catch_up({})
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._catch_up(None)

    async def finish(self) -> None:
        """Chain the last rows, so that a book put down in good order verifies as it lies."""
        with contextlib.suppress(BookAwayError, DBAPIError):  # then the next start does it
            await self._catch_up(None)

    async def _catch_up(self, after: dict[LinkKind, int] | None) -> None:
        """Go on from where the last portion began: each row is looked at once, not each time."""
        while found := await asyncio.to_thread(self._waiting, after):
            await self.writer.do(extend, Look(self.now(), found), Rank.BULK)
            after = after if after is None else after | found

    def _waiting(self, after: dict[LinkKind, int] | None) -> dict[LinkKind, int]:
        with self.book.read() as connection:
            return chain.waiting(connection, after)
