"""Units that go on reporting whatever is shot: items, batches, repeats, and reports that fall due.

集群负载。Each remembers what it was told, to the byte; the book is held to that afterwards.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import orjson
import yaml

from app.clock import WallClock
from tests.cluster.rulebooks import LIMIT_SECONDS
from tests.journeys.asking import Reply
from tests.journeys.counties import SHIPPED
from tests.journeys.house import CUT_OFF
from tests.journeys.load import Item, Load

QINGSHI = "unit:qingshi"  # hands in all but the reports that fall due
# Each call is another unit's: a report whose case its sender could not yet learn is matched by its
# words, and two open cases of one kind in one unit would be taken for each other.
CALLERS = tuple(
    f"unit:{unit['id']}"
    for unit in yaml.safe_load((SHIPPED / "units.yaml").read_text("utf-8"))["units"]
    if unit["kind"] in ("township", "bureau") and unit["id"] != "qingshi"
)
_BETWEEN = 0.1
_BATCH_SIZE, _BATCH_EVERY = 6, 0.7
_PLEDGE_EVERY = 1.0
_REPEAT_EVERY = 0.3
_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class Pledge:
    """A telephone report and the written one that it made due, each with its receipt."""

    key: str
    due_at: datetime
    phone: str  # the item's id
    written: str
    written_at: datetime  # when the unit first tried; the call was begun before it was due


@dataclass
class Traffic(Load):
    """The load of a cluster test; it goes on until the house is over."""

    chance: Random = field(default_factory=lambda: Random(0))
    pledges: list[Pledge] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)  # repeats that were answered otherwise
    repeated: int = 0
    failures: int = 0  # tries without a receipt: refused, or cut off
    _over: threading.Event = field(default_factory=threading.Event)
    _keeping: list[threading.Thread] = field(default_factory=list)

    @contextlib.contextmanager
    def flowing(self) -> Iterator[None]:
        """Report while the block lasts, and finish what has begun."""
        for caller in CALLERS:
            self.room.token(caller)
        with self.under_way():
            try:
                yield
            finally:
                self._over.set()
        for keeping in self._keeping:
            keeping.join()
        assert [said for said in self.strange if not said.startswith("503 ")] == []

    def _lines(self) -> Sequence[Callable[[int], bool]]:
        lines = (self._single, self._batch, self._acknowledge, self._repeat, self._pledge)
        return [self._paced(line) for line in lines]

    def _paced(self, line: Callable[[int], bool]) -> Callable[[int], bool]:
        """The load's own lines end after so many turns; here they end when it is over."""
        pause = {"_batch": _BATCH_EVERY, "_repeat": _REPEAT_EVERY, "_pledge": _PLEDGE_EVERY}
        seconds = pause.get(line.__name__, _BETWEEN)

        def turn(number: int) -> bool:
            if number:
                self._over.wait(seconds)
            if not self._over.is_set():
                line(number)
            return not self._over.is_set()

        return turn

    def _batch(self, turn: int) -> bool:
        made = [self._item(turn + number) for number in range(_BATCH_SIZE)]
        reply = self._reply(lambda: self.post_batch(made))
        is_kept = reply is not None and reply.status == 202
        told: list[bytes | None] = [*reply.body.splitlines()] if reply and is_kept else []
        receipts = told or [None] * len(made)
        self._remember(
            [
                Item(key, content, is_batch=True, receipt=receipt)
                for (key, content), receipt in zip(made, receipts, strict=True)
            ],
            reply,
        )
        return True

    def _repeat(self, _turn: int) -> bool:
        """Send again what was answered: the answer must be the same, or none at all."""
        told = self.told
        if not told:
            return True
        item = self.chance.choice(told[-40:])
        again = self._reply(lambda: self._post(item.content, item.key))
        if again is not None and again.status == 202:
            self.repeated += 1
            if again.body != item.receipt:
                self.differing.append(item.key)
        return True

    def _pledge(self, turn: int) -> bool:
        """Call by telephone, learn the case, hand in the written report before it is due."""
        key = f"{self.name}-pledge-{turn}"
        known_at = WallClock().now() - timedelta(seconds=LIMIT_SECONDS - self.chance.randint(6, 14))
        due_at = known_at + timedelta(seconds=LIMIT_SECONDS)
        call: dict[str, object] = {
            "title": f"第{key}号民房起火，1人死亡",
            "body": "电话报告。",
            "medium": "phone",
            "known_at": known_at.isoformat(),
        }
        sent_at = WallClock().now()
        told = self._until_told(call, f"{key}-phone")
        if told is None:
            return True
        uid = orjson.loads(told)["submission_id"]
        self._remember([Item(f"{key}-phone", call, receipt=told, sent_at=sent_at)], None)
        keeping = threading.Thread(target=self._keep, args=(key, due_at, uid), daemon=True)
        self._keeping.append(keeping)
        keeping.start()
        return True

    def _keep(self, key: str, due_at: datetime, phone: str) -> None:
        """The case is named if it can be learnt in time; else the words must find it."""
        left = (due_at - WallClock().now()).total_seconds()
        write_at = WallClock().now() + timedelta(seconds=self.chance.uniform(0.3, 0.8) * left)
        case_id = None
        while case_id is None and WallClock().now() < write_at:
            with contextlib.suppress(*CUT_OFF):
                found = self.room.ask("GET", f"/api/v1/submissions/{phone}", unit_of(key))
                case_id = found.json().get("case_id") if found.status == 200 else None
            time.sleep(_AGAIN)
        time.sleep(max(0.0, (write_at - WallClock().now()).total_seconds()))
        words = "情况已控制" if case_id is not None else "民房起火，1人死亡"
        report: dict[str, object] = {"title": f"第{key}号书面报告，{words}", "body": "书面报告。"}
        if case_id is not None:
            report["case_id"] = case_id
        tried_at = WallClock().now()
        told = self._until_told(report, f"{key}-written")
        if told is not None:
            item = Item(f"{key}-written", report, receipt=told, sent_at=tried_at)
            self._remember([item], None)
            written = orjson.loads(told)["submission_id"]
            self.pledges.append(Pledge(key, due_at, phone, written, tried_at))

    def _until_told(self, content: dict[str, object], key: str) -> bytes | None:
        """Try until there is a receipt, as a clerk does; None when the test is over."""
        while self.room.is_up:
            reply = self._reply(lambda: self._post(content, key))
            if reply is not None and reply.status == 202:
                return reply.body
            self.failures += 1
            time.sleep(_AGAIN)
        return None

    def _post(self, content: dict[str, object], key: str) -> Reply:
        path = "/api/v1/submissions"
        return self.room.ask("POST", path, unit_of(key), content=content, key=key)


def unit_of(key: str) -> str:
    """Return who hands in the item of this key."""
    _, _, pledge = key.partition("-pledge-")
    return CALLERS[int(pledge.partition("-")[0]) % len(CALLERS)] if pledge else QINGSHI
