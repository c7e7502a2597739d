"""What a person does to a case: grade, merge, split, close, reopen, answer, waive. 人工处置。

Each act is one transaction with its reason on the record. Only a person lowers; a grade that rises
pages. A false alarm ends the ladders and waives what is owed: who reported in good faith is never
late for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from ledger import cases
from ledger.effects import Effects
from ledger.schema import cases as cases_table
from ledger.sheet import Sheet
from ledger.writer import Done
from streams.alerting import Cause
from streams.case_page import Paged, page_case, severity_of
from streams.concluding import Concluding
from streams.desk import Desk
from streams.held_case import RefusedError, held_open_case
from streams.regrouping import Regrouping
from streams.upward import open_upward_again
from streams.waiving import waive
from vocabulary.case_act import (
    Acted,
    AnswerOffer,
    CaseAct,
    CaseAnswer,
    Close,
    Merge,
    Regrade,
    Reopen,
    Split,
    Waive,
)
from vocabulary.facts import (
    CaseRegraded,
)
from vocabulary.identity import derived_uid
from vocabulary.terms import Severity


@dataclass(frozen=True)
class CaseActs:
    """The acts of persons on cases, for the writer to do. `Done` holds a `CaseAnswer`."""

    desk: Desk

    def do(self, connection: Connection, acts: Sequence[CaseAct]) -> list[Done]:
        """Do acts in turn; one that is refused changes nothing."""
        return [self._do(connection, act) for act in acts]

    def _do(self, connection: Connection, act: CaseAct) -> Done:
        sheet = Sheet(connection)
        try:
            answer, effects = self._act(sheet, act)
        except RefusedError as error:
            return Done(error.refusal)
        sheet.flush()
        return Done(answer, replace(effects, is_board_changed=True))

    def _act(self, sheet: Sheet, act: CaseAct) -> tuple[CaseAnswer, Effects]:
        match act:
            case Regrade():
                return self._regrade(sheet, act)
            case Merge():
                return Regrouping(self.desk).merge(sheet, act), Effects()
            case Split():
                return Regrouping(self.desk).split(sheet, act)
            case Close():
                return Concluding(self.desk).close(sheet, act)
            case Reopen():
                return Concluding(self.desk).reopen(sheet, act)
            case AnswerOffer():
                return Regrouping(self.desk).answer_offer(sheet, act)
            case Waive():
                return waive(sheet, self.desk, act), Effects()

    def _regrade(self, sheet: Sheet, act: Regrade) -> tuple[CaseAnswer, Effects]:
        row = held_open_case(sheet.connection, self.desk, act.case_uid, act.by)
        before = severity_of(row)
        columns = {"severity_provisional": act.severity.value, "graded_by": act.by.person_id}
        sheet.change(cases_table, row["id"], **columns)
        told = CaseRegraded(
            at=act.by.at,
            before=before,
            after=act.severity,
            by=act.by.person_id,
            reason=act.by.reason,
        )
        cases.note(sheet, told, row["id"])
        is_rise = act.severity.rank > (before or Severity.ORDINARY).rank
        if not is_rise:
            return Acted(row["uid"]), Effects()
        effects = self._page(sheet, row, act, before)
        steps = open_upward_again(sheet, self.desk, row, act.severity, act.by)
        first = min(
            [*steps, *([effects.next_step_at] if effects.next_step_at else [])], default=None
        )
        return Acted(row["uid"]), replace(effects, next_step_at=first)

    def _page(
        self, sheet: Sheet, row: Mapping[str, Any], act: Regrade, before: Severity | None
    ) -> Effects:
        who = self.desk.directory.name(act.by.person_id)
        paged = Paged(
            parent=derived_uid(row["uid"], "regraded", act.by.at.isoformat()),
            cause=Cause.REGRADED,
            at=act.by.at,
            why=f"{who}人工定级：{act.by.reason}",
            before=before,
        )
        return page_case(
            sheet, self.desk, dict(row) | {"severity_provisional": act.severity}, paged
        )
