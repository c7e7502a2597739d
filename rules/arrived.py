"""What a clock sees of an item, or of a case that a person looked at anew. 到件。

The moments that limits count from, as far as they are believed; the grade, the sub-type and the
kind of unit that choose among them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from rules.doubts import believed_known_at, believed_occurred_at
from rules.stretches import Way
from vocabulary.arrival import Arrival
from vocabulary.china_time import civil_day
from vocabulary.judgement import Judgement
from vocabulary.submission import Submission
from vocabulary.terms import Clock, Severity, UnitKind


@dataclass(frozen=True, slots=True)
class Arrived:
    """An item as the clocks see it. 到件。`counted_at` is `called_at` for a logged call."""

    submission: Submission
    owing_unit_id: str
    received_at: datetime
    severity: Severity | None
    code: str | None = None
    kind: UnitKind | None = None  # of the unit that owes
    law_day: date | None = None  # of the case that it goes on with

    @classmethod
    def of(
        cls,
        arrival: Arrival,
        severity: Severity | None,
        code: str | None = None,
        kind: UnitKind | None = None,
    ) -> Self:
        """Return an arrival as the clocks see it."""
        unit_id = arrival.owing_unit_id
        return cls(arrival.submission, unit_id, arrival.received_at, severity, code, kind)

    @property
    def is_logged_call(self) -> bool:
        """A call that the desk logged. A unit's own item cannot be dated back by claiming one."""
        return self.submission.on_behalf_of is not None and self.submission.called_at is not None

    @property
    def counted_at(self) -> datetime:
        """The moment it counts from for timeliness."""
        called_at = self.submission.called_at
        if called_at is None or not self.is_logged_call:
            return self.received_at
        return min(called_at, self.received_at)

    @property
    def known_at(self) -> datetime:
        """When the unit knew: as far as what it stated is believed; else when it told us."""
        return believed_known_at(self._way) or self.counted_at

    def start(self, clock: Clock) -> datetime:
        """Return from when that clock counts."""
        match clock:
            case Clock.KNOWN:
                return self.known_at
            case Clock.OCCURRED:
                return believed_occurred_at(self._way) or self.known_at
            case Clock.RECEIVED:
                return self.received_at

    @property
    def day(self) -> date:
        """The day whose law applies: that of the incident, in Beijing."""
        if self.law_day is not None:
            return self.law_day
        return civil_day(believed_occurred_at(self._way) or self.received_at)

    @property
    def _way(self) -> Way:
        made = self.submission
        return Way(made.occurred_at, made.known_at, None, None, self.counted_at)


def happened_at(made: Submission, judgement: Judgement) -> datetime | None:
    """Return when it happened: as stated, else as the text tells it."""
    if made.occurred_at is not None or judgement.happened is None:
        return made.occurred_at
    return judgement.happened.earliest


def law_day(occurred_at: datetime | None, opened_at: datetime) -> date:
    """Return the day whose law binds a case to its end: that of the incident, in Beijing."""
    return civil_day(min(occurred_at or opened_at, opened_at))


@dataclass(frozen=True, slots=True)
class Looked:
    """A case that a person looked at anew, as the desk's own clock sees it. 人工定级后的案卷。"""

    occurred_at: datetime | None
    received_at: datetime  # when the person said so
    severity: Severity | None
    code: str | None
    kind: UnitKind | None = None  # of the desk that owes

    def start(self, clock: Clock) -> datetime:
        """Return from when that clock counts: the incident, else the person's word."""
        return self._happened_at if clock is Clock.OCCURRED else self.received_at

    @property
    def day(self) -> date:
        """The day whose law applies."""
        return law_day(self.occurred_at, self.received_at)

    @property
    def _happened_at(self) -> datetime:
        return min(self.occurred_at or self.received_at, self.received_at)
