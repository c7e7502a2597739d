"""Merge cases, split one, answer whether an item belongs to one. 并案、分案、归案答复。"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger import cases, joining, submissions
from ledger.effects import Effects
from ledger.schema import cases as cases_table
from ledger.schema import offers
from ledger.sheet import Sheet
from rules.case import Case
from streams import moving, settling
from streams.alerting import Cause
from streams.case_page import Paged, page_case, severity_of
from streams.desk import Desk
from streams.held_case import RefusedError, held_case, held_open_case
from streams.owing_again import ask_again
from streams.supplements import review
from vocabulary.case_act import Acted, AnswerOffer, By, CaseAnswer, Merge, Refusal, Split
from vocabulary.facts import CaseClosed, CaseMerged, CaseOpened, CaseSplit, OfferAnswered
from vocabulary.identity import derived_uid
from vocabulary.terms import Closing, Verdict


@dataclass(frozen=True)
class Regrouping:
    """The acts that move items between cases.

    Each raises `RefusedError` where it cannot be done, before anything was changed.
    """

    desk: Desk

    def merge(self, sheet: Sheet, act: Merge) -> CaseAnswer:
        """Move all of a case into another."""
        if act.case_uid == act.into_uid:
            raise RefusedError(Refusal.SAME)
        row = held_open_case(sheet.connection, self.desk, act.case_uid, act.by)
        target = held_open_case(sheet.connection, self.desk, act.into_uid, act.by)
        self._merge_rows(sheet, row, target, act.by)
        return Acted(target["uid"])

    def _merge_rows(
        self, sheet: Sheet, row: Mapping[str, Any], target: Mapping[str, Any], by: By
    ) -> None:
        if row["is_drill"] != target["is_drill"]:
            raise RefusedError(Refusal.DRILL)
        moving.move_all(sheet.connection, row["id"], target["id"])
        sheet.change(
            cases_table,
            row["id"],
            closed_at=by.at,
            closing=Closing.MERGED.value,
            merged_into=target["id"],
        )
        joining.answer_moot(sheet.connection, target["id"], by.person_id, by.at)
        settling.waive_doubles(sheet, target["id"], by)
        settling.answer(sheet, self.desk, target["id"], by)
        review(sheet, self.desk, target["id"], by)
        case = moving.refold(sheet, self.desk, target["id"])
        self._keep_graver_grade(sheet, row, target, case)
        who: dict[str, Any] = {"at": by.at, "by": by.person_id, "reason": by.reason}
        cases.note(sheet, CaseClosed(closing=Closing.MERGED, into=target["uid"], **who), row["id"])
        cases.note(sheet, CaseMerged(merged=row["uid"], **who), target["id"])

    def _keep_graver_grade(
        self, sheet: Sheet, row: Mapping[str, Any], target: Mapping[str, Any], case: Case | None
    ) -> None:
        """A person's grade goes along where it is graver than what the cases have together."""
        by_person = severity_of(row) if row["graded_by"] is not None else None
        own = severity_of(target) if target["graded_by"] is not None else None
        there = own or (case.severity_provisional if case is not None else None)
        if by_person is not None and (there is None or by_person.rank > there.rank):
            columns = {"severity_provisional": by_person.value, "graded_by": row["graded_by"]}
            sheet.change(cases_table, target["id"], **columns)

    def split(self, sheet: Sheet, act: Split) -> tuple[CaseAnswer, Effects]:
        """Move some of a case's items into a case of their own, which pages if nothing has."""
        row = held_open_case(sheet.connection, self.desk, act.case_uid, act.by)
        there = submissions.of_case(sheet.connection, row["id"])
        items = [item for item in there if item["uid"] in act.submission_uids]
        is_whole = len(items) == len(there)
        if not items or is_whole or len(items) != len(set(act.submission_uids)):
            raise RefusedError(Refusal.NOT_ITS_ITEMS)
        first = items[0]
        uid = derived_uid(first["uid"], "split", act.by.at.isoformat())
        key = sheet.add(cases_table, **_blank(uid, dict(first), row))
        sheet.flush()
        moving.move_some(sheet.connection, items, row["id"], key)
        opened = moving.refold(sheet, self.desk, key)
        moving.refold(sheet, self.desk, row["id"])
        gone = [item["uid"] for item in items]
        step_at = ask_again(sheet, self.desk, row["id"], gone, act.by)
        for each in (row["id"], key):
            review(sheet, self.desk, each, act.by)
        assert opened is not None
        cases.note(
            sheet,
            CaseOpened(
                at=act.by.at, submission=first["uid"], unit=opened.unit_id, verdict=opened.verdict
            ),
            key,
        )
        told = CaseSplit(
            at=act.by.at,
            opened=uid,
            submissions=tuple(item["uid"] for item in items),
            by=act.by.person_id,
            reason=act.by.reason,
        )
        cases.note(sheet, told, row["id"])
        effects = self._called_for(sheet, key, opened.verdict, act.by)
        steps = [at for at in (step_at, effects.next_step_at) if at is not None]
        return Acted(uid), replace(effects, next_step_at=min(steps, default=None))

    def _called_for(self, sheet: Sheet, key: int, verdict: Verdict, by: By) -> Effects:
        if verdict is not Verdict.EMERGENCY or cases.has_alert(sheet.connection, key):
            return Effects()
        sheet.flush()
        row = cases.held_by_key(sheet.connection, key)
        why = f"{self.desk.directory.name(by.person_id)}分案：{by.reason}"
        return page_case(sheet, self.desk, row, Paged(row["uid"], Cause.SPLIT, by.at, why))

    def answer_offer(self, sheet: Sheet, act: AnswerOffer) -> tuple[CaseAnswer, Effects]:
        """Join an offered item, or leave it where it is; the answer stands."""
        found = joining.offer(sheet.connection, act.offer_uid)
        if found is None:
            raise RefusedError(Refusal.NOT_FOUND)
        if found["answered_at"] is not None:
            raise RefusedError(Refusal.ANSWERED)
        target = held_case(sheet.connection, self.desk, found["case_uid"], act.by)
        told = OfferAnswered(
            at=act.by.at,
            submission=found["submission_uid"],
            is_confirmed=act.is_confirmed,
            by=act.by.person_id,
            reason=act.by.reason,
        )
        cases.note(sheet, told, target["id"])
        sheet.change(
            offers,
            found["id"],
            answered_at=act.by.at,
            answered_by=act.by.person_id,
            is_confirmed=act.is_confirmed,
        )
        step_at = None
        if not act.is_confirmed:
            gone = [found["submission_uid"]]
            step_at = ask_again(sheet, self.desk, target["id"], gone, act.by)
        elif found["its_case_id"] != target["id"]:
            step_at = self._take_over(sheet, dict(found), target, act.by)
        return Acted(target["uid"]), Effects(next_step_at=step_at)

    def _take_over(
        self, sheet: Sheet, found: Mapping[str, Any], target: Mapping[str, Any], by: By
    ) -> datetime | None:
        """Move the offered item; a case that held only it is merged, and says where it went.

        Returns the first step of what is asked again in the case that it leaves.
        """
        if target["closed_at"] is not None:
            raise RefusedError(Refusal.CLOSED)
        items = submissions.by_keys(sheet.connection, [found["submission_id"]])
        source = found["its_case_id"]
        step_at = None
        if source is None:
            moving.move_some(sheet.connection, items, -1, target["id"])
        elif len(submissions.of_case(sheet.connection, source)) == 1:
            row = cases.held_by_key(sheet.connection, source)
            if row["closed_at"] is not None:
                raise RefusedError(Refusal.CLOSED)
            self._merge_rows(sheet, row, target, by)
            settling.pay(sheet, self.desk, dict(items[0]), target["id"])
            return None
        else:
            moving.move_some(sheet.connection, items, source, target["id"])
            moving.refold(sheet, self.desk, source)
            step_at = ask_again(sheet, self.desk, source, [found["submission_uid"]], by)
            review(sheet, self.desk, source, by)
        settling.answer(sheet, self.desk, target["id"], by)
        review(sheet, self.desk, target["id"], by)
        moving.refold(sheet, self.desk, target["id"])
        settling.pay(sheet, self.desk, dict(items[0]), target["id"])
        return step_at


def _blank(uid: UUID, first: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """A case before its items are folded into it."""
    return {
        "uid": uid,
        "unit_id": first["owing_unit_id"],
        "title": row["title"],
        "verdict": first["verdict"],
        "opened_at": first["received_at"],
        "updated_at": first["received_at"],
        "is_drill": row["is_drill"],
    }
