"""What the desk owes upward: opened by a grave case, met by a person who says so. 向上报告。

The house reports to nobody above by itself; it counts the time, and writes down who said when
that it was done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ledger import cases, debts_of_case, obligations
from ledger.effects import Effects
from ledger.sheet import Sheet
from ledger.writer import Done
from rules import ladder, timeliness
from rules.obligations import Arrived, upward
from rules.timeliness import Window
from streams.alerting import Cause, NewAlert
from streams.desk import Desk
from vocabulary.arrival import Arrival
from vocabulary.hand import Told, Upward
from vocabulary.identity import derived_uid

_GRAVER = (Cause.OPENED, Cause.RISEN)
_REMEMBERED = timedelta(days=400)


def open_upward(
    sheet: Sheet, desk: Desk, arrival: Arrival, alert: NewAlert, code: str | None
) -> list[datetime]:
    """Open what an emergency's alert makes the desk owe. Returns the instants of its first steps.

    A grade that rose is reported again. A stranger's item is first looked into by a person.
    """
    if alert.cause not in _GRAVER or not arrival.is_proven:
        return []
    desk_id = desk.room_of(alert.unit_id)
    arrived = Arrived.of(arrival, alert.severity, code)
    steps = []
    for owed in upward(desk.rulebook, desk.county.profile, desk_id, arrived):
        obligations.add(
            sheet,
            owed,
            derived_uid(arrival.uid, owed.duty.value, owed.owed_to),
            is_drill=alert.is_drill,
            case_key=alert.case_key,
        )
        if owed.next_at is not None:
            steps.append(owed.next_at)
    return steps


@dataclass(frozen=True)
class Reporting:
    """The act of writing down that the desk has reported. `Done` holds how many it met, or None."""

    desk: Desk

    def report(self, connection: Connection, told: Sequence[Upward]) -> list[Done]:
        """Meet what is open for that case and recipient; told again, it changes nothing.

        None where there is no such case, or it is not the person's desk's.
        """
        return [self._report(connection, each) for each in told]

    def _report(self, connection: Connection, told: Upward) -> Done:
        case = cases.held(connection, [told.case_uid]).get(told.case_uid)
        if case is None:
            return Done(None)
        sheet = Sheet(connection)
        rows = [
            row
            for row in debts_of_case.upward(connection, case["id"], told.owed_to)
            if self._is_theirs(told, row)
        ]
        for row in rows:
            self._meet(sheet, row, told)
        sheet.flush()
        return Done(Told(len(rows), told.reported_at), Effects(is_board_changed=bool(rows)))

    def _is_theirs(self, told: Upward, row: dict[str, Any]) -> bool:
        person = self.desk.county.people.get(told.person_id)
        desks = self.desk.county.desks_of(row["owed_by"])
        return person is not None and any(person.unit_id == desk.unit_id for desk in desks)

    def _meet(self, sheet: Sheet, row: dict[str, Any], told: Upward) -> None:
        rule = self.desk.rulebook.obligations[row["duty"]]
        window = Window(row["counted_from"], row["due_at"], ladder.cutoff(rule.ladder))
        since = told.at - _REMEMBERED
        outages = obligations.outages_since(sheet.connection, since)
        finding = timeliness.judge_received(window, told.reported_at, outages)
        obligations.meet(sheet, row, finding, told.reported_at, told.person_id)
