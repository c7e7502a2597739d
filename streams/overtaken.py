"""A debt whose report was judged before what opened it. 后报先到。"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from ledger.overtaking import overtaking
from rules import ladder, timeliness
from rules.obligations import Obligation
from rules.timeliness import Outage, Window
from streams.desk import Desk
from vocabulary.arrival import Arrival
from vocabulary.judgement import Judgement
from vocabulary.terms import Duty, Fulfilment


def overtaken_by(
    connection: Connection, arrival: Arrival, judgement: Judgement, owed: Obligation
) -> RowMapping | None:
    """Return the written report that met this debt of a call before the call was judged."""
    is_open_writing = owed.duty is Duty.WRITTEN_FIRST_REPORT and owed.fulfilment is Fulfilment.OPEN
    if not is_open_writing or judgement.code is None:
        return None
    return overtaking(
        connection,
        arrival.owing_unit_id,
        judgement.code,
        arrival.received_at,
        is_drill=arrival.submission.is_drill,
    )


def met_already(
    desk: Desk, owed: Obligation, counted_at: datetime, outages: Iterable[Outage]
) -> Obligation:
    """Return the debt as that report has met it."""
    rule = desk.rulebook.obligations[owed.duty]
    window = Window(owed.counted_from, owed.due_at, ladder.cutoff(rule.ladder))
    finding = timeliness.judge_received(window, counted_at, outages)
    return replace(
        owed,
        fulfilment=Fulfilment.MET,
        timeliness=finding.timeliness,
        fulfilled_at=counted_at,
        overrun=finding.overrun,
        next_at=None,
    )
