"""Which debts an item pays, and which it makes. 履行。

A report meets the obligation of its own case when it names one; else the unit's open one for
the same kind of incident, oldest first. What met what is written down, so that the unit and
the supervisor see the same match.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger import obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.obligations import Arrived, Obligation, next_follow_up, of_first_report, paid_by
from rules.timeliness import Outage, Window
from streams.desk import Desk
from streams.joining import Found
from streams.overtaken import met_already, overtaken_by
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.submission import named_case
from vocabulary.terms import Clock, Duty, Fulfilment, Severity, Stage, Verdict

_REMEMBERED = timedelta(days=400)
_MOST = 50  # open obligations of one kind that are looked at for a match


@dataclass(frozen=True, slots=True)
class _Lazily:
    """Outages that are read only if someone asks: what is on time asks for none."""

    read: Callable[[], tuple[Outage, ...]]

    def __iter__(self) -> Iterator[Outage]:
        return iter(self.read())


@dataclass
class Debts:
    """What units owe, as a batch of items pays and makes it."""

    connection: Connection
    desk: Desk
    now: datetime
    unit_ids: frozenset[str]  # of the batch: whose debts may be asked for
    _owing: dict[Duty, frozenset[str] | None] = field(default_factory=dict)
    _made: list[dict[str, Any]] = field(default_factory=list)  # on this sheet, not yet in the book
    _paid: set[int] = field(default_factory=set)

    @cached_property
    def outages(self) -> tuple[Outage, ...]:
        """Our own outages, read only when something was not on time or is counted late."""
        return obligations.outages_since(self.connection, self.now - _REMEMBERED)

    def settle(
        self,
        sheet: Sheet,
        arrival: Arrival,
        judgement: Judgement,
        placed: Placed,
        met: Sequence[dict[str, Any]],
    ) -> None:
        """Close what this item meets and open what it owes; both go on its receipt.

        What may be a stranger's pays for nobody, and starts no clock against anybody.
        """
        if not arrival.is_proven:
            return
        for owed in met:
            placed.owed.append(self._meet(sheet, arrival, owed))
            if _goes_on(arrival, owed):
                self._open_next(sheet, arrival, judgement, placed, owed)
        is_first = arrival.submission.stage is Stage.FIRST and placed.case_key is not None
        if is_first and not met and judgement.verdict is Verdict.EMERGENCY:
            self._open(sheet, arrival, judgement, placed)

    def met_by(self, arrival: Arrival, judgement: Judgement, found: Found) -> list[dict[str, Any]]:
        """Return the open obligations of one case that this item meets, one of a kind at most.

        Where it names no case, those of the case it was surely found to belong to; else of the
        same kind of incident, but of none that it was found not to be about.
        """
        made = arrival.submission
        if not arrival.is_proven:
            return []
        is_spoken_for = made.on_behalf_of is not None  # the desk logged what a unit told it
        if is_spoken_for and made.stage is Stage.FIRST:
            return []
        if made.stage in (Stage.NIL, Stage.PERIODIC):
            return self._periodic(arrival)
        case_uid = found.sure["uid"] if found.sure is not None else named_case(made)
        met: list[dict[str, Any]] = []
        for duty in paid_by(made.stage, made.medium):
            owed = self._owed_of(arrival, duty, judgement, found, case_uid)
            if owed is not None:
                met.append(owed)
                case_uid = owed["case_uid"]
        return met

    def _owed_of(
        self,
        arrival: Arrival,
        duty: Duty,
        judgement: Judgement,
        found: Found,
        case_uid: UUID | None,
    ) -> dict[str, Any] | None:
        owed = []
        if case_uid is not None:
            owed = self._open_of(arrival, duty, case_uid=case_uid)
        if not owed and judgement.code is not None:  # what it owed there may have been split off
            owed = self._open_of(arrival, duty, code=judgement.code)
        begun_by = Arrived.of(arrival, None).counted_at
        return next(
            (
                each
                for each in owed
                if each["case_uid"] not in found.apart
                and (duty is Duty.WRITTEN_FIRST_REPORT or each["counted_from"] <= begun_by)
            ),
            None,
        )

    def _periodic(self, arrival: Arrival) -> list[dict[str, Any]]:
        """The day's own kind first: 有事报情况，无事报平安, so either may answer for the other."""
        duties = [Duty.NIL_REPORT, Duty.PERIODIC_REPORT]
        if arrival.submission.stage is Stage.PERIODIC:
            duties.reverse()
        most = 1 + len(self._paid)
        for duty in duties:
            newest = obligations.newest_begun(
                self.connection, arrival.owing_unit_id, duty, arrival.received_at, most=most
            )
            for owed in newest:
                if owed["id"] not in self._paid:
                    return [owed]
        return []

    def _open_of(
        self,
        arrival: Arrival,
        duty: Duty,
        *,
        case_uid: UUID | None = None,
        code: str | None = None,
    ) -> list[dict[str, Any]]:
        unit_id, is_drill = arrival.owing_unit_id, arrival.submission.is_drill
        code = None if case_uid is not None else code
        there = (
            obligations.open_of(
                self.connection,
                unit_id,
                duty,
                is_drill=is_drill,
                case_uid=case_uid,
                code=code,
                most=_MOST + len(self._paid),
            )
            if self._may_owe(unit_id, duty)
            else []
        )
        here = [
            owed
            for owed in self._made
            if (owed["owed_by"], owed["duty"]) == (unit_id, duty.value)
            and case_uid in (None, owed["case_uid"])
            and code in (None, owed["case_code"])
        ]
        return [
            owed
            for owed in (*there, *here)
            if owed["id"] not in self._paid
            and owed["fulfilment"] == Fulfilment.OPEN.value
            and owed["is_drill"] == is_drill
        ]

    def _may_owe(self, unit_id: str, duty: Duty) -> bool:
        """Say whether it is worth asking. A lone item asks for itself; a batch asks once for all.

        Nothing that an item could meet is opened beside us after that: cases and incidents of the
        batch are held.
        """
        if duty not in self._owing:
            self._owing[duty] = None
            return True
        found = self._owing[duty]
        if found is None:
            found = self._owing[duty] = obligations.owing(self.connection, self.unit_ids, duty)
        return unit_id in found

    def _meet(self, sheet: Sheet, arrival: Arrival, owed: dict[str, Any]) -> Obligation:
        duty = Duty(owed["duty"])
        rule = self.desk.rulebook.obligations[duty]
        counted_at = Arrived.of(arrival, None).counted_at
        window = Window(owed["counted_from"], owed["due_at"], ladder.cutoff(rule.ladder))
        outages = () if counted_at <= window.due_at else self.outages
        finding = timeliness.judge_received(window, counted_at, outages)
        obligations.meet(sheet, owed, finding, counted_at, str(arrival.uid))
        self._paid.add(owed["id"])
        return Obligation(
            duty=duty,
            owed_by=owed["owed_by"],
            owed_to=owed["owed_to"],
            opened_by=owed["opened_by"],
            clock=Clock(owed["clock"]),
            counted_from=owed["counted_from"],
            limit=timedelta(seconds=owed["limit_seconds"]),
            due_at=owed["due_at"],
            source=owed["source"],
            confidence=owed["confidence"],
            severity=owed["severity"] and Severity(owed["severity"]),
            step=owed["step"],
            next_at=None,
            fulfilment=Fulfilment.MET,
            timeliness=finding.timeliness,
            fulfilled_at=counted_at,
        )

    def _open_next(
        self,
        sheet: Sheet,
        arrival: Arrival,
        judgement: Judgement,
        placed: Placed,
        met: dict[str, Any],
    ) -> None:
        """Owe the next follow-up, by the grade of now, from when this one was received."""
        severity = judgement.severity or (met["severity"] and Severity(met["severity"]))
        arrived = Arrived.of(arrival, severity, met["case_code"])
        owed = next_follow_up(self.desk.rulebook, self.desk.county.profile, arrived)
        uid = derived_uid(arrival.uid, owed.duty.value)
        row = obligations.add(sheet, owed, uid, is_drill=met["is_drill"], case_key=met["case_id"])
        placed.owed.append(owed)
        told = {name: met[name] for name in ("case_code", "case_uid", "case_closed_at")}
        self._made.append(row | told)

    def _open(
        self,
        sheet: Sheet,
        arrival: Arrival,
        judgement: Judgement,
        placed: Placed,
    ) -> None:
        made, lazily = arrival.submission, _Lazily(lambda: self.outages)
        opened = of_first_report(
            self.desk.rulebook,
            self.desk.county.profile,
            Arrived.of(arrival, judgement.severity, judgement.code),
            lazily,
        )
        for each in opened:
            if each.duty is Duty.FOLLOW_UP_REPORT and self._owes_follow_up(arrival, placed):
                continue
            by = overtaken_by(self.connection, arrival, judgement, each)
            owed = each if by is None else met_already(self.desk, each, by["fulfilled_at"], lazily)
            row = obligations.add(
                sheet,
                owed,
                derived_uid(arrival.uid, owed.duty.value),
                is_drill=made.is_drill,
                case_key=placed.case_key,
            )
            if by is not None:
                for key in (row["id"], by["id"]):  # neither is taken for another debt again
                    sheet.change(table, key, fulfilled_by=str(by["submission"]))
            placed.owed.append(owed)
            told = {"case_code": judgement.code, "case_uid": placed.case_uid}
            self._made.append(row | told | {"case_closed_at": None})

    def _owes_follow_up(self, arrival: Arrival, placed: Placed) -> bool:
        """A second first report of one case asks for no second follow-up."""
        if not placed.is_joined or placed.case_uid is None:
            return False
        return bool(self._open_of(arrival, Duty.FOLLOW_UP_REPORT, case_uid=placed.case_uid))


def _goes_on(arrival: Arrival, met: dict[str, Any]) -> bool:
    """Say whether another follow-up is owed: until the final report or the case's closing."""
    return (
        met["duty"] == Duty.FOLLOW_UP_REPORT.value
        and met["case_id"] is not None
        and met["case_closed_at"] is None
        and arrival.submission.stage is not Stage.FINAL
    )
