"""What an item of a case makes owed, or answers, beside its reports. 补报。

The elements that a first report left out, the count that another unit told higher, and the moment
it knew, which moves the clocks that had assumed it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger import met, obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.arrived import Arrived
from rules.case import Entry
from rules.gauging import UNCLEAR
from rules.supplements import (
    counts,
    is_more,
    of_casualty_change,
    of_missing_elements,
    still_missing,
)
from rules.timeliness import Finding, Window
from streams.debts import Debts
from streams.overtaken import met_already
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.china_time import spoken
from vocabulary.identity import derived_uid
from vocabulary.judgement import Casualties, Judgement
from vocabulary.terms import Duty, Fulfilment, Timeliness, Verdict

_OF_HARM = {"deaths", "injured", "missing"}


@dataclass(frozen=True)
class Item:
    """An item in its case, with all the items told there, itself among them."""

    arrival: Arrival
    judgement: Judgement
    placed: Placed
    told: Sequence[Entry]

    @property
    def told_by_its_unit(self) -> list[Entry]:
        mine = [each for each in self.told if each.unit_id == self.arrival.owing_unit_id]
        return sorted(mine, key=lambda each: (each.received_at, each.uid))

    @property
    def case(self) -> dict[str, Any]:
        return {
            "case_id": self.placed.case_key,
            "case_uid": self.placed.case_uid,
            "case_code": self.judgement.code,
            "case_closed_at": None,
        }

    @property
    def arrived(self) -> Arrived:
        return Arrived.of(self.arrival, self.judgement.severity, self.judgement.code)


@dataclass(frozen=True)
class Supplementing:
    """What the items of a batch make owed beside their reports."""

    debts: Debts

    def settle(self, sheet: Sheet, item: Item) -> list[datetime]:
        """Open and close what the item calls for. Returns the steps of what it moved.

        What may be a stranger's asks nothing of anybody.
        """
        if not item.arrival.is_proven or item.placed.case_key is None:
            return []
        steps = []
        if item.placed.is_joined:
            self._answer(sheet, item)
            self._ask_who_counted_fewer(sheet, item)
            steps = [*self._count_from_known(sheet, item)]
        self._ask_back(sheet, item)
        return steps

    def _open_of(self, item: Item, duty: Duty, unit_id: str | None = None) -> list[dict[str, Any]]:
        case_uid = item.placed.case_uid
        return self.debts.open_of(item.arrival, duty, case_uid=case_uid, unit_id=unit_id)

    def _answer(self, sheet: Sheet, item: Item) -> None:
        answered = []
        if self._is_complete(item):
            answered += self._open_of(item, Duty.MISSING_ELEMENTS)
        if item.judgement.casualties != Casualties():
            answered += self._open_of(item, Duty.CASUALTY_CHANGE)
        for owed in answered:
            item.placed.owed.append(self.debts.meet(sheet, item.arrival, owed))

    def _is_complete(self, item: Item) -> bool:
        """All was told, or that the harm is not known yet: what is not clear may be so."""
        left = self._asked(item.told_by_its_unit)
        made = item.arrival.submission
        is_unclear = UNCLEAR.search(f"{made.title}\n{made.body}") is not None
        return not (left - _OF_HARM if is_unclear else left)

    def _asked(self, told: Sequence[Entry]) -> set[str]:
        return {*still_missing(told)} & self.debts.desk.rulebook.asked_back

    def _ask_back(self, sheet: Sheet, item: Item) -> None:
        """Ask for what a first report left out, once in a case."""
        if item.judgement.verdict is not Verdict.EMERGENCY:
            return
        desk, told = self.debts.desk, item.told_by_its_unit
        number = next(n for n, each in enumerate(told, 1) if each.uid == item.arrival.uid)
        missing = still_missing(told[:number])
        owed = of_missing_elements(desk.rulebook, desk.county.profile, item.arrived, missing)
        if owed is None or (item.placed.is_joined and self._open_of(item, Duty.MISSING_ELEMENTS)):
            return
        later = range(number + 1, len(told) + 1)
        by = next((told[n - 1] for n in later if not self._asked(told[:n])), None)
        if by is not None:  # its follow-up was judged first
            owed = met_already(desk, owed, by.received_at, self.debts.outages_if_asked)
        uid = derived_uid(item.arrival.uid, owed.duty.value)
        key = self.debts.add(sheet, owed, uid, item.case, is_drill=item.arrival.submission.is_drill)
        if by is not None:
            sheet.change(table, key, fulfilled_by=str(by.uid))
        item.placed.owed.append(owed)

    def _ask_who_counted_fewer(self, sheet: Sheet, item: Item) -> None:
        """Ask the other units of the case that counted, before this item, fewer than it does."""
        desk, arrival = self.debts.desk, item.arrival
        before = [each for each in item.told if each.received_at <= arrival.received_at]
        times = [each.occurred_at for each in item.told if each.occurred_at is not None]
        happened_at = min(times, default=min(each.received_at for each in item.told))
        for unit_id in sorted({each.unit_id for each in before} - {arrival.owing_unit_id}):
            theirs = counts(each for each in before if each.unit_id == unit_id)
            if not is_more(item.judgement.casualties, theirs):
                continue
            owed = of_casualty_change(
                desk.rulebook, desk.county.profile, item.arrived, unit_id, happened_at
            )
            if owed is None or self._open_of(item, Duty.CASUALTY_CHANGE, unit_id):
                continue
            uid = derived_uid(arrival.uid, owed.duty.value, unit_id)
            self.debts.add(sheet, owed, uid, item.case, is_drill=arrival.submission.is_drill)
            item.placed.asked.append(owed)

    def _count_from_known(self, sheet: Sheet, item: Item) -> Iterator[datetime]:
        """Count from when it knew what had counted from when it told us, if it says so now.

        Only an earlier moment is about the incident; a later one is about this item's own news,
        and one before the incident is a slip of the pen. No question is due before it was asked.
        """
        known_at = item.arrival.submission.known_at
        if known_at is None or item.placed.case_key is None:
            return
        times = [each.occurred_at for each in item.told if each.occurred_at is not None]
        if times and known_at < min(times):
            return
        for owed in self.debts.assumed_of(item.placed.case_key, item.arrival.owing_unit_id):
            is_question = owed["duty"] == Duty.TERRITORY_REPORT.value
            if known_at < owed["counted_from"] and not is_question:
                step = self._move(sheet, owed, known_at, item.arrived.counted_at)
                if step is not None:
                    yield step

    def _move(
        self, sheet: Sheet, owed: dict[str, Any], known_at: datetime, now: datetime
    ) -> datetime | None:
        """Move a clock. What the late log tells of stays as it is, and another entry is added."""
        due_at = owed["due_at"] - (owed["counted_from"] - known_at)
        rule = self.debts.desk.rulebook.obligations[Duty(owed["duty"])]
        window = Window(known_at, due_at, ladder.cutoff(rule.ladder))
        note = f"单位后来报称 {spoken(known_at)} 获悉，应自那时起算"
        columns = {"counted_from": known_at, "due_at": due_at, "is_assumed": False}
        is_logged = met.is_on_log(sheet.connection, owed["id"])
        received_at = owed["fulfilled_at"]
        if owed["fulfilment"] == Fulfilment.MET.value:
            finding = timeliness.judge_received(window, received_at, self.debts.outages)
            columns |= {"timeliness": finding.timeliness.value}
        elif is_logged:
            finding = Finding(Timeliness(owed["timeliness"]), now - due_at)
        else:
            start = ladder.start(rule.ladder, due_at, now)
            place = ladder.place_at(rule.ladder, due_at, max(start.step, owed["step"]))
            sheet.change(table, owed["id"], **columns, step=place.step, next_at=place.next_at)
            sheet.wake("clock", place.next_at)
            return place.next_at
        if not is_logged:
            sheet.change(table, owed["id"], **columns)
        if not owed["is_drill"] and (is_logged or finding.timeliness is Timeliness.LATE):
            obligations.log(sheet, owed["id"], finding, at=now, received_at=received_at, note=note)
        return None
