"""What a unit must still tell of a case beside its reports. 补报。

An element that its first report left out is asked back, and a count that another unit told higher
is to be brought up to date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from rules.arrived import Arrived
from rules.case import Entry
from rules.elements import ELEMENTS
from rules.obligations import Obligation, counted
from rules.rulebook import Rulebook
from vocabulary.china_time import civil_day
from vocabulary.judgement import Casualties
from vocabulary.names import ELEMENT_NAMES
from vocabulary.terms import Duty, Medium, Stage

_COUNTS = ("deaths", "injured", "missing")


def still_missing(told: Iterable[Entry]) -> tuple[str, ...]:
    """Return the elements that none of these items of one unit tells, in the order to ask them."""
    missing = [set(entry.judgement.missing_elements) for entry in told]
    left = set.intersection(*missing) if missing else set()
    return tuple(element for element in ELEMENTS if element in left)


def of_missing_elements(
    rulebook: Rulebook, profile: str, arrived: Arrived, missing: Sequence[str]
) -> Obligation | None:
    """Return what a unit owes for the elements that its written first report left out.

    None if none is asked; a call is asked nothing, for its written report will tell.
    """
    made = arrived.submission
    is_written = made.stage is Stage.FIRST and made.medium is Medium.WRITTEN
    asked = [element for element in missing if element in rulebook.asked_back]
    if not asked or not is_written or made.on_behalf_of is not None:
        return None
    rule = rulebook.obligations[Duty.MISSING_ELEMENTS]
    limit = rule.limit(profile, civil_day(arrived.received_at), arrived.severity)
    return counted(
        rule,
        limit,
        arrived.counted_at,
        unit_id=arrived.owing_unit_id,
        opened_by=f"首报缺{'、'.join(ELEMENT_NAMES[element] for element in asked)}",
        now=arrived.received_at,
        severity=arrived.severity,
    )


def counts(told: Iterable[Entry]) -> Casualties:
    """Return the counts that a unit's items tell, each as it was told last."""
    found = Casualties()
    for entry in sorted(told, key=lambda each: (each.received_at, each.uid)):
        new = entry.judgement.casualties
        told_now = {name: value for name in _COUNTS if (value := getattr(new, name)) is not None}
        found = replace(found, **told_now)
    return found


def is_more(told: Casualties, before: Casualties) -> bool:
    """Say whether somebody counts more dead, injured or missing than a unit that counted them."""
    pairs = [(getattr(told, name), getattr(before, name)) for name in _COUNTS]
    return any(now > then for now, then in pairs if now is not None and then is not None)


def of_casualty_change(
    rulebook: Rulebook,
    profile: str,
    arrived: Arrived,
    unit_id: str,
    happened_at: datetime,
) -> Obligation | None:
    """Return what `unit_id` owes since `arrived` counted more; None where the law asks for nothing.

    The law asks within so many days of the incident, by its sub-type: the nearest text holds.
    """
    rule = rulebook.obligations[Duty.CASUALTY_CHANGE]
    limits = rule.limits_for(profile, civil_day(happened_at), arrived.severity, arrived.code)
    if not limits:
        return None
    limit = max(limits, key=lambda each: max(map(len, each.codes), default=0))
    if limit.within is not None and arrived.counted_at > happened_at + limit.within:
        return None
    return counted(
        rule,
        limit,
        arrived.counted_at,
        unit_id=unit_id,
        opened_by="他处所报伤亡多于本单位所报",
        now=arrived.received_at,
        severity=arrived.severity,
    )
