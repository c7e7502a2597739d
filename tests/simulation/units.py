"""What ninety-six units send: on time and late, twice, in another order, by wrong clocks. 各单位。

A unit that gets no answer tries again under the same key as soon as the house listens again.
It believes the receipt: what that says it owes, it sends then, at the minute or beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from ledger.book import BookAwayError
from ledger.schema import cases, obligations
from tests.builders import (
    BLAST,
    DESK,
    FIRE,
    HOUR,
    MEETING,
    MINUTE,
    NIL,
    RUMOUR,
    SECOND,
    WALL,
    Item,
    an_arrival,
)
from tests.simulation.agenda import Agenda
from tests.simulation.big_county import the_big_county
from tests.simulation.house import DiedError, House
from vocabulary.arrival import Answer, Arrival, Conflict, Receipted
from vocabulary.terms import Duty, Fulfilment, Medium, Stage

_DAY = timedelta(days=1)
_NEVER = None
IN_FLIGHT_MOST = 20 * SECOND  # between the door and the book, on a slow disk
_BESIDE_DUE = (-30 * MINUTE, -SECOND, 0 * SECOND, SECOND, 12 * MINUTE, 50 * MINUTE, _NEVER)
_EMERGENCIES = (FIRE, WALL, BLAST)
_ANSWERED_BY = {
    Duty.WRITTEN_FIRST_REPORT.value: Stage.FIRST,
    Duty.FOLLOW_UP_REPORT.value: Stage.FOLLOW_UP,
    Duty.MISSING_ELEMENTS.value: Stage.SUPPLEMENT,
}
_COUNTS = {"deaths", "injured", "missing"}
LAST_WORDS: Item = {"title": "处置终报", "body": "现场处置完毕，人员已得到安置，秩序恢复正常。"}


@dataclass(frozen=True)
class Try:
    """One item under its key, and when its unit first tried to send it."""

    key: str
    unit_id: str
    fields: Item
    first_at: datetime
    is_answered: bool = False

    def arrival(self, at: datetime) -> Arrival:
        return an_arrival(self.key, self.unit_id, at=at, **self.fields)


@dataclass
class Units:
    """All units, with what they have told and been told."""

    agenda: Agenda
    chance: Random
    house: House
    first_tried: dict[str, datetime] = field(default_factory=dict)  # by the item's id
    told: dict[str, str] = field(default_factory=dict)  # the receipts, by the item's id
    _waiting: list[Try] = field(default_factory=list)
    _flying: dict[str, Try] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        self.house.on_return.append(self._try_again)
        self.house.on_death.append(self._lose_the_line)

    # A day.

    def live_a_day(self, midnight: datetime) -> None:
        """Plan what happens on one day; most units report in the afternoon, a few forget."""
        for unit in the_big_county().reporting_units:
            if self.chance.random() < 0.97:
                hours = self.chance.triangular(8, 17.5, 16)
                self._plan(midnight + HOUR * hours, unit.unit_id, NIL)
        for _ in range(self.chance.randrange(4)):
            at = midnight + _DAY * self.chance.random()
            self.agenda.plan(at, self._meet_with_an_incident)
        if self.chance.random() < 0.5:
            self.agenda.plan(midnight + _DAY * self.chance.random(), self._tell_of_another)
        for item in (RUMOUR, MEETING):
            at = midnight + _DAY * self.chance.random()
            self._plan(at, self._some_unit(), item)

    def _some_unit(self) -> str:
        return self.chance.choice(the_big_county().reporting_units).unit_id

    def _plan(self, at: datetime, unit_id: str, fields: Item) -> None:
        self._number += 1
        key = f"item-{self._number}"
        self.agenda.plan(at, lambda now: self._send(now, Try(key, unit_id, fields, now)))

    def _meet_with_an_incident(self, now: datetime) -> None:
        """Tell it in writing, by telephone, or to the desk; some say when they knew, some err."""
        unit_id = self._some_unit()
        fields = dict(self.chance.choice(_EMERGENCIES))
        if self.chance.random() < 0.5:
            skew = MINUTE * self.chance.uniform(-20, 20) if self.chance.random() < 0.2 else 0 * HOUR
            fields["known_at"] = now - MINUTE * self.chance.uniform(0, 25) + skew
            fields["drafted_at"] = now + skew
        fields["is_drill"] = self.chance.random() < 0.1
        way = self.chance.choice(("written", "phone", "desk"))
        if way == "phone":
            fields["medium"] = Medium.PHONE
        if way == "desk":
            called_at = now - MINUTE * self.chance.uniform(0, 4)
            fields |= {"on_behalf_of": unit_id, "called_at": called_at, "recorder": "值班员"}
        self._plan(now, DESK if way == "desk" else unit_id, fields)

    def _tell_of_another(self, now: datetime) -> None:
        """A unit tells of another's village; that one does too, beside its minute or never."""
        units = the_big_county().reporting_units
        township = self.chance.choice([unit for unit in units if unit.places])
        village = self.chance.choice(township.places)
        fire = {
            "title": f"{village}民房起火",
            "body": f"{village}一民房起火，2人受伤，消防正在扑救。",
            "is_drill": self.chance.random() < 0.1,
        }
        self._plan(now, self._some_unit(), fire)
        beside = self.chance.choice(_BESIDE_DUE)
        if beside is not None:
            self._plan(now + max(30 * MINUTE + beside, SECOND), township.unit_id, fire)

    # One item.

    def _send(self, now: datetime, item: Try) -> None:
        if not self.house.is_listening:
            if self.house.is_away:
                self.house.refusals.note(now)
            self._waiting.append(item)
            self._note_first(item)
            return
        self._note_first(item)
        arrival = item.arrival(now)
        drawn = self.chance.random()
        if drawn < 0.15:
            self._into_the_inbox(now, item, arrival)
        elif drawn < 0.35:
            landed = self.house.room.in_flight.enter(now)
            self._flying[item.key] = item
            life = self.house.life
            later = now + IN_FLIGHT_MOST * self.chance.random()
            self.agenda.plan(later, lambda then: self._land(then, life, item, arrival, landed))
        else:
            self._absorb(now, [item], [arrival])

    def _note_first(self, item: Try) -> None:
        self.first_tried.setdefault(str(item.arrival(item.first_at).uid), item.first_at)

    def _land(self, now: datetime, life: int, item: Try, arrival: Arrival, landed: Any) -> None:
        if life != self.house.life or self._flying.pop(item.key, None) is None:
            return
        self._absorb(now, [item], [arrival])
        landed(None)

    def _absorb(self, now: datetime, items: Sequence[Try], arrivals: list[Arrival]) -> None:
        try:
            answers = self.house.absorb(now, arrivals)
        except BookAwayError:
            for arrival in arrivals:
                self.house.refusals.note(arrival.received_at)
            self._waiting.extend(items)
        except DiedError:
            self._waiting.extend(items)
        else:
            for item, arrival, answer in zip(items, arrivals, answers, strict=True):
                self._hear(now, item, arrival, answer)

    def _into_the_inbox(self, now: datetime, item: Try, arrival: Arrival) -> None:
        try:
            (answer,) = self.house.keep(now, [arrival])
        except DiedError:
            self._waiting.append(item)
            return
        self._hear(now, item, arrival, answer)
        self.agenda.plan(now + MINUTE * self.chance.uniform(0, 10), self._drain)

    def _drain(self, now: datetime) -> None:
        try:
            self.house.drain(now)
        except DiedError:
            return

    def _try_again(self, now: datetime) -> None:
        """All who heard nothing try at once, in whatever order; what waits is judged as well."""
        waiting, self._waiting = self._waiting, []
        self.chance.shuffle(waiting)
        for item in waiting:
            self.agenda.plan(now, lambda then, item=item: self._send(then, item))  # type: ignore[misc]
        self.agenda.plan(now + SECOND, self._drain)

    def _lose_the_line(self, _: datetime) -> None:
        self._waiting.extend(self._flying.values())
        self._flying.clear()

    # What a unit hears.

    def _hear(self, now: datetime, item: Try, arrival: Arrival, answer: Answer) -> None:
        """The first receipt of an item is its receipt for good, byte for byte."""
        if isinstance(answer, Conflict):
            assert item.is_answered, "a key that was not used before is taken"
            return
        assert isinstance(answer, Receipted)
        uid = str(arrival.uid)
        assert self.told.setdefault(uid, answer.receipt) == answer.receipt, uid
        if item.is_answered:
            return
        again = replace(item, is_answered=True)
        drawn = self.chance.random()
        if drawn < 0.04:
            later = now + SECOND * self.chance.choice((1, 60, 86400))
            self.agenda.plan(later, lambda then: self._send(then, again))
        elif drawn < 0.05:
            other = replace(again, fields=item.fields | {"title": "另一件事"})
            self.agenda.plan(now + MINUTE, lambda then: self._send(then, other))
        self._plan_what_is_owed(now, item, orjson.loads(answer.receipt))

    def _plan_what_is_owed(self, now: datetime, item: Try, receipt: dict[str, Any]) -> None:
        for owed in receipt["obligations"] or ():
            if owed["fulfilment"] != Fulfilment.OPEN.value:
                continue
            beside = self.chance.choice(_BESIDE_DUE)
            if beside is None:
                continue
            at = max(datetime.fromisoformat(owed["due_at"]) + beside, now + SECOND)
            unit_id = item.fields.get("on_behalf_of", item.unit_id)
            text = {name: item.fields[name] for name in ("title", "body", "is_drill")}
            named = {"case_id": receipt["case_id"]} if self.chance.random() < 0.8 else {}
            if owed["kind"] == Duty.MISSING_ELEMENTS.value:
                text |= dict.fromkeys(set(receipt["missing_elements"]) & _COUNTS, 0)
            stage = _ANSWERED_BY.get(owed["kind"])
            if stage is not None:
                self._plan(at, unit_id, text | named | {"stage": stage})

    def conclude(self, now: datetime, case_uid: UUID) -> None:
        """Send, beside its minute, the final report that a closing asked for."""
        this_case = select(cases.c.id).where(cases.c.uid == case_uid).scalar_subquery()
        query = select(obligations.c.owed_by, obligations.c.due_at, obligations.c.is_drill).where(
            obligations.c.duty == Duty.FINAL_REPORT.value,
            obligations.c.fulfilment == Fulfilment.OPEN.value,
            obligations.c.case_id == this_case,
        )
        with self.house.book.read() as connection:
            owed = connection.execute(query).all()
        for unit_id, due_at, is_drill in owed:
            beside = self.chance.choice(_BESIDE_DUE)
            if beside is not None:
                named = {"case_id": str(case_uid), "stage": Stage.FINAL, "is_drill": is_drill}
                self._plan(max(due_at + beside, now + SECOND), unit_id, LAST_WORDS | named)
