"""A unit rebuts, a supervisor finds or waives: written beside the log, never into it. 台账答复。"""

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger import answers
from ledger.effects import Effects
from ledger.sheet import Sheet
from ledger.writer import Done
from vocabulary.lapse import LogAnswer


def answer(connection: Connection, said: Sequence[LogAnswer]) -> list[Done]:
    """Write answers. Each `Done` holds the answer as it stands, or None: no such row for them.

    What the unit owes is not touched: a waiver takes away the blame and not the report.
    """
    done = []
    for each in said:
        sheet = Sheet(connection)
        made = answers.add(sheet, each)
        sheet.flush()
        done.append(Done(made, Effects(is_board_changed=False)))
    return done
