"""One incident, folded from the items that belong to it. 案卷。

The fold sorts what it is given and counts each item once, so the case is the same whatever
the order of arrival, and however often an item came.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from uuid import UUID

from rules.joining import Traits
from vocabulary.judgement import Casualties, Judgement
from vocabulary.terms import Category, Severity, Stage, Verdict

_VERDICTS = (Verdict.ROUTINE, Verdict.ATTENTION, Verdict.EMERGENCY)
# Only a count that was checked may lower what was said before.
_LOWERING = (Stage.CORRECTION, Stage.VERIFIED, Stage.FINAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a case. 案卷条目。"""

    uid: UUID
    received_at: datetime
    unit_id: str
    title: str
    stage: Stage
    judgement: Judgement
    place: str | None = None
    occurred_at: datetime | None = None
    is_drill: bool = False
    traits: Traits | None = None
    is_proven: bool = True  # told by the unit itself, not perhaps by a stranger in its name
    is_unclear: bool = False  # it says that something is not known yet


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one incident so far. 案卷现状。"""

    unit_id: str
    title: str
    verdict: Verdict
    category: Category | None
    subtype: str | None
    code: str | None
    severity_provisional: Severity | None
    severity_final: Severity | None
    casualties: Casualties
    place: str | None
    occurred_at: datetime | None
    opened_at: datetime
    updated_at: datetime
    is_drill: bool
    traits: Traits | None = None

    def is_verdict_above(self, other: "Case") -> bool:
        """Say whether its verdict is graver than the other's."""
        return self.height[0] > other.height[0]

    def counts_more_than(self, other: "Case") -> bool:
        """Say whether more people are dead, hurt or missing than in the other."""
        mine, theirs = self.casualties, other.casualties
        return any(
            (now or 0) > (then or 0)
            for now, then in (
                (mine.deaths, theirs.deaths),
                (mine.injured, theirs.injured),
                (mine.missing, theirs.missing),
            )
        )

    @property
    def height(self) -> tuple[int, int]:
        """How grave it is; a page is owed again when this rises.

        A grade not yet known stands with ordinary: learning that it is no worse is no rise.
        """
        severity = self.severity_final or self.severity_provisional or Severity.ORDINARY
        return _VERDICTS.index(self.verdict), severity.rank


def fold(entries: Iterable[Entry]) -> Case:
    """Return the case that these items make. At least one is needed."""
    ordered = sorted({e.uid: e for e in entries}.values(), key=lambda e: (e.received_at, e.uid))
    first, last = ordered[0], ordered[-1]
    gravest = max(ordered, key=lambda e: _VERDICTS.index(e.judgement.verdict))
    return Case(
        unit_id=first.unit_id,
        title=first.title,
        verdict=gravest.judgement.verdict,
        category=gravest.judgement.category,
        subtype=gravest.judgement.subtype,
        code=gravest.judgement.code,
        severity_provisional=_severity(ordered),
        severity_final=next(
            (e.judgement.severity for e in reversed(ordered) if e.stage is Stage.FINAL), None
        ),
        casualties=_casualties(ordered),
        place=next((e.place for e in reversed(ordered) if e.place), None),
        occurred_at=next((e.occurred_at for e in ordered if e.occurred_at), None),
        opened_at=first.received_at,
        updated_at=last.received_at,
        is_drill=first.is_drill,
        traits=_traits([e.traits for e in ordered if e.traits], gravest.judgement.code),
    )


def _severity(ordered: list[Entry]) -> Severity | None:
    severity: Severity | None = None
    for entry in ordered:
        found = entry.judgement.severity
        if found is None:
            continue
        if severity is None or entry.stage in _LOWERING or found.rank > severity.rank:
            severity = found
    return severity


def _casualties(ordered: list[Entry]) -> Casualties:
    """What was counted, by whom: the newest of each unit, and of several units the gravest.

    They tell of the same people, so nothing is added up. A checked count ends all before it.
    """
    return Casualties(
        deaths=_count(ordered, "deaths"),
        injured=_count(ordered, "injured"),
        missing=_count(ordered, "missing"),
    )


def _count(ordered: list[Entry], name: str) -> int | None:
    newest: dict[str, int] = {}
    for entry in ordered:
        told = getattr(entry.judgement.casualties, name)
        if told is None:
            continue
        if entry.stage in _LOWERING:
            newest.clear()
        newest[entry.unit_id] = told
    return max(newest.values(), default=None)


def _traits(told: list[Traits], code: str | None) -> Traits | None:
    if not told:
        return None
    return replace(reduce(_joined, told), code=code)


def _joined(one: Traits, other: Traits) -> Traits:
    return replace(
        one,
        villages=one.villages | other.villages,
        landmarks=one.landmarks | other.landmarks,
        territories=one.territories | other.territories,
        at=min(one.at, other.at),
    )
