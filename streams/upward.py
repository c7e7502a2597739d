"""What the desk owes upward: opened by a grave case, met by a person who says so. 向上报告。

The house reports to nobody above by itself; it counts the time, and writes down who said when
that it was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger import cases, debts_of_case, obligations
from ledger.effects import Effects
from ledger.sheet import Sheet
from ledger.writer import Done
from rules import ladder, timeliness
from rules.arrived import Arrived, Looked
from rules.obligations import upward
from rules.timeliness import Window
from streams.alerting import Cause, NewAlert
from streams.desk import Desk
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.case_act import By
from vocabulary.hand import Told, Upward
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.terms import Severity

_REPORTED = (Cause.OPENED, Cause.RISEN, Cause.AFTER_FALSE_ALARM, Cause.AFTER_CLOSING)
_REMEMBERED = timedelta(days=400)


def open_upward(
    sheet: Sheet,
    desk: Desk,
    arrival: Arrival,
    alert: NewAlert,
    judgement: Judgement,
    *,
    placed: Placed,
) -> list[datetime]:
    """Open what an emergency's alert makes the desk owe. Returns the instants of its first steps.

    A grade that rose is reported again, and what burns again after it was closed or called a false
    alarm: once for a closing and a grade, however many items tell of it. A stranger's item is
    first looked into by a person.
    """
    if alert.cause not in _REPORTED or not arrival.is_proven:
        return []
    kind = desk.county.kind_of(desk.room_of(alert.unit_id))
    arrived = replace(desk.arrived(arrival, judgement), severity=alert.severity, kind=kind)
    case = {"id": alert.case_key, "unit_id": alert.unit_id, "is_drill": alert.is_drill}
    if placed.case_uid is None or placed.closed_at is None:
        return _open(sheet, desk, arrived, case, arrival.uid)
    grade = alert.severity.value if alert.severity is not None else ""
    parent = derived_uid(placed.case_uid, placed.closed_at.isoformat(), grade)
    return _open(sheet, desk, arrived, case, parent, is_once=True)


def open_upward_again(
    sheet: Sheet, desk: Desk, case: Mapping[str, Any], severity: Severity, by: By
) -> list[datetime]:
    """Open what a case owes upward that a person found graver. Returns the first steps.

    It counts from the person's word, unless the law counts from the incident; a moment so long ago
    that it may be about something else is not believed.
    """
    occurred_at = case["occurred_at"]
    if occurred_at is not None and by.at - occurred_at > desk.rulebook.doubting.far_off:
        occurred_at = None
    kind = desk.county.kind_of(desk.room_of(case["unit_id"]))
    looked = Looked(occurred_at, by.at, severity, case["code"], kind)
    return _open(sheet, desk, looked, case, derived_uid(case["uid"], by.at.isoformat()))


def _open(
    sheet: Sheet,
    desk: Desk,
    arrived: Arrived | Looked,
    case: Mapping[str, Any],
    parent: UUID,
    *,
    is_once: bool = False,
) -> list[datetime]:
    steps, desk_id = [], desk.room_of(case["unit_id"])
    for owed in upward(desk.rulebook, desk.county.profile_upward, desk_id, arrived):
        uid = derived_uid(parent, owed.duty.value, owed.owed_to)
        if is_once and obligations.is_there(sheet, uid):
            continue
        obligations.add(sheet, owed, uid, is_drill=case["is_drill"], case_key=case["id"])
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
