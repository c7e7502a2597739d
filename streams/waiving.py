"""A person takes back what a unit was asked to verify. 免予核实。

What the law demands is nobody's to waive: only a question that the house itself put.
"""

from collections.abc import Mapping
from typing import Any

from ledger import asked, cases, deliveries, obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules.timeliness import Finding
from streams.desk import Desk
from streams.held_case import RefusedError, held_case
from streams.settling import waived
from vocabulary.case_act import Acted, By, CaseAnswer, Refusal, Waive
from vocabulary.facts import ObligationWaived
from vocabulary.terms import Duty, Fulfilment, Timeliness


def waive(sheet: Sheet, desk: Desk, act: Waive) -> CaseAnswer:
    """Close a question with a reason: on the case's timeline, and on the late log if it was there.

    Raises:
        RefusedError: there is none for this person, it is no question, or it is closed.
    """
    key = asked.case_of(sheet.connection, act.obligation_uid)
    if key is None:
        raise RefusedError(Refusal.NOT_FOUND)
    case = held_case(sheet.connection, desk, cases.uid_of(sheet.connection, key), act.by)
    owed = asked.held(sheet.connection, act.obligation_uid)
    if owed is None or owed["duty"] != Duty.TERRITORY_REPORT.value:
        raise RefusedError(Refusal.NOT_ASKED)
    if owed["fulfilment"] != Fulfilment.OPEN.value:
        raise RefusedError(Refusal.NOT_OPEN)
    take_back(sheet, owed, act.by, what="免予核实")
    told = ObligationWaived(
        at=act.by.at,
        obligation=act.obligation_uid,
        unit=owed["owed_by"],
        duty=Duty.TERRITORY_REPORT,
        by=act.by.person_id,
        reason=act.by.reason,
    )
    cases.note(sheet, told, key)
    return Acted(case["uid"])


def take_back(sheet: Sheet, owed: Mapping[str, Any], by: By, what: str) -> None:
    """Waive one obligation: its notices end, and the late log says so where it told of it."""
    sheet.change(table, owed["id"], **waived(by.at, by.person_id))
    sheet.flush()
    deliveries.cancel_needless(sheet.connection, [owed["id"]])
    finding = Finding(Timeliness(owed["timeliness"]))
    if finding.timeliness is not Timeliness.PENDING:
        note = f"已由 {by.person_id} {what}：{by.reason}"
        obligations.log(sheet, owed["id"], finding, at=by.at, received_at=None, note=note)
