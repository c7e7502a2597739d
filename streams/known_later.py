"""Count from when a unit knew what had counted from when it told us. 获悉时间后报。

Its first reports of a case had assumed it. Only an earlier moment is about the incident; a later
one is about the item's own news, and one that cannot be so is a slip of the pen.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ledger import met, obligations
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.timeliness import Finding, Window
from streams.debts import Debts
from streams.supplements import Item
from vocabulary.china_time import spoken
from vocabulary.terms import Duty, Fulfilment, Timeliness

_NOTE = "单位后来报称"


def count_from_known(
    debts: Debts, sheet: Sheet, item: Item, paying: set[int]
) -> Iterator[datetime]:
    """Move the clocks that an item, by its `known_at`, shows to have assumed too late a moment.

    Before it meets the debts in `paying`, which are then judged by the moved clock. Yields the
    instants of the steps that were moved.
    """
    made, case_key = item.arrival.submission, item.placed.case_key
    known_at, happened_at = made.known_at, item.happened_at
    if known_at is None or case_key is None or not item.arrival.is_proven:
        return
    is_before = happened_at is not None and known_at < happened_at
    far_off = debts.desk.rulebook.doubting.far_off
    if not item.placed.is_joined or is_before or item.arrival.received_at - known_at > far_off:
        return
    for owed in debts.assumed_of(case_key, item.arrival.owing_unit_id):
        if known_at < owed["counted_from"]:
            moved = _Moved(debts, sheet, owed, known_at, item.arrived.counted_at)
            step_at = moved.move(is_paid_now=owed["id"] in paying)
            if step_at is not None:
                yield step_at


class _Moved:
    """One debt, and its clock as it should have run."""

    def __init__(
        self, debts: Debts, sheet: Sheet, owed: dict[str, Any], known_at: datetime, now: datetime
    ) -> None:
        self._debts, self._sheet, self._owed, self._now = debts, sheet, owed, now
        self._due_at = owed["due_at"] - (owed["counted_from"] - known_at)
        self._ladder = debts.desk.rulebook.obligations[Duty(owed["duty"])].ladder
        self._window = Window(known_at, self._due_at, ladder.cutoff(self._ladder))
        self._note = f"{_NOTE} {spoken(known_at)} 获悉，应自那时起算"
        self._columns = {"counted_from": known_at, "due_at": self._due_at, "is_assumed": False}

    def move(self, *, is_paid_now: bool) -> datetime | None:
        """Move it. What the late log tells of stays as it was logged; another entry is added."""
        owed = self._owed
        is_logged = met.is_on_log(self._sheet.connection, owed["id"])
        is_met = owed["fulfilment"] == Fulfilment.MET.value
        if not is_met and not is_logged:
            return self._move_open()
        finding = self._finding(is_met=is_met)
        columns = dict(self._columns)
        if is_met:
            columns["timeliness"] = finding.timeliness.value
        self._debts.change(self._sheet, owed, is_kept=is_logged, **columns)
        is_told = is_logged and met.is_noted(self._sheet.connection, owed["id"], _NOTE)
        is_worth_it = is_logged or finding.timeliness is Timeliness.LATE
        if is_worth_it and not (is_told or is_paid_now or owed["is_drill"]):
            obligations.log(
                self._sheet,
                owed["id"],
                finding,
                at=self._now,
                received_at=owed["fulfilled_at"],
                note=self._note,
            )
        return None

    def _finding(self, *, is_met: bool) -> Finding:
        if is_met:
            received_at = self._owed["fulfilled_at"]
            return timeliness.judge_received(self._window, received_at, self._debts.outages)
        over = max(self._now - self._due_at, timedelta(0))
        return Finding(Timeliness(self._owed["timeliness"]), over)

    def _move_open(self) -> datetime | None:
        start = ladder.start(self._ladder, self._due_at, self._now)
        step = max(start.step, self._owed["step"])
        place = ladder.place_at(self._ladder, self._due_at, step)
        columns = self._columns | {"step": place.step, "next_at": place.next_at}
        self._debts.change(self._sheet, self._owed, **columns)
        self._sheet.wake("clock", place.next_at)
        return place.next_at
