"""Deadlines as values: limits, ladders, and which limit holds for a case. 时限。"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain

from vocabulary.china_time import at, civil_day
from vocabulary.terms import Calendar, Clock, Duty, Role, Severity, StepKind, UnitKind


class NoLimitInForceError(LookupError):
    """No version of the limit was in force on that day, so nothing can be judged by it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from. 依据。`verify` marks a value not yet checked by a person."""

    title: str
    confidence: str
    verify: bool = False

    def __str__(self) -> str:
        return f"{self.title}（未经核对）" if self.verify else self.title


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder, relative to the due instant. 梯级。

    `after` may be negative (a nudge before it is due). `to` are posts; the unit's posts are
    those of the unit that owes, the others are the county desk's. `severities` are the grades
    that it is for; None is any, and none.
    """

    kind: StepKind
    after: timedelta
    to: tuple[Role, ...]
    severities: frozenset[Severity] | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of an unmet obligation, in order of `after`. 逐级提醒。

    `at_once` are the posts called together at the very start when the case is of at least
    the given severity.
    """

    name: str
    steps: tuple[Step, ...]
    source: Source
    at_once: Mapping[Severity, tuple[Role, ...]]

    def for_grade(self, severity: Severity | None) -> "Ladder":
        """Return it with the steps of that grade alone.

        Those of some grades only stand at the top, so that the number of a step is one whatever
        the grade.
        """
        if all(step.severities is None for step in self.steps):
            return self
        held = (s for s in self.steps if s.severities is None or severity in s.severities)
        return replace(self, steps=tuple(held))


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One version of one limit. 时限。“Within” includes its last instant.

    With `hours` (of Beijing) it is due at the first of them that is at least `length` away.
    `codes` are beginnings of sub-type codes.
    """

    length: timedelta
    clock: Clock
    source: Source
    in_force_from: date
    severities: frozenset[Severity] | None = None  # None: whatever the severity
    codes: tuple[str, ...] = ()  # none: whatever the sub-type
    hours: tuple[time, ...] = ()
    within: timedelta | None = None  # asked for only so long after the incident
    kinds: frozenset[UnitKind] | None = None  # of the unit that owes; None: whatever it is
    stands_alone: bool = False  # where it binds, no other limit of the duty does

    def due(self, start: datetime) -> datetime:
        """Return when it is due if its clock started at `start`."""
        earliest = start + self.length
        if not self.hours:
            return earliest
        days = (civil_day(earliest), civil_day(earliest) + timedelta(days=1))
        return min(m for d in days for h in self.hours if (m := at(d, h)) >= earliest)

    def holds(self, day: date, severity: Severity | None, kind: UnitKind | None = None) -> bool:
        """Say whether it was in force on that day for that grade and that kind of unit."""
        is_graded = self.severities is None or severity in self.severities
        is_theirs = self.kinds is None or kind in self.kinds
        return self.in_force_from <= day and is_graded and is_theirs


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """How one kind of obligation runs: its limits by profile, its ladder. 应报事项规则。"""

    duty: Duty
    title: str
    owed_to: str
    limits: Mapping[str, tuple[TimeLimit, ...]]  # by profile, newest first; "*" for any profile
    ladder: Ladder

    def limit(self, profile: str, day: date, severity: Severity | None) -> TimeLimit:
        """Return the general limit of the profile in force on `day` for a case of that severity.

        Raises:
            NoLimitInForceError: the day is before the first version.
        """
        for limit in self._of(profile):
            if not limit.codes and limit.holds(day, severity):
                return limit
        raise NoLimitInForceError(f"{self.duty.value} on {day.isoformat()} under {profile}")

    def limits_for(
        self,
        profile: str,
        day: date,
        severity: Severity | None,
        code: str | None,
        kind: UnitKind | None = None,
    ) -> tuple[TimeLimit, ...]:
        """Return all limits that bind a unit of that kind: general ones, those of the sub-type.

        Of each law the version in force on `day`; none at all where nothing is owed. Whoever
        keeps the one due first has kept them all. One that stands alone replaces the others.
        """
        found: dict[tuple[tuple[str, ...], frozenset[UnitKind] | None], TimeLimit] = {}
        for limit in self._of(profile):
            is_ours = not limit.codes or (code or "").startswith(limit.codes)
            if is_ours and limit.holds(day, severity, kind):
                found.setdefault((limit.codes, limit.kinds), limit)
        alone = [limit for limit in found.values() if limit.stands_alone]
        return tuple(sorted(alone or found.values(), key=lambda limit: bool(limit.codes)))

    def _of(self, profile: str) -> tuple[TimeLimit, ...]:
        return tuple(chain(self.limits.get(profile, ()), self.limits.get("*", ())))


@dataclass(frozen=True, slots=True)
class DailyReport:
    """A report owed each day at a fixed hour of Beijing. 定时报告。"""

    duty: Duty
    due: time
    opens: time
    kinds: tuple[str, ...]  # unit kinds that owe it
    source: Source
    title: str = ""
    calendar: Calendar = Calendar.EVERY_DAY
