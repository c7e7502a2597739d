"""Which debts an item pays, and which it makes. 履行。

A report meets the obligation of its own case when it names one; else the unit's open one for
the same kind of incident, oldest first. What met what is written down, so that the unit and
the supervisor see the same match.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ledger import obligations, solicitations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules.arrived import Arrived, happened_at, law_day
from rules.obligations import next_follow_up, of_first_report, paid_by
from streams.debts import Debts
from streams.joining import Found
from streams.overtaken import met_already, overtaken_by
from streams.receipt import Placed
from streams.territory import ask_territory
from vocabulary.arrival import Arrival
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.submission import named_case, named_solicitation
from vocabulary.terms import Duty, Fulfilment, Severity, Stage, Verdict

_CASE = (
    "case_id",
    "case_uid",
    "case_code",
    "case_closed_at",
    "case_occurred_at",
    "case_opened_at",
)


@dataclass(frozen=True)
class Fulfilling:
    """What the reports of a batch pay, and what they open."""

    debts: Debts

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
            placed.owed.append(self.debts.meet(sheet, arrival, owed))
            if _goes_on(arrival, owed):
                self._open_next(sheet, arrival, judgement, placed, owed)
        for owed in (*self._asked_of(arrival, placed), *self._solicited_of(arrival)):
            placed.owed.append(self.debts.meet(sheet, arrival, owed))
        is_first = arrival.submission.stage is Stage.FIRST and placed.case_key is not None
        if is_first and not met and judgement.verdict is Verdict.EMERGENCY:
            self._open(sheet, arrival, judgement, placed)
        ask_territory(sheet, self.debts, arrival, judgement, placed)

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
        if case_uid is None and named_solicitation(made) is not None:
            return []  # what was asked for is no report that happens to be of the same kind
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
            owed = self.debts.open_of(arrival, duty, case_uid=case_uid)
        if not owed and judgement.code is not None:  # what it owed there may have been split off
            owed = self.debts.open_of(arrival, duty, code=judgement.code)
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
        most = 1 + self.debts.touched
        for duty in duties:
            newest = obligations.newest_begun(
                self.debts.connection, arrival.owing_unit_id, duty, arrival.received_at, most=most
            )
            for owed in newest:
                if self.debts.as_it_is(owed)["fulfilment"] == Fulfilment.OPEN.value:
                    return [owed]
        return []

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
        desk = self.debts.desk
        arrived = replace(
            desk.arrived(arrival, judgement),
            severity=severity,
            code=met["case_code"],
            law_day=law_day(met["case_occurred_at"], met["case_opened_at"]),
        )
        owed = next_follow_up(desk.rulebook, desk.county.profile, arrived)
        uid = derived_uid(arrival.uid, owed.duty.value)
        case = {name: met[name] for name in _CASE}
        self.debts.add(sheet, owed, uid, case, is_drill=met["is_drill"])
        placed.owed.append(owed)

    def _open(
        self,
        sheet: Sheet,
        arrival: Arrival,
        judgement: Judgement,
        placed: Placed,
    ) -> None:
        desk, outages = self.debts.desk, self.debts.outages_if_asked
        arrived = desk.arrived(arrival, judgement)
        opened = of_first_report(desk.rulebook, desk.county.profile, arrived, outages)
        told = (happened_at(arrival.submission, judgement), arrival.received_at)
        case = dict(
            zip(
                _CASE,
                (placed.case_key, placed.case_uid, judgement.code, None, *told),
                strict=True,
            )
        )
        for each in opened:
            if each.duty is Duty.FOLLOW_UP_REPORT and self._owes_follow_up(arrival, placed):
                continue
            by = overtaken_by(self.debts.connection, arrival, judgement, each)
            owed = each if by is None else met_already(desk, each, by["fulfilled_at"], outages)
            uid = derived_uid(arrival.uid, owed.duty.value)
            key = self.debts.add(sheet, owed, uid, case, is_drill=arrival.submission.is_drill)
            if by is not None:
                for one in (key, by["id"]):  # neither is taken for another debt again
                    sheet.change(table, one, fulfilled_by=str(by["submission"]))
            placed.owed.append(owed)

    def _asked_of(self, arrival: Arrival, placed: Placed) -> list[dict[str, Any]]:
        """What its unit was asked about the case that it joined: whatever it says, it answers.

        Also where a person is yet to say whether it belongs there: the unit has not been silent.
        """
        is_alone = arrival.submission.stage in (Stage.NIL, Stage.PERIODIC)
        case_uid = placed.case_uid if placed.is_joined else placed.maybe_uid
        if is_alone or case_uid is None:
            return []
        unit_id = arrival.owing_unit_id  # named: who names the case may ask it beside us
        return self.debts.open_of(
            arrival, Duty.TERRITORY_REPORT, case_uid=case_uid, unit_id=unit_id
        )

    def _solicited_of(self, arrival: Arrival) -> list[dict[str, Any]]:
        """What its unit owes for the solicitation that it names."""
        uid = named_solicitation(arrival.submission)
        if uid is None or arrival.submission.is_drill:
            return []
        owed = solicitations.open_of(self.debts.connection, uid, arrival.owing_unit_id)
        rows = map(self.debts.as_it_is, owed)
        return [each for each in rows if each["fulfilment"] == Fulfilment.OPEN.value]

    def _owes_follow_up(self, arrival: Arrival, placed: Placed) -> bool:
        """A second first report of one case asks for no second follow-up."""
        if not placed.is_joined or placed.case_uid is None:
            return False
        return bool(self.debts.open_of(arrival, Duty.FOLLOW_UP_REPORT, case_uid=placed.case_uid))


def _goes_on(arrival: Arrival, met: dict[str, Any]) -> bool:
    """Say whether another follow-up is owed: until the final report or the case's closing."""
    return (
        met["duty"] == Duty.FOLLOW_UP_REPORT.value
        and met["case_id"] is not None
        and met["case_closed_at"] is None
        and arrival.submission.stage is not Stage.FINAL
    )
