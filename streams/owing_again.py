"""What is owed again: what a closing waived, what only seemed to be answered. 恢复应报。

What the late log tells of an obligation is chained with its clock, so such a clock is never moved:
a new obligation takes its place, with as long left as there was.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ledger import asked, met, obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.ladder import Place
from rules.rulebook import Ladder
from rules.timeliness import Finding, Window
from streams import settling
from streams.desk import Desk
from vocabulary.case_act import By
from vocabulary.identity import derived_uid
from vocabulary.terms import Duty, Fulfilment, Severity, Timeliness

_REMEMBERED = timedelta(days=400)


def owe_again(sheet: Sheet, desk: Desk, owed: Mapping[str, Any], by: By) -> datetime | None:
    """Owe what was waived or answered; what was not yet due then has as long left as it had.

    How timely it was found stays as it is. Returns the instant of its next step.
    """
    if owed["due_at"] < owed["fulfilled_at"]:
        stood_still = timedelta(0)
    else:
        stood_still = by.at - max(owed["fulfilled_at"], owed["counted_from"])
    its_ladder = _ladder_of(desk, owed)
    due_at = owed["due_at"] + stood_still
    start = ladder.start(its_ladder, due_at, by.at)
    if stood_still and met.is_on_log(sheet.connection, owed["id"]):
        return _open_another(sheet, owed, stood_still, start, by)
    place = ladder.place_at(its_ladder, due_at, max(start.step, owed["step"]))
    clock = {"counted_from": owed["counted_from"] + stood_still, "due_at": due_at}
    sheet.change(table, owed["id"], **clock, **_open(sheet, place))
    return place.next_at


def _open_another(
    sheet: Sheet, owed: Mapping[str, Any], later: timedelta, place: Place, by: By
) -> datetime | None:
    clock = {"counted_from": owed["counted_from"] + later, "due_at": owed["due_at"] + later}
    fresh = {
        "uid": derived_uid(owed["uid"], "again", by.at.isoformat()),
        "timeliness": Timeliness.PENDING.value,
    }
    kept = {name: value for name, value in owed.items() if name != "id"}
    sheet.add(table, **(kept | clock | fresh | _open(sheet, place)))
    return place.next_at


def _open(sheet: Sheet, place: Place) -> dict[str, Any]:
    sheet.wake("clock", place.next_at)
    return {
        "fulfilment": Fulfilment.OPEN.value,
        "fulfilled_at": None,
        "fulfilled_by": None,
        "step": place.step,
        "next_at": place.next_at,
    }


def ask_again(
    sheet: Sheet, desk: Desk, case_key: int, gone: Sequence[UUID], by: By
) -> datetime | None:
    """Ask again what items had answered that a person put elsewhere, unless another answers it.

    Returns the first instant of the next steps.
    """
    steps = []
    answers = asked.answers(sheet.connection, case_key)
    for row in asked.answered_by(sheet.connection, case_key, gone):
        owed = dict(row)
        item = answers.get(owed["owed_by"])
        if item is not None:
            settling.meet(sheet, desk, item, owed)
        elif owed["due_at"] < owed["fulfilled_at"]:
            steps.append(_find_silent(sheet, desk, owed, by))
        else:
            steps.append(_give_time(sheet, desk, owed, by))
    return min((step for step in steps if step is not None), default=None)


def _give_time(sheet: Sheet, desk: Desk, owed: Mapping[str, Any], by: By) -> datetime | None:
    """It was answered in time, as it seemed: the unit has the rest of its time again."""
    if met.is_on_log(sheet.connection, owed["id"]):
        waived = {"fulfilment": Fulfilment.WAIVED.value, "fulfilled_at": by.at}
        sheet.change(table, owed["id"], **waived, fulfilled_by=by.person_id)
        _log(sheet, owed, Finding(Timeliness(owed["timeliness"])), by, "所答另属他案，重新请核实")
    else:
        sheet.change(table, owed["id"], timeliness=Timeliness.PENDING.value)
    return owe_again(sheet, desk, owed, by)


def _find_silent(sheet: Sheet, desk: Desk, owed: Mapping[str, Any], by: By) -> datetime | None:
    """It was due before that answer came: the unit is as silent as it was, and is told again."""
    its_ladder = _ladder_of(desk, owed)
    window = Window(owed["counted_from"], owed["due_at"], ladder.cutoff(its_ladder))
    outages = obligations.outages_since(sheet.connection, by.at - _REMEMBERED)
    finding = timeliness.judge_unreceived(window, by.at, outages)
    is_known = finding.timeliness is not Timeliness.UNKNOWN
    place = ladder.resume(its_ladder, owed["due_at"], by.at) if is_known else ladder.top(its_ladder)
    found = {"timeliness": finding.timeliness.value}
    sheet.change(table, owed["id"], **found, **_open(sheet, place))
    if finding.timeliness is not Timeliness.PENDING:
        _log(sheet, owed, finding, by, "所答另属他案，仍未收到")
    return place.next_at


def _log(sheet: Sheet, owed: Mapping[str, Any], finding: Finding, by: By, note: str) -> None:
    if not owed["is_drill"]:
        obligations.log(sheet, owed["id"], finding, at=by.at, received_at=None, note=note)


def _ladder_of(desk: Desk, owed: Mapping[str, Any]) -> Ladder:
    severity = owed["severity"] and Severity(owed["severity"])
    return desk.rulebook.ladder_of(Duty(owed["duty"]), owed["owed_to"], severity)
