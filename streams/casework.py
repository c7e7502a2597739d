"""Which case an item belongs to, and whether that calls for a page. 归案。

Only an item that names its case joins in silence. One that surely belongs to an open case joins
it and pages; one that may belong to it opens its own, says so in the page and asks a person,
because a wrong guess must not swallow a new emergency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection

from ledger import cases, submissions
from ledger.schema import cases as table
from ledger.sheet import Sheet
from notifiers import wording
from rules.case import Case, Entry, fold
from streams.alerting import Cause, NewAlert
from streams.desk import Desk
from streams.entries import entry_of_row
from streams.joining import Found, Joining
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.facts import CaseOpened, ItemJoined
from vocabulary.identity import derived_uid
from vocabulary.submission import named_case
from vocabulary.terms import Closing, Severity, Stage, Verdict

_FRESH = (Stage.FIRST, Stage.FOLLOW_UP)  # the others are expected of a case that is dealt with
_UNTOUCHED = dict.fromkeys(("closed_at", "closing", "merged_into", "graded_by"))


@dataclass
class Casework:
    """The cases that a batch of items may touch."""

    connection: Connection
    desk: Desk
    named: dict[UUID, dict[str, Any]]
    entries: dict[int, list[Entry]]
    joining: Joining

    @classmethod
    def load(cls, connection: Connection, desk: Desk, arrivals: Sequence[Arrival]) -> Self:
        """Read the cases that these items name."""
        uids = [u for u in (named_case(a.submission) for a in arrivals) if u is not None]
        named = cases.held(connection, uids) if uids else {}
        return cls(connection, desk, named, {}, Joining(connection, desk))

    def find(self, arrival: Arrival, entry: Entry) -> Found:
        """Look for the case of an item that names none, or none of ours."""
        uid = named_case(arrival.submission) if arrival.is_proven else None
        named = self._case_of(uid) if uid is not None else None
        if named is not None:
            return Found(sure=named)
        found = self.joining.find(arrival, entry)
        if found.sure is None:
            return found
        return replace(found, sure=self._case_of(found.sure["uid"]))  # held, and where it is now

    def place(
        self,
        sheet: Sheet,
        arrival: Arrival,
        entry: Entry,
        found: Found,
        paid: UUID | None = None,
    ) -> tuple[Placed, NewAlert | None]:
        """Join a case or open one. Returns where the item is, and the alert this calls for.

        `paid` is the case whose report this item seems to be: joined, but not in silence.
        """
        named_uid = named_case(arrival.submission) if arrival.is_proven else None  # or a stranger's
        named = self._case_of(named_uid) if named_uid is not None else None
        is_guess = named is None
        if is_guess:
            uid = found.sure["uid"] if found.sure is not None else paid
            named = self._case_of(uid) if uid is not None else None
        if named is not None and named["is_drill"] == arrival.submission.is_drill:
            return self._join(sheet, arrival, entry, named, is_guess=is_guess)
        if entry.judgement.verdict is Verdict.ROUTINE:
            return Placed(), None
        return self._open(sheet, arrival, entry, found)

    def _case_of(self, uid: UUID) -> dict[str, Any] | None:
        """Return a case, held; one that was merged is the case where its items are now."""
        if uid not in self.named:
            self.named |= cases.held(self.connection, [uid])
        found = self.named.get(uid)
        while found is not None and found["merged_into"] is not None:
            found = cases.held_by_key(self.connection, found["merged_into"])
        return found

    def _join(
        self,
        sheet: Sheet,
        arrival: Arrival,
        entry: Entry,
        named: dict[str, Any],
        *,
        is_guess: bool,
    ) -> tuple[Placed, NewAlert | None]:
        key = named["id"]
        if key not in self.entries:
            rows = submissions.of_case(self.connection, key)
            self.entries[key] = [entry_of_row(self.desk, row) for row in rows]
        before = fold(self.entries[key]) if self.entries[key] else None
        self.entries[key].append(entry)
        case = fold(self.entries[key])
        is_over_grade = _exceeds(entry, case, before, named)
        columns = cases.columns(case)
        if named["graded_by"] is not None and not is_over_grade:
            del columns["severity_provisional"]
        elif named["graded_by"] is not None:
            columns["graded_by"] = None
        sheet.change(table, key, **columns)
        alike = dict(named) if is_guess else None
        named.update(columns)
        self.joining.note(key, entry)
        joined = ItemJoined(
            at=arrival.received_at,
            submission=arrival.uid,
            stage=arrival.submission.stage,
            unit=arrival.owing_unit_id,
        )
        cases.note(sheet, joined, key)
        placed = Placed(
            key,
            named["uid"],
            is_joined=True,
            told_by=frozenset(each.unit_id for each in self.entries[key] if each.is_proven),
            closed_at=named["closed_at"],
        )
        cause = _cause(entry, named, is_over_grade=is_over_grade, is_guess=is_guess)
        if cause is None:
            return placed, None
        return placed, self._alert(
            arrival, entry, case, cause=cause, key=key, before=before, alike=alike
        )

    def _open(
        self, sheet: Sheet, arrival: Arrival, entry: Entry, found: Found
    ) -> tuple[Placed, NewAlert | None]:
        case = fold([entry])
        uid = derived_uid(arrival.uid, "case")
        key = sheet.add(table, uid=uid, **cases.columns(case))
        opened = _UNTOUCHED | cases.columns(case) | {"id": key, "uid": uid}
        self.named[uid] = opened
        self.entries[key] = [entry]
        self.joining.note(key, entry, opened)
        told = CaseOpened(
            at=arrival.received_at,
            submission=arrival.uid,
            unit=arrival.owing_unit_id,
            verdict=case.verdict,
        )
        cases.note(sheet, told, key)
        is_attention = case.verdict is Verdict.ATTENTION
        cause = Cause.ATTENTION if is_attention else Cause.OPENED
        maybe = found.maybe["uid"] if found.maybe is not None else None
        told_by = frozenset({entry.unit_id} if entry.is_proven else ())
        placed = Placed(key, uid, told_by=told_by, maybe_uid=maybe)
        return placed, self._alert(arrival, entry, case, cause=cause, key=key, alike=found.maybe)

    def _alert(
        self,
        arrival: Arrival,
        entry: Entry,
        case: Case,
        *,
        cause: Cause,
        key: int,
        before: Case | None = None,
        alike: Mapping[str, Any] | None = None,
    ) -> NewAlert:
        title, summary = wording.page(
            wording.Page(
                cause=cause.value,
                is_drill=case.is_drill,
                severity=case.severity_provisional,
                subtype=case.subtype,
                unit=self.desk.directory.unit_name(arrival.owing_unit_id),
                place=case.place,
                excerpt=entry.title,
                received_at=arrival.received_at,
                casualties=case.casualties,
                why=entry.judgement.reasons[0].sentence if entry.judgement.reasons else None,
                maybe_of=alike["title"] if alike else None,
                before=before.severity_provisional if before else None,
                is_proven=arrival.is_proven,
            )
        )
        return NewAlert(
            parent=arrival.uid,
            cause=cause,
            unit_id=arrival.owing_unit_id,
            severity=case.severity_provisional,
            title=title,
            summary=summary,
            is_drill=case.is_drill,
            opened_at=arrival.received_at,
            case_key=key,
            is_repeat=arrival.is_called_already,
        )


def _exceeds(entry: Entry, case: Case, before: Case | None, row: Mapping[str, Any]) -> bool:
    """Say whether new facts make it graver: than before, and than a person has graded it.

    Who lowered a grade had the figures of then: more dead than those are new facts, whatever the
    machine had graded before.
    """
    if before is None or case.is_verdict_above(before):
        return True
    if row["graded_by"] is None or row["severity_provisional"] is None:
        return case.height > before.height
    found = entry.judgement.severity
    by_person = Severity(row["severity_provisional"])
    is_graver = found is not None and found.rank > by_person.rank
    return is_graver and (case.height > before.height or case.counts_more_than(before))


def _cause(
    entry: Entry, row: Mapping[str, Any], *, is_over_grade: bool, is_guess: bool
) -> Cause | None:
    """Why an item that joined pages, if it does; what was closed and burns again is told."""
    is_emergency = entry.judgement.verdict is Verdict.EMERGENCY
    if is_emergency and row["closing"] == Closing.FALSE_ALARM.value:
        return Cause.AFTER_FALSE_ALARM
    if is_over_grade:
        return Cause.RISEN
    if is_emergency and row["closed_at"] is not None and entry.stage in _FRESH:
        return Cause.AFTER_CLOSING
    if is_guess and is_emergency:
        return Cause.GUESSED
    if is_guess and entry.judgement.verdict is Verdict.ATTENTION:
        return Cause.ATTENTION
    return None
