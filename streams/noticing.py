"""The notices of one instant, gathered before they are written. 通知归并。

Many units missing at one instant make one text at the desk and one to each unit, not a storm.
How often each unit was late or silent this quarter is asked once for all of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ledger import cases, punctuality
from ledger.effects import Sending
from ledger.sheet import Sheet
from rules.lapses import LapseCount
from rules.periods import quarter_of
from rules.rulebook import Step
from streams import paging
from streams.desk import Desk
from streams.step_texts import StepTexts, is_question
from vocabulary.facts import ReportNoticed
from vocabulary.identity import derived_uid
from vocabulary.message import Message
from vocabulary.terms import Role, StepKind, Timeliness

_UNITS_POSTS = (Role.CLERK, Role.UNIT_HEAD)
_SILENT = (Timeliness.OVERDUE.value, Timeliness.MISSING.value)
_Owed = list[dict[str, Any]]
_Step = tuple[StepKind, bool, bool]  # which step; of a drill; of a question


@dataclass
class Notices:
    """What the steps of one instant say to units and desks."""

    sheet: Sheet
    desk: Desk
    now: datetime
    _to_units: dict[tuple[_Step, tuple[Role, ...], tuple[Role, ...], str], _Owed] = field(
        default_factory=lambda: defaultdict(list)
    )
    _to_desks: dict[tuple[StepKind, bool, tuple[Role, ...], str], _Owed] = field(
        default_factory=lambda: defaultdict(list)  # each desk has its own text
    )

    def gather(
        self, step: Step, row: dict[str, Any], due_at: datetime, *, is_counted: bool = True
    ) -> None:
        """Keep what a step says until all are known.

        Args:
            step: the step that has come.
            row: the obligation.
            due_at: when it was due, moved by our own outages.
            is_counted: whether what is over by now is said; not where we did not listen.
        """
        over = max(self.now - due_at, timedelta(0)) if is_counted else timedelta(0)
        owed = row | {"planned_at": due_at + step.after, "due_at": due_at, "over": over}
        theirs = tuple(role for role in step.to if role in _UNITS_POSTS)
        desks = tuple(role for role in step.to if role not in _UNITS_POSTS)
        if theirs:
            which = (step.kind, row["is_drill"], is_question(row))
            self._to_units[which, theirs, desks, row["owed_by"]].append(owed)
        if desks:
            room = self.desk.room_of(row["owed_by"])
            self._to_desks[step.kind, row["is_drill"], desks, room].append(owed)
        told = ReportNoticed(
            at=self.now,
            obligation=row["uid"],
            unit=row["owed_by"],
            duty=row["duty"],
            step=step.kind,
            due_at=row["due_at"],
        )
        cases.note(self.sheet, told, row["case_id"])

    def write(self) -> list[Sending]:
        """Write all of it, units first. Returns what must be sent after the commit."""
        if not self._to_units and not self._to_desks:
            return []
        texts, sendings = StepTexts(self.desk, self.now, self._others()), []
        for ((kind, *_), theirs, desks, unit_id), owed in self._to_units.items():
            people = self._told_as_unit(theirs, desks, unit_id)
            sendings += self._send(owed, people, kind, texts.to_unit(kind, owed))
        for (kind, _, posts, room), owed in self._to_desks.items():
            people = self.desk.directory.recipients(posts, room, self.now)
            sendings += self._send(owed, people, kind, texts.to_desk(kind, owed))
        return sendings

    def _others(self) -> dict[str, LapseCount]:
        """How often each unit lapsed this quarter, beside what these texts speak of."""
        since = quarter_of(self.now).starts
        gathered = (*self._to_units.values(), *self._to_desks.values())
        told = {row["id"]: row for owed in gathered for row in owed if not row["is_drill"]}
        own: dict[str, int] = defaultdict(int)
        for row in told.values():
            own[row["owed_by"]] += row["timeliness"] in _SILENT and row["due_at"] >= since
        counts = punctuality.lapses_of_units(self.sheet.connection, own.keys(), since)
        return {unit: count.without(own[unit]) for unit, count in counts.items()}

    def _told_as_unit(
        self, theirs: tuple[Role, ...], desks: tuple[Role, ...], unit_id: str
    ) -> tuple[str, ...]:
        """The unit's people, without those whom the desk's own text reaches."""
        at_the_desk = self.desk.directory.recipients(desks, self.desk.room_of(unit_id), self.now)
        people = self.desk.directory.recipients(theirs, unit_id, self.now)
        return tuple(person for person in people if person not in at_the_desk)

    def _send(
        self, owed: Sequence[dict[str, Any]], people: tuple[str, ...], kind: StepKind, text: Message
    ) -> list[Sending]:
        first = owed[0]
        about = paging.About(
            derived_uid(first["uid"], self.now.isoformat()),
            kind.value,
            paging.NOTICE,
            self.now,
            obligation_key=first["id"],
            case_key=first["case_id"],
            mentions=tuple(row["id"] for row in owed[1:]),
        )
        return paging.write(self.sheet, self.desk, about, people, lambda _: text)
