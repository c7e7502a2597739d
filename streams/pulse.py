"""When this house listened, and when it did not. 心跳与中断。

Nobody is late for our outage: a stop, a crash and every refused try (503) leave a span in the
book, and the law of timeliness reads it. The heartbeat is written every few seconds, so a
crash is counted from the last one, in the units' favour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from ledger.schema import heartbeats, outages
from ledger.sheet import Sheet
from ledger.writer import Done

_HOUSE = "house"
_SEEN_AT = select(heartbeats.c.seen_at).where(heartbeats.c.part == _HOUSE)
_OURS = heartbeats.update().where(heartbeats.c.part == _HOUSE)
_START = _OURS.values(started_at=bindparam("started"))
_GO_ON = _OURS.values(seen_at=bindparam("heard_until"))


@dataclass(frozen=True, slots=True)
class Beat:
    """One heartbeat, with the span in which tries were refused since the last.

    `kept_until`: all that was received before it is in the book; None where nothing is on its way
    there. What a crash takes with it was not heard, so an outage begins no later than that.
    """

    at: datetime
    refused_from: datetime | None = None
    is_first: bool = False
    kept_until: datetime | None = None


def beat(connection: Connection, beats: Sequence[Beat]) -> list[Done]:
    """Write heartbeats; the first of a process closes the outage since the last one."""
    sheet = Sheet(connection)
    for each in beats:
        if each.is_first:
            _start(sheet, each.at)
        heard_until = min(each.at, each.kept_until or each.at)
        if connection.execute(_GO_ON, {"heard_until": heard_until}).rowcount == 0:
            row = {"part": _HOUSE, "founded_at": each.at, "started_at": each.at}
            connection.execute(heartbeats.insert(), row | {"seen_at": each.at})
        if each.refused_from is not None and each.refused_from < each.at:
            sheet.add(outages, from_at=each.refused_from, to_at=each.at, cause="无法收件")
    sheet.flush()
    return [Done(None) for _ in beats]


def _start(sheet: Sheet, at: datetime) -> None:
    seen = seen_at(sheet.connection)
    if seen is not None and seen < at:
        sheet.add(outages, from_at=seen, to_at=at, cause="停机")
    sheet.connection.execute(_START, {"started": at})


def founded_at(connection: Connection) -> datetime | None:
    """Return when this house first listened; None before its first heartbeat."""
    return connection.execute(
        select(heartbeats.c.founded_at).where(heartbeats.c.part == _HOUSE)
    ).scalar()


def seen_at(connection: Connection) -> datetime | None:
    """Return when this house was last heard of; None before its first heartbeat."""
    return connection.execute(_SEEN_AT).scalar()


@dataclass
class Refusals:
    """The span in which tries were refused, until a heartbeat has written it down.

    It stands until it is written, and readiness says so: whoever sees the house ready again may
    rely on the outage being in the book.
    """

    since: datetime | None = None
    last: datetime | None = None

    def note(self, at: datetime) -> None:
        """Let the span reach to this instant, whichever side of it that lies on."""
        self.since = at if self.since is None else min(self.since, at)
        self.last = at if self.last is None else max(self.last, at)

    def written(self, until: datetime) -> None:
        """Forget what is in the book up to `until`; where a try was refused later, nothing yet."""
        if self.last is not None and self.last <= until:
            self.since = self.last = None
