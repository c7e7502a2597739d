"""Start `jibao` under orders, so that the product itself holds no switch for tests. 启动器。

    python -m tests.journeys.launcher ORDER… -- up --data …

Each order wraps a real function before the command runs:

    kill:before-commit:ACT:N    SIGKILL when the N-th transaction with ACT is about to commit
    kill:after-commit:ACT:N     … has just been committed, and nobody knows it yet
    kill:before-send:N          … when the N-th text is about to be carried
    kill:after-send:N           … has been carried, and its outcome is not written
    kill:before-reply:N         … when the N-th 202 is ready and not yet sent
    kill:before-log:N           … when the N-th item is about to be sent to the log
    kill:after-log:N            … has been acknowledged by the log, and nobody knows it yet
    kill:before-publish:N       … when the N-th fact is about to be published
    kill:after-publish:N        … has been handed to the producer, and is not marked
    slow:PLACE:SECONDS          a place of `PLACES` takes that much longer
    fail:PLACE:WHY:N            a place of `PLACES` fails the N-th time (`disk`), or from then on
                                (`fault`: what is done again alone would else be mended)
    pragma:NAME:VALUE           the book opens with another setting, and is content with it
    disobeyed:NAME:VALUE        SQLite has another setting than the one that was asked for
    clock:SAID                  it lives by another clock (`WallClock.shared`), as the demo does
    away:FILE                   while FILE says `full` or `read-only`, the book is that

ACT is the name of one of the writer's acts that did something: absorb, keep, drain, answer,
claim, fire, acknowledge.
"""

import asyncio
import os
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from app import serving
from app.clock import WallClock
from gateway.submitting import Submitting
from ledger import sqlite as book
from ledger.writer import Writer
from notifiers.carrier import Carrier
from streams.clock import Fired, Firing
from streams.deliver import Deliver
from streams.intake import Intake

ACTS = ("absorb", "keep", "drain", "answer", "claim", "fire", "acknowledge")
PLACES = {
    "absorb": (Intake, "absorb"),
    "look": (Deliver, "_look"),
    "deliver": (Carrier, "deliver"),
    "fire": (Firing, "fire"),
}
FAULTS: dict[str, Exception] = {
    "disk": OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error")),
    "fault": ZeroDivisionError("a fault of ours"),
}

_group = threading.local()
_counted: Counter[str] = Counter()
_lock = threading.Lock()


def reach(place: str, doomed: str, number: int) -> None:
    """Die if this is the place, for the n-th time."""
    if place != doomed:
        return
    with _lock:
        _counted[place] += 1
        if _counted[place] == number:
            os.kill(os.getpid(), signal.SIGKILL)


def acts_of(group: list[Any]) -> set[str]:
    """Return which acts of a transaction did something; the idle rounds do not count."""
    return {
        work.act.__name__ for work in group if work.done is not None and _is_work(work.done.value)
    }


def _is_work(value: object) -> bool:
    if isinstance(value, Fired):
        return value.count > 0
    return value != 0


def kill_around_commit(doomed: str, number: int) -> None:
    """Die before or after the commit of an act."""
    write = Writer._in_one_transaction

    def writing(self: Writer, group: list[Any]) -> None:
        _group.now = group
        try:
            write(self, group)
        finally:
            _group.now = []
        for act in acts_of(group):
            reach(f"after-commit:{act}", doomed, number)

    def committing(_connection: Connection) -> None:
        for act in acts_of(getattr(_group, "now", [])):
            reach(f"before-commit:{act}", doomed, number)

    Writer._in_one_transaction = writing  # type: ignore[method-assign]
    event.listen(Engine, "commit", committing)


def kill_around(owner: Any, name: str, before: str, after: str, doomed: tuple[str, int]) -> None:
    """Die before or after a coroutine of `owner`."""
    original = getattr(owner, name)

    @wraps(original)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        reach(before, *doomed)
        result = await original(*args, **kwargs)
        reach(after, *doomed)
        return result

    setattr(owner, name, wrapped)


def slow_down(owner: Any, name: str, seconds: float) -> None:
    """Let a function of `owner` take longer: a thread's by sleeping, a loop's by waiting."""
    original = getattr(owner, name)

    @wraps(original)
    async def waiting(*args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(seconds)
        return await original(*args, **kwargs)

    @wraps(original)
    def sleeping(*args: Any, **kwargs: Any) -> Any:
        time.sleep(seconds)
        return original(*args, **kwargs)

    setattr(owner, name, waiting if asyncio.iscoroutinefunction(original) else sleeping)


def fail_at(owner: Any, name: str, error: Exception, number: int) -> None:
    """Let a function of `owner` raise instead, the n-th time; a fault of ours, from then on."""
    original = getattr(owner, name)

    @wraps(original)
    def failing(*args: Any, **kwargs: Any) -> Any:
        with _lock:
            _counted[name] += 1
            is_lasting = not isinstance(error, OperationalError) and _counted[name] > number
            is_now = _counted[name] == number or is_lasting
        if is_now:
            raise error
        return original(*args, **kwargs)

    setattr(owner, name, failing)


def open_with(name: str, value: str) -> None:
    """Let the book open with another setting, and the check of settings agree to it."""
    book._PRAGMAS[name] = int(value)


def disobey(name: str, value: str) -> None:
    """Change a setting of each connection after the book has set it."""
    make = book._engine

    def connected(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA {name} = {value}")

    def engine(path: Path, *, begin: str) -> Engine:
        made = make(path, begin=begin)
        event.listen(made, "connect", connected)  # after the book's own
        return made

    book._engine = engine


def be_away_while(file: Path) -> None:
    """Before each transaction, make the connection what the file says: SQLite's own errors."""

    def beginning(connection: Connection) -> None:
        said = file.read_text("utf-8").strip() if file.exists() else ""
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        most = pages if said == "full" else 1 << 30
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
        connection.exec_driver_sql(f"PRAGMA query_only = {int(said == 'read-only')}")

    event.listen(Engine, "begin", beginning)


def obey(order: str) -> None:
    """Prepare one order."""
    kind, _, rest = order.partition(":")
    match kind:
        case "kill":
            place, _, number = rest.rpartition(":")
            doomed = (place, int(number))
            kill_around_commit(*doomed)
            kill_around(Carrier, "deliver", "before-send", "after-send", doomed)
            kill_around(Submitting, "one", "", "before-reply", doomed)
            if place.endswith(("-log", "-publish")):  # else nothing of Kafka need be loaded
                from app.parts.log_client import LogProducer

                kill_around(LogProducer, "send_and_wait", "before-log", "after-log", doomed)
                kill_around(LogProducer, "send", "before-publish", "after-publish", doomed)
        case "slow":
            place, _, seconds = rest.partition(":")
            slow_down(*PLACES[place], float(seconds))
        case "fail":
            place, why, at = rest.split(":")
            fail_at(*PLACES[place], FAULTS[why], int(at))
        case "pragma":
            open_with(*rest.split(":"))
        case "disobeyed":
            disobey(*rest.split(":"))
        case "clock":
            serving.WallClock = lambda: WallClock.shared(rest)  # type: ignore[attr-defined,assignment,misc]
        case "away":
            be_away_while(Path(rest))
        case _:
            raise SystemExit(f"no such order: {order}")


def main() -> None:
    """Obey the orders and run the command after `--`."""
    from app.main import main as jibao

    cut = sys.argv.index("--")
    for order in sys.argv[1:cut]:
        obey(order)
    sys.argv = ["jibao", *sys.argv[cut + 1 :]]
    jibao()


if __name__ == "__main__":
    main()
