"""Which case an item belongs to, and whether that calls for a page. 归案。

Only an item that names its case joins in silence. One that may belong to an open case opens
its own and says so in the page, because a wrong guess must not swallow a new emergency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from ledger import cases, submissions
from ledger.schema import cases as table
from ledger.sheet import Sheet
from notifiers import wording
from rules.case import Case, Entry, fold
from streams.alerting import Cause, NewAlert
from streams.desk import Desk
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.facts import CaseOpened, ItemJoined
from vocabulary.identity import derived_uid
from vocabulary.judgement import JUDGEMENT, Judgement
from vocabulary.submission import Submission, named_case
from vocabulary.terms import Stage, Verdict

_ALIKE_WITHIN = timedelta(hours=24)


@dataclass
class Casework:
    """The cases that a batch of items may touch."""

    connection: Connection
    desk: Desk
    named: dict[UUID, dict[str, Any]]
    entries: dict[int, list[Entry]]
    opened: dict[tuple[str, bool], dict[str, Any]]  # here, by code and drill: not yet in the book

    @classmethod
    def load(cls, connection: Connection, desk: Desk, arrivals: Sequence[Arrival]) -> Self:
        """Read the cases that these items name."""
        uids = [u for u in (named_case(a.submission) for a in arrivals) if u is not None]
        named = cases.held(connection, uids) if uids else {}
        return cls(connection, desk, named, {}, {})

    def place(
        self, sheet: Sheet, arrival: Arrival, judgement: Judgement, paid: UUID | None = None
    ) -> tuple[Placed, NewAlert | None]:
        """Join a case or open one. Returns where the item is, and the alert this calls for.

        `paid` is the case whose report this item seems to be: joined, but not in silence.
        """
        entry = _entry_of(arrival, judgement)
        named_uid = named_case(arrival.submission) if arrival.is_proven else None  # or a stranger's
        uid = named_uid or paid
        if uid is not None and uid not in self.named:
            self.named |= cases.held(self.connection, [uid])
        named = self.named.get(uid) if uid is not None else None
        if named is not None and named["is_drill"] == arrival.submission.is_drill:
            return self._join(sheet, arrival, entry, named, is_guess=named_uid is None)
        if judgement.verdict is Verdict.ROUTINE:
            return Placed(), None
        return self._open(sheet, arrival, entry)

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
            self.entries[key] = [_entry_of_row(row) for row in rows]
        before = fold(self.entries[key]) if self.entries[key] else None
        self.entries[key].append(entry)
        case = fold(self.entries[key])
        sheet.change(table, key, **cases.columns(case))
        joined = ItemJoined(
            at=arrival.received_at,
            submission=arrival.uid,
            stage=arrival.submission.stage,
            unit=arrival.owing_unit_id,
        )
        cases.note(sheet, joined, key)
        placed = Placed(key, named["uid"])
        if before is None or case.height > before.height:
            cause = Cause.RISEN
        elif is_guess and entry.judgement.verdict is Verdict.EMERGENCY:
            cause = Cause.GUESSED
        elif is_guess and entry.judgement.verdict is Verdict.ATTENTION:
            cause = Cause.ATTENTION
        else:
            return placed, None
        alike = named if is_guess else None
        return placed, self._alert(
            arrival, entry, case, cause=cause, key=key, before=before, alike=alike
        )

    def _open(self, sheet: Sheet, arrival: Arrival, entry: Entry) -> tuple[Placed, NewAlert | None]:
        case = fold([entry])
        uid = derived_uid(arrival.uid, "case")
        alike = self._alike(case)
        key = sheet.add(table, uid=uid, **cases.columns(case))
        opened = {"id": key, "uid": uid, "is_drill": case.is_drill, "title": case.title}
        self.named[uid] = opened
        if case.code is not None and case.verdict is Verdict.EMERGENCY:
            self.opened[case.code, case.is_drill] = opened
        self.entries[key] = [entry]
        told = CaseOpened(
            at=arrival.received_at,
            submission=arrival.uid,
            unit=arrival.owing_unit_id,
            verdict=case.verdict,
        )
        cases.note(sheet, told, key)
        is_attention = case.verdict is Verdict.ATTENTION
        cause = Cause.ATTENTION if is_attention else Cause.OPENED
        return Placed(key, uid), self._alert(
            arrival, entry, case, cause=cause, key=key, alike=alike
        )

    def _alike(self, case: Case) -> Mapping[str, Any] | None:
        if case.verdict is not Verdict.EMERGENCY or case.code is None:
            return None
        here = self.opened.get((case.code, case.is_drill))
        if here is not None:
            return here
        since = case.opened_at - _ALIKE_WITHIN
        found = cases.alike(self.connection, case.code, since, is_drill=case.is_drill)
        return dict(found) if found else None

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


def _entry_of(arrival: Arrival, judgement: Judgement) -> Entry:
    made = arrival.submission
    return Entry(
        uid=arrival.uid,
        received_at=arrival.received_at,
        unit_id=arrival.owing_unit_id,
        title=_headline(made),
        stage=made.stage,
        judgement=judgement,
        place=made.place,
        occurred_at=made.occurred_at,
        is_drill=made.is_drill,
    )


def _entry_of_row(row: RowMapping) -> Entry:
    made = Submission.model_validate_json(row["content"])
    return Entry(
        uid=row["uid"],
        received_at=row["received_at"],
        unit_id=row["owing_unit_id"],
        title=_headline(made),
        stage=Stage(row["stage"]),
        judgement=JUDGEMENT.validate_json(row["judgement"]),
        place=made.place,
        occurred_at=made.occurred_at,
        is_drill=row["is_drill"],
    )


def _headline(made: Submission) -> str:
    return made.title or made.body[:40]
