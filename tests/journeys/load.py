"""Units that submit, and an officer who acknowledges, until the house dies under them. 负载。

Each remembers what it was told, to the byte: that is what the book is held to afterwards.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson

from app.clock import WallClock
from tests.journeys.asking import Reply
from tests.journeys.counties import OFFICER
from tests.journeys.house import CUT_OFF

_EMERGENCIES_MAX, _BATCHES_MAX = 30, 4
_PAUSE = 0.02


class House(Protocol):
    """What a load asks of a duty room: of one process, or of several."""

    @property
    def is_up(self) -> bool:
        """Whether there is anyone to hand in to."""
        ...

    def token(self, principal: str) -> str:
        """Return a token of `unit:<id>` or `person:<id>`."""
        ...

    def ask(self, method: str, path: str, principal: str = "", **more: object) -> Reply:
        """Ask in someone's name."""
        ...

    def post(self, item: Mapping[str, object], key: str | None = None, **more: object) -> Reply:
        """Hand in one item of a township."""
        ...


@dataclass(frozen=True, slots=True)
class Item:
    """One item that a unit tried to hand in. `receipt` is None where it was told nothing."""

    key: str
    content: dict[str, object]
    is_batch: bool = False
    receipt: bytes | None = None
    sent_at: datetime | None = None

    @property
    def mark(self) -> str:
        """The words by which its page is known."""
        return str(self.content["title"]).partition("号")[0] + "号"

    @property
    def is_emergency(self) -> bool:
        return "起火" in str(self.content["title"])


@dataclass
class Load:
    """What was tried on one book over all its lives, and what was answered."""

    room: House
    name: str
    items: list[Item] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def under_way(self) -> Iterator[Sequence[Future[None]]]:
        """Hand in while the block lasts; at its end the house must be dead, or they be done."""
        self.room.token("unit:qingshi")
        self.room.token(f"person:{OFFICER}")
        lines = self._lines()
        with ThreadPoolExecutor(len(lines)) as pool:
            futures = [pool.submit(self._until_cut, line) for line in lines]
            yield futures
        for future in futures:
            future.result()

    def _lines(self) -> Sequence[Callable[[int], bool]]:
        """Return what goes on side by side, turn by turn, until a line says False."""
        return (self._single, self._batch, self._acknowledge)

    @property
    def told(self) -> list[Item]:
        """What has a receipt."""
        return [item for item in self.items if item.receipt is not None]

    def _until_cut(self, line: Callable[[int], bool]) -> None:
        turn, goes_on = 0, True
        while goes_on and self.room.is_up:
            with contextlib.suppress(*CUT_OFF):
                goes_on = line(turn)
            turn += 1
            time.sleep(_PAUSE)

    def _item(self, turn: int) -> tuple[str, dict[str, object]]:
        with self._lock:
            self._number += 1
            key = f"{self.name}-{self._number}"
        what = "民房起火，1人死亡" if turn % 3 else "民房修缮工作会召开"
        return key, {"title": f"第{key}号{what}", "body": "青石镇报告。"}

    def _single(self, turn: int) -> bool:
        key, content = self._item(turn)
        sent_at = WallClock().now()
        reply = self._reply(lambda: self.room.post(content, key))
        receipt = reply.body if reply is not None and reply.status == 202 else None
        self._remember([Item(key, content, receipt=receipt, sent_at=sent_at)], reply)
        return turn < _EMERGENCIES_MAX

    def _batch(self, turn: int) -> bool:
        made = [self._item(number) for number in range(12)]
        reply = self._reply(lambda: self.post_batch(made))
        told = reply.body.splitlines() if reply is not None and reply.status == 202 else []
        receipts: list[bytes | None] = [*told] or [None] * len(made)
        self._remember(
            [
                Item(key, content, is_batch=True, receipt=receipt)
                for (key, content), receipt in zip(made, receipts, strict=True)
            ],
            reply,
        )
        return turn < _BATCHES_MAX

    def post_batch(self, made: list[tuple[str, dict[str, object]]]) -> Reply:
        """Hand in a batch, a line each."""
        lines = [orjson.dumps({**content, "idempotency_key": key}) for key, content in made]
        path = "/api/v1/submissions:batch"
        return self.room.ask("POST", path, "unit:qingshi", content=b"\n".join(lines))

    def _acknowledge(self, turn: int) -> bool:
        officer = f"person:{OFFICER}"
        reply = self.room.ask("GET", "/api/v1/alerts?open=true", officer)
        if reply.status != 200:
            self.strange.append(f"{reply.status} {reply.body.decode()[:300]}")
            return turn < _EMERGENCIES_MAX * 3
        found = reply.json()["alerts"]
        for alert in [alert for alert in found if _reached_the_officer(alert)][:2]:
            answer = self.room.ask("POST", f"/api/v1/alerts/{alert['alert_id']}/ack", officer)
            if answer.status == 200:
                self.acknowledged.add(alert["alert_id"])
        return turn < _EMERGENCIES_MAX * 3

    def _reply(self, ask: Callable[[], Reply]) -> Reply | None:
        try:
            return ask()
        except CUT_OFF:
            return None

    def _remember(self, items: list[Item], reply: Reply | None) -> None:
        with self._lock:
            self.items += items
            if reply is not None and reply.status != 202:
                self.strange.append(f"{reply.status} {reply.body.decode()[:300]}")


def _reached_the_officer(alert: dict[str, Any]) -> bool:
    """An alert is taken in hand after it was heard; before that nobody would know of it."""
    return any(
        call["recipient"] == OFFICER and call["state"] == "accepted" for call in alert["deliveries"]
    )
