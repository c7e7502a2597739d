"""What an item of a case makes owed, or answers, beside its reports. 补报。

The elements that a first report left out, and the count that another unit told higher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger import debts_of_case, submissions
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules.arrived import Arrived
from rules.case import Entry
from rules.supplements import (
    answer,
    in_order,
    is_overtaken,
    is_still_overtaken,
    of_casualty_change,
    of_missing_elements,
    still_missing,
)
from streams.debts import Debts
from streams.desk import Desk
from streams.entries import entry_of_row
from streams.overtaken import met_already
from streams.receipt import Placed
from streams.settling import meet, waived
from vocabulary.arrival import Arrival
from vocabulary.case_act import By
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.terms import Duty, Fulfilment, Stage, Verdict

ASKED = (Duty.MISSING_ELEMENTS, Duty.CASUALTY_CHANGE)
_CORRECTING = (Stage.CORRECTION, Stage.VERIFIED, Stage.WITHDRAWAL)


@dataclass(frozen=True)
class Item:
    """An item in its case, with all the items told there, itself among them."""

    arrival: Arrival
    judgement: Judgement
    placed: Placed
    told: Sequence[Entry]

    @property
    def told_by_its_unit(self) -> list[Entry]:
        unit_id = self.arrival.owing_unit_id
        return in_order(each for each in self.told if each.unit_id == unit_id)

    @property
    def entry(self) -> Entry:
        return next(each for each in self.told if each.uid == self.arrival.uid)

    @property
    def happened_at(self) -> datetime | None:
        """When the incident happened, as far as its items tell a moment that can be so."""
        told = (each.occurred_at for each in self.told if each.is_proven)
        return min((at for at in told if at and at <= self.arrival.received_at), default=None)

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
    """What the items of a batch make owed beside their reports, and what answers that."""

    debts: Debts

    def settle(self, sheet: Sheet, item: Item) -> None:
        """Open and close what the item calls for.

        What may be a stranger's asks nothing of anybody; a closed case asks for no elements.
        """
        if not item.arrival.is_proven or item.placed.case_key is None:
            return
        if item.placed.is_joined:
            self._answer(sheet, item)
            self._ask_who_counted_fewer(sheet, item)
            self._forget_what_was_taken_back(sheet, item)
        if item.placed.closed_at is None:
            self._ask_back(sheet, item)

    def _open_of(self, item: Item, duty: Duty, unit_id: str | None = None) -> list[dict[str, Any]]:
        case_uid = item.placed.case_uid
        return self.debts.open_of(item.arrival, duty, case_uid=case_uid, unit_id=unit_id)

    def _answer(self, sheet: Sheet, item: Item) -> None:
        rule = self.debts.desk.rulebook.asking_back
        for duty in ASKED:
            for owed in self._open_of(item, duty):
                if answer(rule, duty, owed["counted_from"], item.told_by_its_unit) is not None:
                    item.placed.owed.append(self.debts.meet(sheet, item.arrival, owed))

    def _ask_back(self, sheet: Sheet, item: Item) -> None:
        """Ask for what a first report left out, once in a case."""
        if item.judgement.verdict is not Verdict.EMERGENCY:
            return
        desk, told = self.debts.desk, item.told_by_its_unit
        missing = still_missing(told[: told.index(item.entry) + 1])
        owed = of_missing_elements(desk.rulebook, desk.county.profile, item.arrived, missing)
        if owed is None or (item.placed.is_joined and self._open_of(item, Duty.MISSING_ELEMENTS)):
            return
        by = answer(desk.rulebook.asking_back, owed.duty, item.arrival.received_at, told)
        if by is not None:  # its follow-up was judged first
            owed = met_already(desk, owed, by.received_at, self.debts.outages_if_asked)
        uid = derived_uid(item.arrival.uid, owed.duty.value)
        key = self.debts.add(sheet, owed, uid, item.case, is_drill=item.arrival.submission.is_drill)
        if by is not None:
            sheet.change(table, key, fulfilled_by=str(by.uid))
        item.placed.owed.append(owed)

    def _ask_who_counted_fewer(self, sheet: Sheet, item: Item) -> None:
        """Ask the other units of the case that counted fewer, before this item, than it does."""
        desk, arrival = self.debts.desk, item.arrival
        happened_at = item.happened_at or min(each.received_at for each in item.told)
        for unit_id in sorted({each.unit_id for each in item.told} - {arrival.owing_unit_id}):
            if not is_overtaken(item.entry, item.told, unit_id):
                continue
            owed = of_casualty_change(
                desk.rulebook, desk.county.profile, item.arrived, unit_id, happened_at
            )
            if owed is None or self._open_of(item, Duty.CASUALTY_CHANGE, unit_id):
                continue
            uid = derived_uid(arrival.uid, owed.duty.value, unit_id)
            self.debts.add(sheet, owed, uid, item.case, is_drill=arrival.submission.is_drill)
            item.placed.asked.append(owed)

    def _forget_what_was_taken_back(self, sheet: Sheet, item: Item) -> None:
        """Who corrected its count asks nobody any more."""
        arrival = item.arrival
        if arrival.submission.stage not in _CORRECTING:
            return
        for unit_id in sorted({each.unit_id for each in item.told} - {arrival.owing_unit_id}):
            if is_still_overtaken(item.told, unit_id):
                continue
            for owed in self._open_of(item, Duty.CASUALTY_CHANGE, unit_id):
                self.debts.change(sheet, owed, **waived(arrival.received_at, str(arrival.uid)))


def review(sheet: Sheet, desk: Desk, case_key: int, by: By) -> None:
    """Judge again what was asked in a case whose items a person has moved.

    What its unit told there answers it, by the moment that was received; a count that nobody there
    tells any more asks nobody.
    """
    rows = {row["uid"]: row for row in submissions.of_case(sheet.connection, case_key)}
    told = [entry_of_row(desk, row) for row in rows.values()]
    for owed in debts_of_case.reports(sheet.connection, case_key, Fulfilment.OPEN):
        duty, unit_id = Duty(owed["duty"]), owed["owed_by"]
        if duty not in ASKED:
            continue
        theirs = [each for each in told if each.unit_id == unit_id]
        item = answer(desk.rulebook.asking_back, duty, owed["counted_from"], theirs)
        if item is not None:
            meet(sheet, desk, dict(rows[item.uid]), dict(owed))
        elif duty is Duty.CASUALTY_CHANGE and not is_still_overtaken(told, unit_id):
            sheet.change(table, owed["id"], **waived(by.at, by.person_id))
