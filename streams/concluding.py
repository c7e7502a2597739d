"""Close a case, call it a false alarm, and take that back. 办结、误报、恢复。

A false alarm ends the ladders and waives what is owed: who reported in good faith is never late
for it. A case that was dealt with needs no further follow-ups, but the final report of each unit
that has not given it. What was waived at the closing is owed again when the case is reopened, its
clock having stood still meanwhile, and the final report is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from ledger import cases, debts_of_case, deliveries
from ledger import obligations as owed_by_units
from ledger.effects import Effects
from ledger.schema import cases as cases_table
from ledger.schema import obligations
from ledger.sheet import Sheet
from rules.arrived import Looked
from rules.obligations import of_closing
from streams import settling
from streams.acknowledge import Acknowledging
from streams.case_page import severity_of
from streams.desk import Desk
from streams.held_case import RefusedError, held_case, held_open_case
from streams.owing_again import owe_again
from streams.settling import waived
from vocabulary.case_act import Acted, By, CaseAnswer, Close, Refusal, Reopen
from vocabulary.facts import CaseClosed, CaseReopened
from vocabulary.hand import Hand
from vocabulary.identity import derived_uid
from vocabulary.terms import Closing, Duty, Fulfilment

_TOLD_AT_LAST = (Duty.FOLLOW_UP_REPORT, Duty.MISSING_ELEMENTS, Duty.TERRITORY_REPORT)


@dataclass(frozen=True)
class Concluding:
    """The acts that end a case and begin it again.

    Each raises `RefusedError` where it cannot be done, before anything was changed.
    """

    desk: Desk

    def close(self, sheet: Sheet, act: Close) -> tuple[CaseAnswer, Effects]:
        """End a case; everyone called for a false alarm is told that it is in hand."""
        row = held_open_case(sheet.connection, self.desk, act.case_uid, act.by)
        waiting = cases.open_alerts(sheet.connection, row["id"])
        if waiting and not act.is_false_alarm:
            raise RefusedError(Refusal.NOT_IN_HAND)
        hands = [Hand(uid, act.by.person_id, act.by.at) for uid in waiting]
        done = Acknowledging(self.desk).acknowledge(sheet.connection, hands)
        owed = debts_of_case.reports(sheet.connection, row["id"], Fulfilment.OPEN)
        is_all = act.is_false_alarm
        self._waive(
            sheet, [each for each in owed if is_all or _is_needless(each, act.by.at)], act.by
        )
        steps = [] if act.is_false_alarm else [*self._owe_final_reports(sheet, row, act.by)]
        closing = Closing.FALSE_ALARM if act.is_false_alarm else Closing.CLOSED
        sheet.change(cases_table, row["id"], closed_at=act.by.at, closing=closing.value)
        told = CaseClosed(at=act.by.at, closing=closing, by=act.by.person_id, reason=act.by.reason)
        cases.note(sheet, told, row["id"])
        sendings = [s for each in done if each.effects for s in each.effects.sendings]
        next_step_at = min(steps, default=None)
        return Acted(row["uid"]), Effects(sendings=tuple(sendings), next_step_at=next_step_at)

    def _owe_final_reports(
        self, sheet: Sheet, row: Mapping[str, Any], by: By
    ) -> Iterator[datetime]:
        """Owe the final report of each unit that reports of the case. Yields the first steps."""
        began_at = row["occurred_at"] or row["opened_at"]
        closed = Looked(began_at, by.at, severity_of(row), row["code"])
        for unit_id in sorted(cases.still_to_conclude(sheet.connection, row["id"])):
            owed = of_closing(self.desk.rulebook, self.desk.county.profile, unit_id, closed)
            uid = derived_uid(row["uid"], owed.duty.value, unit_id, by.at.isoformat())
            owed_by_units.add(sheet, owed, uid, is_drill=row["is_drill"], case_key=row["id"])
            if owed.next_at is not None:
                yield owed.next_at

    def _waive(self, sheet: Sheet, owed: Sequence[RowMapping], by: By) -> None:
        for each in owed:
            sheet.change(obligations, each["id"], **waived(by.at, by.person_id))
        sheet.flush()
        deliveries.cancel_needless(sheet.connection, [each["id"] for each in owed])

    def reopen(self, sheet: Sheet, act: Reopen) -> tuple[CaseAnswer, Effects]:
        """Take a closing back: what it waived is owed, what it put in hand is nobody's again.

        The final reports that the closing asked for are not yet owed.
        """
        row = held_case(sheet.connection, self.desk, act.case_uid, act.by)
        if row["merged_into"] is not None:
            raise RefusedError(Refusal.MERGED)
        if row["closed_at"] is None:
            raise RefusedError(Refusal.NOT_CLOSED)
        steps = [
            owe_again(sheet, self.desk, dict(owed), act.by)
            for owed in debts_of_case.reports(sheet.connection, row["id"], Fulfilment.WAIVED)
            if owed["fulfilled_at"] == row["closed_at"]
        ]
        owing = debts_of_case.reports(sheet.connection, row["id"], Fulfilment.OPEN)
        final = [each for each in owing if each["duty"] == Duty.FINAL_REPORT.value]
        self._waive(sheet, final, act.by)
        settling.answer(sheet, self.desk, row["id"], act.by)  # by what came while it was closed
        hands = [
            Hand(uid, act.by.person_id, act.by.at)
            for uid in cases.alerts_in_hand_since(sheet.connection, row["id"], row["closed_at"])
        ]
        is_false_alarm = row["closing"] == Closing.FALSE_ALARM.value
        given = Acknowledging(self.desk).take_back(
            sheet.connection, hands if is_false_alarm else []
        )
        sheet.change(cases_table, row["id"], closed_at=None, closing=None)
        told = CaseReopened(at=act.by.at, by=act.by.person_id, reason=act.by.reason)
        cases.note(sheet, told, row["id"])
        effects = [each.effects for each in given if each.effects is not None]
        steps += [each.next_step_at for each in effects]
        return Acted(row["uid"]), Effects(
            sendings=tuple(s for each in effects for s in each.sendings),
            next_step_at=min((step for step in steps if step is not None), default=None),
        )


def _is_needless(owed: RowMapping, at: datetime) -> bool:
    """What was not yet due when the case was dealt with, and its final report will tell."""
    return Duty(owed["duty"]) in _TOLD_AT_LAST and bool(owed["due_at"] > at)
