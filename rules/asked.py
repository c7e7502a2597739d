"""What a unit is asked for: to verify what another told, or for an item by a date. 请核实、约稿。

The first is a question and never a verdict: that a unit has left it out (漏报) a person finds.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from rules.county import County
from rules.obligations import Obligation, counted
from rules.rulebook import Rulebook
from rules.triage import Judge
from vocabulary.china_time import civil_day
from vocabulary.judgement import Judgement, PlaceTold
from vocabulary.submission import Submission
from vocabulary.terms import Duty, Severity, Stage, Verdict

_TELLING = (Stage.FIRST, Stage.FOLLOW_UP)


def is_telling(made: Submission, judgement: Judgement) -> bool:
    """Say whether an item tells of an emergency that the unit of its place should have told of."""
    is_emergency = judgement.verdict is Verdict.EMERGENCY
    return is_emergency and made.stage in _TELLING and not made.is_drill


def places_of(judge: Judge, made: Submission, judgement: Judgement) -> tuple[PlaceTold, ...]:
    """Return where an item says that it happened: the stated place, else those in its text."""
    stated = judge.places_in(made.place) if made.place else ()
    return stated or judgement.places


def territory_of(county: County, places: Collection[PlaceTold]) -> str | None:
    """Return the unit in whose territory these places lie; None of no place, or of two units'."""
    units = {place.unit_id for place in places}
    return min(units) if len(units) == 1 and units <= county.units.keys() else None


def whom_to_ask(
    county: County, teller_id: str, told_by: Collection[str], places: Collection[PlaceTold]
) -> str | None:
    """Return the unit to ask about an incident that another told of; None where nobody is asked.

    Not who has told of it already, nor who stands in one line with the teller: what a unit's own
    branch tells, the unit tells. Nor who belongs to another duty room: its own report would be of
    a case there, and never be found to answer.
    """
    unit_id = territory_of(county, places)
    if unit_id is None or unit_id in told_by or county.are_in_line(teller_id, unit_id):
        return None
    return unit_id if county.desk_of(unit_id) == county.desk_of(teller_id) else None


def of_territory(
    rulebook: Rulebook, unit_id: str, severity: Severity | None, asked_at: datetime
) -> Obligation:
    """Return what a unit is asked to verify, from when it is asked: nobody is late before that.

    That it knew by then is assumed, and marked so. Who told of it is not named to it.
    """
    rule = rulebook.obligations[Duty.TERRITORY_REPORT]
    limit = rule.limit("*", civil_day(asked_at), severity)
    owed = counted(
        rule,
        limit,
        asked_at,
        unit_id=unit_id,
        opened_by="他方来报",
        now=asked_at,
        severity=severity,
    )
    return replace(owed, is_assumed=True)


def least_notice(rulebook: Rulebook, at: datetime) -> timedelta:
    """Return how long a unit that is asked at `at` has at least. 约稿至少留的时间。"""
    return rulebook.obligations[Duty.SOLICITED_ITEM].limit("*", civil_day(at), None).length


def of_solicitation(
    rulebook: Rulebook, unit_id: str, subject: str, asked_at: datetime, due_at: datetime
) -> Obligation:
    """Return what a unit owes for a solicitation, by a date that a person has set."""
    rule = rulebook.obligations[Duty.SOLICITED_ITEM]
    limit = rule.limit("*", civil_day(asked_at), None)
    return counted(
        rule,
        replace(limit, length=due_at - asked_at),
        asked_at,
        unit_id=unit_id,
        opened_by=f"约稿：{subject}",
        now=asked_at,
        severity=None,
    )
