"""What the calendar opens. 定时开立。"""

from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import select

from ledger import obligations
from ledger.postgres import hold
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import calendars
from rules.obligations import of_day
from rules.rulebook import DailyReport
from streams.desk import Desk
from streams.pulse import founded_at
from vocabulary.terms import Duty

_CALENDAR = UUID("7d7a3a0e-6d3c-5d0e-9a52-0c8d1f6f5a11")


def open_day(sheet: Sheet, desk: Desk, day: date) -> int:
    """Open each unit's daily reports of `day`; those already open stay. Returns how many.

    A report that was due before this house first listened is not owed to it.
    """
    hold(sheet.connection, "calendar")
    opened = 0
    founded = founded_at(sheet.connection)
    for report in desk.rulebook.daily:
        if not _is_owed(desk, report, day):
            continue
        units = [u for u in desk.county.reporting_units if u.kind.value in report.kinds]
        name = report.duty if report.duty is Duty.NIL_REPORT else f"{report.duty} {report.title}"
        uids = {u.unit_id: uuid5(_CALENDAR, f"{name}\n{u.unit_id}\n{day}") for u in units}
        there = set(
            sheet.connection.execute(
                select(table.c.uid).where(table.c.uid.in_(list(uids.values())))
            ).scalars()
        )
        for unit_id, uid in uids.items():
            owed = of_day(desk.rulebook, report, unit_id, day)
            if uid not in there and (founded is None or owed.due_at > founded):
                obligations.add(sheet, owed, uid, is_drill=False)
                opened += 1
    return opened


def _is_owed(desk: Desk, report: DailyReport, day: date) -> bool:
    periods, fixed = desk.county.periods, desk.rulebook.fixed_holidays
    return calendars.is_owed_on(day, report.calendar, periods, fixed)
