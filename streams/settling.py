"""What moving items between cases makes of the debts there. 移案后的应报事项。"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ledger import obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.timeliness import Window
from streams.desk import Desk
from vocabulary.case_act import By
from vocabulary.terms import Duty, Fulfilment, Stage

_REMEMBERED = timedelta(days=400)
_FOLLOWING = (Stage.FOLLOW_UP, Stage.FINAL, Stage.SUPPLEMENT, Stage.VERIFIED)


def waive_doubles(sheet: Sheet, case_key: int, by: By) -> None:
    """Of two follow-ups that a unit owes for one case, keep the one that is due first."""
    owed = obligations.reports_of_case(sheet.connection, case_key, Fulfilment.OPEN)
    kept: set[str] = set()
    for row in sorted(owed, key=lambda each: (each["due_at"], each["id"])):
        if row["duty"] != Duty.FOLLOW_UP_REPORT.value:
            continue
        if row["owed_by"] in kept:
            sheet.change(
                table,
                row["id"],
                fulfilment=Fulfilment.WAIVED.value,
                fulfilled_at=by.at,
                fulfilled_by=by.person_id,
                next_at=None,
            )
        kept.add(row["owed_by"])


def pay(sheet: Sheet, desk: Desk, item: Mapping[str, Any], case_key: int) -> None:
    """Let an item that a person brought into its case meet what its unit owes there.

    By the moment it was received, not by that of the person's word.
    """
    if Stage(item["stage"]) not in _FOLLOWING:
        return
    owed = [
        dict(row)
        for row in obligations.reports_of_case(sheet.connection, case_key, Fulfilment.OPEN)
        if (row["owed_by"], row["duty"]) == (item["owing_unit_id"], Duty.FOLLOW_UP_REPORT.value)
        and row["counted_from"] <= item["counted_at"]
    ]
    if not owed:
        return
    debt = min(owed, key=lambda row: (row["due_at"], row["id"]))
    rule = desk.rulebook.obligations[Duty.FOLLOW_UP_REPORT]
    window = Window(debt["counted_from"], debt["due_at"], ladder.cutoff(rule.ladder))
    outages = obligations.outages_since(sheet.connection, item["counted_at"] - _REMEMBERED)
    finding = timeliness.judge_received(window, item["counted_at"], outages)
    obligations.meet(sheet, debt, finding, item["counted_at"], str(item["uid"]))
