"""What moving items between cases makes of the debts there. 移案后的应报事项。"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ledger import asked, debts_of_case, obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.obligations import paid_by
from rules.timeliness import Window
from streams.desk import Desk
from vocabulary.case_act import By
from vocabulary.terms import Duty, Fulfilment, Medium, Stage

_REMEMBERED = timedelta(days=400)
_FOLLOWING = (Duty.FOLLOW_UP_REPORT, Duty.FINAL_REPORT)  # what goes on after the first report


def waive_doubles(sheet: Sheet, case_key: int, by: By) -> None:
    """Of two reports of a kind that a unit owes for one case, keep the one that is due first."""
    owed = debts_of_case.reports(sheet.connection, case_key, Fulfilment.OPEN)
    kept: set[tuple[str, str]] = set()
    for row in sorted(owed, key=lambda each: (each["due_at"], each["id"])):
        if Duty(row["duty"]) not in _FOLLOWING:
            continue
        if (row["owed_by"], row["duty"]) in kept:
            sheet.change(table, row["id"], **waived(by.at, by.person_id))
        kept.add((row["owed_by"], row["duty"]))


def pay(sheet: Sheet, desk: Desk, item: Mapping[str, Any], case_key: int) -> None:
    """Let an item that a person brought into its case meet what its unit owes there.

    By the moment it was received, not by that of the person's word.
    """
    owed = debts_of_case.reports(sheet.connection, case_key, Fulfilment.OPEN)
    for duty in paid_by(Stage(item["stage"]), Medium(item["medium"])):
        theirs = [
            dict(row)
            for row in owed
            if (row["owed_by"], row["duty"]) == (item["owing_unit_id"], duty.value)
            and row["counted_from"] <= item["counted_at"]
        ]
        if duty in _FOLLOWING and theirs:
            debt = min(theirs, key=lambda row: (row["due_at"], row["id"]))
            meet(sheet, desk, item, debt)


def answer(sheet: Sheet, desk: Desk, case_key: int, by: By) -> None:
    """Let what a unit told answer what it was asked about a case, once both stand in it.

    By the moment its first item counts from. Of two open questions to one unit the later is waived.
    """
    answers = asked.answers(sheet.connection, case_key)
    kept: set[str] = set()
    for row in asked.unanswered(sheet.connection, case_key):
        item = answers.get(row["owed_by"])
        if item is not None:
            meet(sheet, desk, item, dict(row))
        elif row["owed_by"] in kept:
            sheet.change(table, row["id"], **waived(by.at, by.person_id))
        kept.add(row["owed_by"])


def waived(at: datetime, by: str) -> dict[str, Any]:
    """Return the columns of a debt that is no longer owed, by a person's word or an item's."""
    return {
        "fulfilment": Fulfilment.WAIVED.value,
        "fulfilled_at": at,
        "fulfilled_by": by,
        "next_at": None,
    }


def meet(sheet: Sheet, desk: Desk, item: Mapping[str, Any], debt: dict[str, Any]) -> None:
    """Let an item that rests in the book meet a debt, both by their rows."""
    rule = desk.rulebook.obligations[Duty(debt["duty"])]
    window = Window(debt["counted_from"], debt["due_at"], ladder.cutoff(rule.ladder))
    outages = obligations.outages_since(sheet.connection, item["counted_at"] - _REMEMBERED)
    finding = timeliness.judge_received(window, item["counted_at"], outages)
    obligations.meet(sheet, debt, finding, item["counted_at"], str(item["uid"]))
