"""What units owe, as a batch of items pays and makes it. 欠账。

A debt is asked for in the book and among those that the batch itself has made, which are on its
sheet and not yet in the book; what it has paid or moved is as it left it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger import debts_of_case, obligations
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from rules import ladder, timeliness
from rules.arrived import Arrived
from rules.obligations import Obligation
from rules.timeliness import Outage, Window
from streams.desk import Desk
from vocabulary.arrival import Arrival
from vocabulary.terms import Clock, Duty, Fulfilment, Severity

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
    _changed: dict[int, dict[str, Any]] = field(default_factory=dict)  # by this batch
    _made: list[dict[str, Any]] = field(default_factory=list)  # on this sheet, not yet in the book

    @cached_property
    def outages(self) -> tuple[Outage, ...]:
        """Our own outages, read only when something was not on time or is counted late."""
        return obligations.outages_since(self.connection, self.now - _REMEMBERED)

    @property
    def outages_if_asked(self) -> Iterable[Outage]:
        """The same, for who may not need them."""
        return _Lazily(lambda: self.outages)

    def add(
        self, sheet: Sheet, owed: Obligation, uid: UUID, case: dict[str, Any], *, is_drill: bool
    ) -> int:
        """Write a debt of a case, its `case_id`, `case_uid`, `case_code`, `case_closed_at`."""
        row = obligations.add(sheet, owed, uid, is_drill=is_drill, case_key=case["case_id"])
        self._made.append(row | case)
        return int(row["id"])

    def is_made(self, case_key: int, duty: Duty, unit_id: str) -> bool:
        """Say whether this batch has made a unit owe that for a case."""
        wanted = (case_key, duty.value, unit_id)
        return any((row["case_id"], row["duty"], row["owed_by"]) == wanted for row in self._made)

    def open_of(
        self,
        arrival: Arrival,
        duty: Duty,
        *,
        case_uid: UUID | None = None,
        code: str | None = None,
        unit_id: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return what a unit owes of one kind, for one case or for one code: that of the item.

        With `unit_id` the book is asked each time, for what may be opened beside this batch.
        """
        is_drill = arrival.submission.is_drill
        is_another, unit_id = unit_id is not None, unit_id or arrival.owing_unit_id
        code = None if case_uid is not None else code
        there = (
            obligations.open_of(
                self.connection,
                unit_id,
                duty,
                is_drill=is_drill,
                case_uid=case_uid,
                code=code,
                most=_MOST + self.touched,
            )
            if is_another or self._may_owe(unit_id, duty)
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
            for owed in map(self.as_it_is, (*there, *here))
            if owed["fulfilment"] == Fulfilment.OPEN.value and owed["is_drill"] == is_drill
        ]

    @property
    def touched(self) -> int:
        """How many rows of the book this batch has changed, at most."""
        return len(self._changed)

    def as_it_is(self, owed: dict[str, Any]) -> dict[str, Any]:
        """Return a debt's row with what this batch has changed of it."""
        return owed | self._changed.get(owed["id"], {})

    def change(
        self, sheet: Sheet, owed: dict[str, Any], *, is_kept: bool = False, **columns: Any
    ) -> None:
        """Change a debt; with `is_kept` only for this batch, where the book must stay as it is."""
        self._changed.setdefault(owed["id"], {}).update(columns)
        if not is_kept:
            sheet.change(table, owed["id"], **columns)

    def assumed_of(self, case_key: int, unit_id: str) -> list[dict[str, Any]]:
        """Return a unit's debts of a case whose clock had to assume when it knew."""
        here = [
            row
            for row in self._made
            if (row["case_id"], row["owed_by"], row["is_assumed"]) == (case_key, unit_id, True)
        ]
        there = debts_of_case.assumed(self.connection, case_key, unit_id)
        found = map(self.as_it_is, (*there, *here))
        return [owed for owed in found if owed["is_assumed"]]

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

    def meet(self, sheet: Sheet, arrival: Arrival, owed: dict[str, Any]) -> Obligation:
        """Let an item meet a debt, by its row. Returns the debt as it was met."""
        owed, duty = self.as_it_is(owed), Duty(owed["duty"])
        counted_at = Arrived.of(arrival, None).counted_at
        rule = self.desk.rulebook.obligations[duty]
        window = Window(owed["counted_from"], owed["due_at"], ladder.cutoff(rule.ladder))
        outages = () if counted_at <= window.due_at else self.outages
        finding = timeliness.judge_received(window, counted_at, outages)
        obligations.meet(sheet, owed, finding, counted_at, str(arrival.uid))
        self._changed.setdefault(owed["id"], {}).update(
            fulfilment=Fulfilment.MET.value,
            timeliness=finding.timeliness.value,
            fulfilled_at=counted_at,
        )
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
