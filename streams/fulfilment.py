"""Which debts an item pays, and which it makes. 履行。

A report meets the obligation of its own case when it names one; else the unit's open one for
the same kind of incident, oldest first. What met what is written down, so that the unit and
the supervisor see the same match.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from sqlalchemy import Connection

from ledger import obligations
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.obligations import Arrived, Obligation, of_first_report
from rules.timeliness import Outage, Window
from streams.desk import Desk
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.terms import Clock, Duty, Fulfilment, Severity, Stage, Verdict

_REMEMBERED = timedelta(days=400)
_FOLLOWING = (Stage.FOLLOW_UP, Stage.FINAL, Stage.SUPPLEMENT, Stage.VERIFIED)


@dataclass
class Debts:
    """The open reports of the units in a batch."""

    connection: Connection
    desk: Desk
    now: datetime
    by_unit: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def load(cls, connection: Connection, desk: Desk, arrivals: Sequence[Arrival]) -> Self:
        """Read what the units of these items owe."""
        units = sorted({a.owing_unit_id for a in arrivals})
        debts = cls(connection, desk, max(a.received_at for a in arrivals))
        for owed in obligations.open_reports_of(connection, units):
            debts.by_unit.setdefault(owed["owed_by"], []).append(owed)
        return debts

    @cached_property
    def outages(self) -> tuple[Outage, ...]:
        """Our own outages, read only when something was not on time or is counted late."""
        return obligations.outages_since(self.connection, self.now - _REMEMBERED)

    def settle(self, sheet: Sheet, arrival: Arrival, judgement: Judgement, placed: Placed) -> None:
        """Close what this item meets and open what it owes; both go on its receipt."""
        met = self._met_by(arrival, judgement, placed)
        if met is not None:
            placed.owed.append(self._meet(sheet, arrival, met))
        if self._is_first_of_emergency(arrival, judgement, placed):
            self._open(sheet, arrival, judgement, placed, met)

    def _met_by(
        self, arrival: Arrival, judgement: Judgement, placed: Placed
    ) -> dict[str, Any] | None:
        made = arrival.submission
        if made.on_behalf_of is not None or made.called_at is not None:
            return None
        if made.stage in (Stage.NIL, Stage.PERIODIC):
            opened = [
                o
                for o in self._open_of(arrival, Duty.NIL_REPORT)
                if o["counted_from"] <= arrival.received_at
            ]
            return opened[-1] if opened else None
        if made.stage in _FOLLOWING:
            owed = self._open_of(arrival, Duty.FOLLOW_UP_REPORT)
        elif made.stage is Stage.FIRST and made.medium.value == "written":
            owed = self._open_of(arrival, Duty.WRITTEN_FIRST_REPORT)
        else:
            return None
        if made.case_id is not None:
            return next((o for o in owed if o["case_id"] == placed.case_key), None)
        alike = [o for o in owed if o["case_code"] and o["case_code"] == judgement.code]
        return alike[0] if alike else None

    def _open_of(self, arrival: Arrival, duty: Duty) -> list[dict[str, Any]]:
        is_drill = arrival.submission.is_drill
        return [
            o
            for o in self.by_unit.get(arrival.owing_unit_id, [])
            if o["duty"] == duty.value
            and o["fulfilment"] == Fulfilment.OPEN.value
            and (o["is_drill"] == is_drill or duty is Duty.NIL_REPORT)
        ]

    def _meet(self, sheet: Sheet, arrival: Arrival, owed: dict[str, Any]) -> Obligation:
        duty = Duty(owed["duty"])
        rule = self.desk.rulebook.obligations[duty]
        counted_at = Arrived.of(arrival, None).counted_at
        window = Window(owed["counted_from"], owed["due_at"], ladder.cutoff(rule.ladder))
        outages = () if counted_at <= window.due_at else self.outages
        finding = timeliness.judge_received(window, counted_at, outages)
        obligations.meet(sheet, owed, finding, counted_at, str(arrival.uid))
        owed["fulfilment"] = Fulfilment.MET.value
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

    def _is_first_of_emergency(
        self, arrival: Arrival, judgement: Judgement, placed: Placed
    ) -> bool:
        made = arrival.submission
        return (
            placed.case_key is not None
            and made.stage is Stage.FIRST
            and judgement.verdict is Verdict.EMERGENCY
        )

    def _open(
        self,
        sheet: Sheet,
        arrival: Arrival,
        judgement: Judgement,
        placed: Placed,
        met: dict[str, Any] | None,
    ) -> None:
        made = arrival.submission
        opened = of_first_report(
            self.desk.rulebook,
            self.desk.county.profile,
            Arrived.of(arrival, judgement.severity),
            self.outages,
        )
        for owed in opened:
            if met is not None and owed.duty is not Duty.FOLLOW_UP_REPORT:
                continue  # the written report after a call: measured by the call's own clock
            if met is not None and made.case_id is not None:
                continue
            row = obligations.add(
                sheet,
                owed,
                derived_uid(arrival.uid, owed.duty.value),
                is_drill=made.is_drill,
                case_key=placed.case_key,
            )
            placed.owed.append(owed)
            self.by_unit.setdefault(owed.owed_by, []).append(row | {"case_code": judgement.code})
