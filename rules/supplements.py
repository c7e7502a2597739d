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
from rules.rulebook import AskingBack, Rulebook
from vocabulary.china_time import civil_day
from vocabulary.judgement import Casualties
from vocabulary.names import ELEMENT_NAMES
from vocabulary.terms import Duty, Medium, Stage, Verdict

_COUNTS = ("deaths", "injured", "missing")


def still_missing(told: Iterable[Entry]) -> tuple[str, ...]:
    """Return the elements that none of these items of one unit tells, in the order to ask them."""
    missing = [_lacks(entry) for entry in told]
    left = set.intersection(*missing) if missing else set()
    return tuple(element for element in ELEMENTS if element in left)


def _lacks(entry: Entry) -> set[str]:
    """What an item does not tell; of one that is no emergency, as far as it was read."""
    judgement, told = entry.judgement, entry.judgement.casualties
    if judgement.verdict is Verdict.EMERGENCY:
        return {*judgement.missing_elements}
    has = {
        "occurred_at": entry.occurred_at is not None,
        "place": bool(entry.place or judgement.places),
        "deaths": told.deaths is not None,
        "injured": told.injured is not None,
        "missing": told.missing is not None,
    }
    return {element for element in ELEMENTS if not has.get(element, False)}


def answer(rule: AskingBack, duty: Duty, since: datetime, told: Iterable[Entry]) -> Entry | None:
    """Return which item of a unit answered what was asked of it at `since`, or None.

    Elements are answered by all its items together, or by one that says they are not known yet; a
    count, by one that counts.
    """
    ordered = in_order(told)
    for number, entry in enumerate(ordered, 1):
        if entry.received_at <= since:
            continue
        if duty is Duty.CASUALTY_CHANGE:
            is_answer = entry.judgement.casualties != Casualties()
        else:
            left = rule.elements.intersection(still_missing(ordered[:number]))
            is_answer = entry.is_unclear or not left
        if is_answer:
            return entry
    return None


def in_order(told: Iterable[Entry]) -> list[Entry]:
    """Return the items that are proven to be a unit's own, as they were received."""
    return sorted((e for e in told if e.is_proven), key=lambda each: (each.received_at, each.uid))


def of_missing_elements(
    rulebook: Rulebook, profile: str, arrived: Arrived, missing: Sequence[str]
) -> Obligation | None:
    """Return what a unit owes for the elements that its written first report left out.

    None if none is asked; a call is asked nothing, for its written report will tell.
    """
    made = arrived.submission
    is_written = made.stage is Stage.FIRST and made.medium is Medium.WRITTEN
    asked = [element for element in missing if element in rulebook.asking_back.elements]
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
    for entry in in_order(told):
        new = entry.judgement.casualties
        told_now = {name: value for name in _COUNTS if (value := getattr(new, name)) is not None}
        found = replace(found, **told_now)
    return found


def is_overtaken(item: Entry, told: Sequence[Entry], unit_id: str) -> bool:
    """Say whether an item counts more people than that unit, which should then answer.

    Not where the unit counted nobody, counted again since, or had answered as high a count before.
    """
    theirs = [each for each in in_order(told) if each.unit_id == unit_id]
    counting = [each for each in theirs if each.judgement.casualties != Casualties()]
    if not counting or counting[-1].received_at > item.received_at:
        return False
    others = [each for each in told if each.unit_id != unit_id and each.uid != item.uid]
    heard = [each for each in in_order(others) if each.received_at <= counting[-1].received_at]
    now, then = item.judgement.casualties, counts(theirs)
    return any(_is_new(getattr(now, n), getattr(then, n), heard, n) for n in _COUNTS)


def _is_new(now: int | None, then: int | None, heard: Iterable[Entry], name: str) -> bool:
    known = [getattr(each.judgement.casualties, name) or 0 for each in heard]
    return now is not None and then is not None and now > max(then, *known, 0)


def is_still_overtaken(told: Sequence[Entry], unit_id: str) -> bool:
    """Say whether another unit, by what it told last, still counts more than that unit does."""
    theirs = counts(each for each in told if each.unit_id == unit_id)
    others = {each.unit_id for each in told} - {unit_id}
    last = [counts(each for each in told if each.unit_id == other) for other in sorted(others)]
    pairs = [(getattr(each, name), getattr(theirs, name)) for each in last for name in _COUNTS]
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
    if limit.within is not None and arrived.received_at > happened_at + limit.within:
        return None
    return counted(
        rule,
        limit,
        arrived.received_at,
        unit_id=unit_id,
        opened_by="他处所报伤亡多于本单位所报",
        now=arrived.received_at,
        severity=arrived.severity,
    )
