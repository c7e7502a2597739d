"""What a person does to a case: grade, merge, split, close, reopen, answer an offer. 人工处置。

Each act is one transaction with its reason on the record. Only a person lowers; a grade that rises
pages. A false alarm ends the ladders and waives what is owed: who reported in good faith is never
late for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger import cases
from ledger import obligations as owed_by_units
from ledger.effects import Effects, Sending
from ledger.schema import cases as cases_table
from ledger.schema import obligations
from ledger.sheet import Sheet
from ledger.writer import Done
from notifiers import wording
from rules import ladder
from streams.acknowledge import Acknowledging
from streams.alerting import Cause, NewAlert, open_alert
from streams.desk import Desk
from streams.held_case import RefusedError, held_case, held_open_case
from streams.regrouping import Regrouping
from vocabulary.case_act import (
    Acted,
    AnswerOffer,
    By,
    CaseAct,
    CaseAnswer,
    Close,
    Merge,
    Refusal,
    Regrade,
    Reopen,
    Split,
)
from vocabulary.facts import (
    CaseClosed,
    CaseRegraded,
    CaseReopened,
)
from vocabulary.hand import Hand
from vocabulary.identity import derived_uid
from vocabulary.judgement import Casualties
from vocabulary.terms import Closing, Duty, Fulfilment, Severity


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
            answer, sendings = self._act(sheet, act)
        except RefusedError as error:
            return Done(error.refusal)
        sheet.flush()
        return Done(answer, Effects(sendings=tuple(sendings), is_board_changed=True))

    def _act(self, sheet: Sheet, act: CaseAct) -> tuple[CaseAnswer, list[Sending]]:
        match act:
            case Regrade():
                return self._regrade(sheet, act)
            case Merge():
                return Regrouping(self.desk).merge(sheet, act), []
            case Split():
                return Regrouping(self.desk).split(sheet, act), []
            case Close():
                return self._close(sheet, act)
            case Reopen():
                return self._reopen(sheet, act), []
            case AnswerOffer():
                return Regrouping(self.desk).answer_offer(sheet, act), []

    def _regrade(self, sheet: Sheet, act: Regrade) -> tuple[CaseAnswer, list[Sending]]:
        row = held_open_case(sheet.connection, self.desk, act.case_uid, act.by)
        before = _severity(row)
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
        sendings = self._page(sheet, row, act, before) if is_rise else []
        return Acted(row["uid"]), sendings

    def _page(
        self, sheet: Sheet, row: Mapping[str, Any], act: Regrade, before: Severity | None
    ) -> list[Sending]:
        title, summary = wording.page(
            wording.Page(
                cause=Cause.REGRADED.value,
                is_drill=row["is_drill"],
                severity=act.severity,
                subtype=row["subtype"],
                unit=self.desk.directory.unit_name(row["unit_id"]),
                place=row["place"],
                excerpt=row["title"],
                received_at=row["opened_at"],
                casualties=Casualties(row["deaths"], row["injured"], row["missing"]),
                before=before,
                why=f"{self.desk.directory.name(act.by.person_id)}人工定级：{act.by.reason}",
            )
        )
        new = NewAlert(
            parent=derived_uid(row["uid"], "regraded", act.by.at.isoformat()),
            cause=Cause.REGRADED,
            unit_id=row["unit_id"],
            severity=act.severity,
            title=title,
            summary=summary,
            is_drill=row["is_drill"],
            opened_at=act.by.at,
            case_key=row["id"],
        )
        sendings, _ = open_alert(sheet, self.desk, new)
        return sendings

    def _close(self, sheet: Sheet, act: Close) -> tuple[CaseAnswer, list[Sending]]:
        row = held_open_case(sheet.connection, self.desk, act.case_uid, act.by)
        waiting = cases.open_alerts(sheet.connection, row["id"])
        if waiting and not act.is_false_alarm:
            raise RefusedError(Refusal.NOT_IN_HAND)
        hands = [Hand(uid, act.by.person_id, act.by.at) for uid in waiting]
        done = Acknowledging(self.desk).acknowledge(sheet.connection, hands)
        if act.is_false_alarm:
            for owed in owed_by_units.reports_of_case(sheet.connection, row["id"], Fulfilment.OPEN):
                self._waive(sheet, dict(owed), act.by)
        closing = Closing.FALSE_ALARM if act.is_false_alarm else Closing.CLOSED
        sheet.change(cases_table, row["id"], closed_at=act.by.at, closing=closing.value)
        told = CaseClosed(at=act.by.at, closing=closing, by=act.by.person_id, reason=act.by.reason)
        cases.note(sheet, told, row["id"])
        return Acted(row["uid"]), [
            s for each in done if each.effects for s in each.effects.sendings
        ]

    def _waive(self, sheet: Sheet, owed: Mapping[str, Any], by: By) -> None:
        sheet.change(
            obligations,
            owed["id"],
            fulfilment=Fulfilment.WAIVED.value,
            fulfilled_at=by.at,
            fulfilled_by=by.person_id,
            next_at=None,
        )

    def _reopen(self, sheet: Sheet, act: Reopen) -> CaseAnswer:
        row = held_case(sheet.connection, self.desk, act.case_uid, act.by)
        if row["merged_into"] is not None:
            raise RefusedError(Refusal.MERGED)
        if row["closed_at"] is None:
            raise RefusedError(Refusal.NOT_CLOSED)
        for owed in owed_by_units.reports_of_case(sheet.connection, row["id"], Fulfilment.WAIVED):
            if owed["fulfilled_at"] == row["closed_at"]:
                self._owe_again(sheet, dict(owed), act.by)
        sheet.change(cases_table, row["id"], closed_at=None, closing=None)
        told = CaseReopened(at=act.by.at, by=act.by.person_id, reason=act.by.reason)
        cases.note(sheet, told, row["id"])
        return Acted(row["uid"])

    def _owe_again(self, sheet: Sheet, owed: Mapping[str, Any], by: By) -> None:
        rule = self.desk.rulebook.obligations[Duty(owed["duty"])]
        start = ladder.start(rule.ladder, owed["due_at"], by.at)
        place = ladder.place_at(rule.ladder, owed["due_at"], max(start.step, owed["step"]))
        sheet.change(
            obligations,
            owed["id"],
            fulfilment=Fulfilment.OPEN.value,
            fulfilled_at=None,
            fulfilled_by=None,
            step=place.step,
            next_at=place.next_at,
        )
        sheet.wake("clock", by.at)


def _severity(row: Mapping[str, Any]) -> Severity | None:
    told = row["severity_provisional"]
    return None if told is None else Severity(told)
