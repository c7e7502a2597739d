"""What the gateway knows of the house behind it. 网关所见。

The rooms behind are handed in by `app`: the gateway reads the book itself and asks for every
change through one of these calls, each of which answers only once it is durable.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.book import Book
from notifiers.directory import Directory
from notifiers.links import Links
from rules.county import County
from rules.rulebook import Rulebook
from rules.triage import Judge
from vocabulary.arrival import Answer, Arrival, Marked
from vocabulary.case_act import CaseAct, CaseAnswer
from vocabulary.hand import Hand, Standing, Told, Upward
from vocabulary.lapse import LogAnswer
from vocabulary.solicitation import SolicitationAct, SolicitationAnswer


class Board:
    """Tells open boards that something changed; a board that is slow misses nothing, it looks."""

    def __init__(self) -> None:
        """Start at change number nought."""
        self.number = 0
        self.is_closed = False
        self._waiters: set[asyncio.Event] = set()

    def change(self) -> None:
        """Say that something changed; call it in the loop."""
        self.number += 1
        for waiter in self._waiters:
            waiter.set()

    def close(self) -> None:
        """Let every open board end: the house is stopping."""
        self.is_closed = True
        self.change()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set at each change, until the block ends."""
        event = asyncio.Event()
        self._waiters.add(event)
        try:
            yield event
        finally:
            self._waiters.discard(event)


@dataclass(frozen=True)
class House:
    """The calls behind the gateway.

    Each raises `ledger.book.BookAwayError` when the book cannot be written: then nothing was
    kept, and the caller is told so with a 503 and the duty room's telephone number.
    """

    county: County
    rulebook: Rulebook
    judge: Judge
    directory: Directory
    links: Links
    book: Book
    secret_key: str
    now: Callable[[], datetime]
    submit: Callable[[Arrival], Awaitable[Answer]]
    submit_batch: Callable[[list[Arrival]], Awaitable[list[Answer]]]
    mark_classified: Callable[[Marked], Awaitable[None]]
    acknowledge: Callable[[Hand], Awaitable[Standing | None]]
    take_back: Callable[[Hand], Awaitable[Standing | None]]
    answer_log: Callable[[LogAnswer], Awaitable[dict[str, Any] | None]]
    act: Callable[[CaseAct], Awaitable[CaseAnswer]]
    report_upward: Callable[[Upward], Awaitable[Told | None]]
    solicit: Callable[[SolicitationAct], Awaitable[SolicitationAnswer]]
    health: Callable[[], dict[str, Any]]
    board: Board = field(default_factory=Board)
