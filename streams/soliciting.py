"""The desk asks units for an item by a date, and asks no more. 约稿。

Each unit that is asked owes it like any report: with a ladder, on the board and on the late log.
Only an item that names the solicitation meets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ledger import cases, obligations, solicitations
from ledger.effects import Effects, Sending
from ledger.postgres import hold
from ledger.sheet import Sheet
from ledger.solicitation_schema import solicitations as table
from ledger.solicitation_schema import solicited
from ledger.writer import Done
from notifiers import solicitation_wording as wording
from rules.asked import least_notice, of_solicitation
from streams import paging
from streams.desk import Desk
from streams.waiving import take_back
from vocabulary.case_act import By
from vocabulary.facts import ItemSolicited, SolicitationWithdrawn
from vocabulary.identity import derived_uid
from vocabulary.message import Message
from vocabulary.solicitation import Solicit, SolicitationAct, Solicited, Unsolicited, Withdraw
from vocabulary.terms import Role


@dataclass(frozen=True)
class Soliciting:
    """The acts of soliciting, for the writer to do. `Done` holds a `SolicitationAnswer`."""

    desk: Desk

    def do(self, connection: Connection, acts: Sequence[SolicitationAct]) -> list[Done]:
        """Do acts in turn; one that is refused changes nothing, one that repeats neither."""
        return [self._do(connection, act) for act in acts]

    def _do(self, connection: Connection, act: SolicitationAct) -> Done:
        sheet = Sheet(connection)
        done = self._ask(sheet, act) if isinstance(act, Solicit) else self._withdraw(sheet, act)
        sheet.flush()
        return done

    def _ask(self, sheet: Sheet, act: Solicit) -> Done:
        hold(sheet.connection, f"solicitation {act.uid}")
        before = solicitations.one(sheet.connection, act.uid)
        if before is not None:
            is_same = _said(before) == (act.subject, act.wanted, act.due_at, set(act.unit_ids))
            return Done(Solicited(act.uid) if is_same else Unsolicited.KEY_USED)
        refusal = self._refusal(act)
        if refusal is not None:
            return Done(refusal)
        key = sheet.add(
            table,
            uid=act.uid,
            subject=act.subject,
            wanted=act.wanted,
            desk_id=self.desk.county.people[act.person_id].unit_id,
            asked_by=act.person_id,
            asked_at=act.at,
            due_at=act.due_at,
        )
        units = tuple(dict.fromkeys(act.unit_ids))
        owed = [self._owe(sheet, act, key, unit_id) for unit_id in units]
        told = ItemSolicited(
            at=act.at, solicitation=act.uid, units=units, due_at=act.due_at, by=act.person_id
        )
        cases.note(sheet, told, None)
        sendings: list[Sending] = []
        for row in owed:
            text = wording.asked(self._text(row, act.subject, act.wanted))
            sendings += self._tell(sheet, row, act.at, "solicited", text)
        step_at = min((row["next_at"] for row in owed), default=None)
        return Done(Solicited(act.uid), Effects(tuple(sendings), next_step_at=step_at))

    def _refusal(self, act: Solicit) -> Unsolicited | None:
        county = self.desk.county
        person = county.people.get(act.person_id)
        if person is None:
            return Unsolicited.NOT_FOUND
        reporting = {unit.unit_id for unit in county.reporting_units}
        for unit_id in act.unit_ids:
            desks = [desk.unit_id for desk in county.desks_of(unit_id)]
            if unit_id not in reporting or person.unit_id not in desks:
                return Unsolicited.NO_SUCH_UNIT
        is_too_soon = act.due_at - act.at < least_notice(self.desk.rulebook, act.at)
        return Unsolicited.TOO_SOON if is_too_soon else None

    def _owe(self, sheet: Sheet, act: Solicit, key: int, unit_id: str) -> dict[str, Any]:
        owed = of_solicitation(self.desk.rulebook, unit_id, act.subject, act.at, act.due_at)
        uid = solicitations.obligation_uid(act.uid, unit_id)
        row = obligations.add(sheet, owed, uid, is_drill=False)
        sheet.add(solicited, solicitation_id=key, unit_id=unit_id, obligation_id=row["id"])
        return row

    def _withdraw(self, sheet: Sheet, act: Withdraw) -> Done:
        row = solicitations.held(sheet.connection, act.solicitation_uid)
        if row is None or not self._is_theirs(row, act.by):
            return Done(Unsolicited.NOT_FOUND)
        owed = solicitations.all_open_of(sheet.connection, row["id"])
        if row["withdrawn_at"] is not None or not owed:
            return Done(Unsolicited.NOTHING_OPEN)
        by = act.by
        withdrawn = {"withdrawn_by": by.person_id, "withdrawn_for": by.reason}
        sheet.change(table, row["id"], withdrawn_at=by.at, **withdrawn)
        sendings: list[Sending] = []
        for each in owed:
            take_back(sheet, each, by, what="撤回约稿")
            text = wording.withdrawn(self._text(each, row["subject"], row["wanted"]), by.reason)
            sendings += self._tell(sheet, each, by.at, "withdrawn", text)
        told = SolicitationWithdrawn(
            at=by.at,
            solicitation=row["uid"],
            units=tuple(each["owed_by"] for each in owed),
            by=by.person_id,
            reason=by.reason,
        )
        cases.note(sheet, told, None)
        return Done(Solicited(row["uid"]), Effects(tuple(sendings)))

    def _is_theirs(self, row: Mapping[str, Any], by: By) -> bool:
        """It belongs to the desk that asked and those above: to all others it is not there."""
        person = self.desk.county.people.get(by.person_id)
        desks = self.desk.county.desks_of(row["desk_id"])
        return person is not None and any(person.unit_id == desk.unit_id for desk in desks)

    def _text(self, owed: Mapping[str, Any], subject: str, wanted: str) -> wording.SolicitedText:
        return wording.SolicitedText(
            unit=self.desk.directory.unit_name(owed["owed_by"]),
            subject=subject,
            wanted=wanted,
            due_at=owed["due_at"],
            link=self.desk.links.to_form(),
            duty_phone=self.desk.county.duty_phone,
        )

    def _tell(
        self, sheet: Sheet, owed: Mapping[str, Any], at: datetime, cause: str, text: Message
    ) -> list[Sending]:
        """Tell the unit's clerk; nobody waits for it as for an alert."""
        about = paging.About(
            derived_uid(owed["uid"], cause), cause, paging.NOTICE, at, obligation_key=owed["id"]
        )
        people = self.desk.directory.recipients((Role.CLERK,), owed["owed_by"], at)
        return paging.write(sheet, self.desk, about, people, lambda _: text)


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    units = {each["unit_id"] for each in row["units"]}
    return row["subject"], row["wanted"], row["due_at"], units
