"""The one hand that writes. 执笔。

A thread with its own connection takes what waits, does it in one transaction and tells the
loop once. Groups form by themselves while the last commit is being fsync'd; a window to wait
for company would only add its length to a lone page. Urgent work goes first.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from ledger.away import BookAwayError
from ledger.effects import Effects

Act = Callable[[Connection, Sequence[Any]], Sequence["Done"]]


class Rank(IntEnum):
    """Which work goes first."""

    URGENT = 0  # an emergency, an answer of a channel, the clock
    USUAL = 1
    BULK = 2  # the backlog: one slice at a time


_OURS = (IntegrityError, DataError, ProgrammingError)  # faults of ours; all others are the disk's
_MET_ANOTHER = ("40001", "40P01", "23505")  # SQLSTATE: serialisation, deadlock, the same id
_TRIES = 3
_ROOM = {Rank.URGENT: 64, Rank.USUAL: 48, Rank.BULK: 1}


@dataclass(frozen=True, slots=True)
class Done:
    """What one piece of work came to, and what must happen now that it is committed."""

    value: Any
    effects: Effects | None = None


@dataclass(slots=True)
class _Work:
    act: Act
    item: Any
    future: "asyncio.Future[Any]"
    done: Done | None = None
    error: BaseException | None = None


@dataclass
class Writer:
    """Do acts on the book, many in one transaction, in the order of their rank.

    An act takes a list of items and returns as many `Done`; it must not keep anything in
    memory that a rolled back transaction would leave wrong. `on_effects` is called in the loop
    after the commit and before any answer, so that a caller who went away loses nothing.
    """

    engine: Engine
    on_effects: Callable[[Effects], None]
    threads: int = 1  # SQLite has one writer; PostgreSQL takes a few
    _queues: dict[Rank, deque[_Work]] = field(
        default_factory=lambda: {rank: deque() for rank in Rank}
    )
    _wake: threading.Condition = field(default_factory=threading.Condition)
    _stopping: bool = False
    _was_urgent: bool = False

    def start(self) -> None:
        """Start the threads; call it in the loop that will be told."""
        self._loop = asyncio.get_running_loop()
        self._hands = [
            threading.Thread(target=self._run, name=f"writer-{number}", daemon=True)
            for number in range(self.threads)
        ]
        for hand in self._hands:
            hand.start()

    async def stop(self) -> None:
        """Finish what waits, then end the threads."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        for hand in self._hands:
            await asyncio.to_thread(hand.join)

    def post(self, act: Act, item: Any, rank: Rank = Rank.USUAL) -> "asyncio.Future[Any]":
        """Queue `act` for `item`; the future has its value once it is durable.

        Raises:
            BookAwayError: here or in the future; nothing of it was kept.
        """
        work = _Work(act, item, self._loop.create_future())
        with self._wake:
            if self._stopping:
                raise BookAwayError("the duty room is stopping")
            self._queues[rank].append(work)
            self._wake.notify()
        return work.future

    async def do(self, act: Act, item: Any, rank: Rank = Rank.USUAL) -> Any:
        """Do `act` for `item` and return its value. A caller that is cancelled undoes nothing."""
        return await asyncio.shield(self.post(act, item, rank))

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._stopping or any(self._queues.values()))
                group = self._next_group()
                if not group:
                    return
            self._write(group)
            self._loop.call_soon_threadsafe(self._tell, group)

    def _next_group(self) -> list[_Work]:
        only_urgent = bool(self._queues[Rank.URGENT]) and not self._was_urgent
        ranks = (Rank.URGENT,) if only_urgent else tuple(Rank)
        self._was_urgent = only_urgent
        group: list[_Work] = []
        for rank in ranks:
            queue = self._queues[rank]
            if rank is Rank.BULK and len(group) > _ROOM[Rank.USUAL] // 2:
                break
            group.extend(queue.popleft() for _ in range(min(len(queue), _ROOM[rank])))
        return group

    def _write(self, group: list[_Work], tries: int = _TRIES) -> None:
        try:
            self._in_one_transaction(group)
        except DBAPIError as error:
            if tries > 1 and _has_met_another(error):
                self._write(group, tries - 1)
                return
            if isinstance(error, _OURS):
                self._apart(group, error)
                return
            away = BookAwayError(str(error.orig))
            for work in group:
                work.error = away
        except Exception as error:  # noqa: BLE001 (one bad item must not take its neighbours along)
            self._apart(group, error)

    def _apart(self, group: list[_Work], error: Exception) -> None:
        """Do each piece on its own: the faulty one fails, its neighbours are kept."""
        if len(group) == 1:
            group[0].error = error
            return
        for work in group:
            self._write([work])

    def _in_one_transaction(self, group: list[_Work]) -> None:
        by_act: dict[Act, list[_Work]] = {}
        for work in group:
            by_act.setdefault(work.act, []).append(work)
        with self.engine.begin() as connection:
            for act, works in by_act.items():
                done = act(connection, [work.item for work in works])
                for work, result in zip(works, done, strict=True):
                    work.done = result

    def _tell(self, group: list[_Work]) -> None:
        for work in group:
            if work.error is None and work.done is not None and work.done.effects is not None:
                self.on_effects(work.done.effects)
        for work in group:
            if work.future.cancelled():
                continue
            if work.error is not None:
                work.future.set_exception(work.error)
            elif work.done is not None:
                work.future.set_result(work.done.value)


def is_of_the_item(error: DBAPIError) -> bool:
    """Say whether the item itself cannot be written; else the book is away, or was changed."""
    return isinstance(error, _OURS) and not _has_met_another(error)


def _has_met_another(error: DBAPIError) -> bool:
    """Say whether another process was quicker: what it wrote will be found at the next try."""
    return getattr(error.orig, "sqlstate", None) in _MET_ANOTHER
