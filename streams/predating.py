"""A copy that was received earlier than the one that was judged. 以最早收到为准。

Where the log or the book was away, copies of one item go by several ways, and a later one may be
judged first. The earliest `received_at` counts: what the item met is judged again by it, and the
late log is corrected by another entry. What it opened stays as it was answered.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from ledger import met, obligations, submissions
from ledger.schema import obligations as obligations_table
from ledger.schema import submissions as submissions_table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.arrived import Arrived
from rules.timeliness import Window
from streams.desk import Desk
from vocabulary.arrival import Arrival
from vocabulary.identity import derived_uid
from vocabulary.terms import Duty

_REMEMBERED = timedelta(days=400)  # as far back as our outages are asked for


def count_from_the_earliest(connection: Connection, desk: Desk, copies: Iterable[Arrival]) -> None:
    """Let each item count from its earliest copy. Those of `copies` that came later change nothing.

    For items that rest in the book, with the same body; in the transaction that took the copies.
    """
    sheet = Sheet(connection)
    for copy in sorted(copies, key=lambda each: each.received_at, reverse=True):
        kept = submissions.one(connection, copy.uid)
        if kept is not None and copy.received_at < kept["received_at"]:
            _predate(sheet, desk, copy, kept)
            sheet.flush()


def _predate(sheet: Sheet, desk: Desk, copy: Arrival, kept: dict[str, Any]) -> None:
    counted_at = min(Arrived.of(copy, None).counted_at, kept["counted_at"])
    sheet.change(submissions_table, kept["id"], received_at=copy.received_at, counted_at=counted_at)
    own = [derived_uid(copy.uid, duty.value) for duty in Duty]
    for owed in met.met_by(sheet.connection, kept, own, since=counted_at):
        rule = desk.rulebook.obligations[Duty(owed["duty"])]
        window = Window(owed["counted_from"], owed["due_at"], ladder.cutoff(rule.ladder))
        outages = obligations.outages_since(sheet.connection, counted_at - _REMEMBERED)
        finding = timeliness.judge_received(window, counted_at, outages)
        sheet.change(
            obligations_table,
            owed["id"],
            fulfilled_at=counted_at,
            timeliness=finding.timeliness.value,
        )
        if not owed["is_drill"] and met.is_on_log(sheet.connection, owed["id"]):
            note = "同一件另有更早收到的一份，以最早收到为准"
            obligations.log(
                sheet, owed["id"], finding, at=counted_at, received_at=counted_at, note=note
            )
