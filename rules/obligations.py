"""Who owes what by when, and what opened it. 应报事项的产生。

A report never opens its own clock, or nothing would ever be missing: a telephone call opens
the written report, the desk opens a unit's, the calendar opens the daily one. What a unit has
just done is recorded as done, with the limit it was measured by.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from rules import ladder, timeliness
from rules.arrived import Arrived, Looked
from rules.rulebook import (
    DailyReport,
    NoLimitInForceError,
    ObligationRule,
    Rulebook,
    TimeLimit,
)
from rules.timeliness import Outage, Window
from vocabulary.china_time import at, civil_day
from vocabulary.terms import Clock, Duty, Fulfilment, Medium, Severity, Stage, Timeliness

_PAID_BY = {
    Stage.FOLLOW_UP: (Duty.FOLLOW_UP_REPORT,),
    Stage.SUPPLEMENT: (Duty.FOLLOW_UP_REPORT,),
    Stage.VERIFIED: (Duty.FOLLOW_UP_REPORT,),
    Stage.FINAL: (Duty.FINAL_REPORT, Duty.FOLLOW_UP_REPORT),
}


def paid_by(stage: Stage, medium: Medium) -> tuple[Duty, ...]:
    """Return which duties of a case an item can meet: at most one debt of each. 可抵的事项。"""
    if stage is Stage.FIRST and medium is Medium.WRITTEN:
        return (Duty.WRITTEN_FIRST_REPORT,)
    return _PAID_BY.get(stage, ())


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty of one unit, opened now. 应报事项。

    `is_assumed` says that `known_at` was not given and `received_at` stands in for it until
    the unit answers.
    """

    duty: Duty
    owed_by: str
    owed_to: str
    opened_by: str
    clock: Clock
    counted_from: datetime
    limit: timedelta
    due_at: datetime
    source: str
    confidence: str
    severity: Severity | None
    step: int
    next_at: datetime | None
    is_assumed: bool = False
    fulfilment: Fulfilment = Fulfilment.OPEN
    timeliness: Timeliness = Timeliness.PENDING
    fulfilled_at: datetime | None = None
    overrun: timedelta = timedelta(0)


def of_first_report(
    rulebook: Rulebook, profile: str, arrived: Arrived, outages: Iterable[Outage] = ()
) -> list[Obligation]:
    """Return what an emergency's first report has done and what it opens.

    A unit's own written report meets the written one. A telephone call meets the call and
    opens the written one; so does a case that the desk opened on a unit's behalf.
    """
    made = arrived.submission
    is_call = made.medium is Medium.PHONE or arrived.is_logged_call
    is_units_own = made.on_behalf_of is None
    found = [_of(rulebook, profile, Duty.WRITTEN_FIRST_REPORT, arrived)]
    if is_call:
        found.append(_of(rulebook, profile, Duty.PHONE_FIRST_REPORT, arrived))
    done = Duty.PHONE_FIRST_REPORT if is_call else Duty.WRITTEN_FIRST_REPORT
    if is_call or is_units_own:
        found = [
            _met(o, arrived, outages, rulebook.obligations[o.duty]) if o.duty is done else o
            for o in found
        ]
    return [*found, _of(rulebook, profile, Duty.FOLLOW_UP_REPORT, arrived)]


def next_follow_up(rulebook: Rulebook, profile: str, arrived: Arrived) -> Obligation:
    """Return the follow-up that is owed after one was received. 下一次续报。"""
    owed = _of(rulebook, profile, Duty.FOLLOW_UP_REPORT, arrived)
    return replace(owed, opened_by="续报")


def upward(
    rulebook: Rulebook, profile: str, desk_id: str, arrived: Arrived | Looked
) -> Iterator[Obligation]:
    """Yield what the desk owes upward for an emergency of that grade and sub-type, by recipient.

    Its clock is the desk's own: it counts from when the unit's report was received, or a person
    said how grave it is, unless the law counts from the incident.
    """
    for rule in rulebook.upward:
        limits = _limits(rule, profile, arrived)
        if limits:
            limit = min(limits, key=lambda each: each.due(arrived.start(each.clock)))
            yield counted(
                rule,
                limit,
                arrived.start(limit.clock),
                unit_id=desk_id,
                opened_by="接报" if isinstance(arrived, Arrived) else "人工定级",
                now=arrived.received_at,
                severity=arrived.severity,
            )


def of_alert(
    rulebook: Rulebook, duty: Duty, desk_id: str, opened_at: datetime, severity: Severity | None
) -> Obligation:
    """Return the desk's own obligation to acknowledge an alert, or to look at an item."""
    rule = rulebook.obligations[duty]
    limit = rule.limit("*", civil_day(opened_at), severity)
    return counted(
        rule,
        limit,
        opened_at,
        unit_id=desk_id,
        opened_by="警报" if duty is Duty.ACKNOWLEDGEMENT else "关注件",
        now=opened_at,
        severity=severity,
    )


def of_closing(rulebook: Rulebook, profile: str, unit_id: str, closed: Looked) -> Obligation:
    """Return the final report that a unit owes for a case that was dealt with. 终报。

    By the law of the incident's day; of the closing, where that day had none.
    """
    rule = rulebook.obligations[Duty.FINAL_REPORT]
    told = civil_day(closed.received_at)
    there = rule.limits_for(profile, closed.day, closed.severity, None)
    return counted(
        rule,
        there[0] if there else rule.limit(profile, told, closed.severity),
        closed.received_at,
        unit_id=unit_id,
        opened_by="办结",
        now=closed.received_at,
        severity=closed.severity,
    )


def of_day(rulebook: Rulebook, report: DailyReport, unit_id: str, day: date) -> Obligation:
    """Return a unit's daily report for `day`, opened by the calendar."""
    rule = rulebook.obligations[report.duty]
    opens = at(day, report.opens)
    limit = TimeLimit(at(day, report.due) - opens, Clock.RECEIVED, report.source, day)
    return counted(
        rule,
        limit,
        opens,
        unit_id=unit_id,
        opened_by=f"{day.isoformat()} 定时",
        now=opens,
        severity=None,
    )


def _of(rulebook: Rulebook, profile: str, duty: Duty, arrived: Arrived) -> Obligation:
    rule = rulebook.obligations[duty]
    limits = _limits(rule, profile, arrived)
    if not limits:
        raise NoLimitInForceError(f"{duty.value} under {profile}")
    limit = min(limits, key=lambda each: each.due(arrived.start(each.clock)))
    stated = arrived.submission
    owed = counted(
        rule,
        limit,
        arrived.start(limit.clock),
        unit_id=arrived.owing_unit_id,
        opened_by="电话报" if stated.medium is Medium.PHONE else "首报",
        now=arrived.received_at,
        severity=arrived.severity,
    )
    return replace(owed, is_assumed=limit.clock is Clock.KNOWN and stated.known_at is None)


def counted(
    rule: ObligationRule,
    limit: TimeLimit,
    start: datetime,
    *,
    unit_id: str,
    opened_by: str,
    now: datetime,
    severity: Severity | None,
) -> Obligation:
    """Return what is owed under that limit from `start` on, its ladder as it stands `now`."""
    due_at = limit.due(start)
    place = ladder.start(rule.ladder.for_grade(severity), due_at, now)
    return Obligation(
        duty=rule.duty,
        owed_by=unit_id,
        owed_to=rule.owed_to,
        opened_by=opened_by,
        clock=limit.clock,
        counted_from=start,
        limit=due_at - start,
        due_at=due_at,
        source=str(limit.source),
        confidence=limit.source.confidence,
        severity=severity,
        step=place.step,
        next_at=place.next_at,
    )


def _limits(rule: ObligationRule, profile: str, arrived: Arrived | Looked) -> tuple[TimeLimit, ...]:
    """The limits of the day of the incident; of the day we were told, where that day had none.

    A date before any law is a slip of the pen, and must not leave a unit owing nothing.
    """
    what = (arrived.severity, arrived.code, arrived.kind)
    there = rule.limits_for(profile, arrived.day, *what)
    return there or rule.limits_for(profile, civil_day(arrived.received_at), *what)


def _met(
    owed: Obligation, arrived: Arrived, outages: Iterable[Outage], rule: ObligationRule
) -> Obligation:
    window = Window(owed.counted_from, owed.due_at, ladder.cutoff(rule.ladder))
    finding = timeliness.judge_received(window, arrived.counted_at, outages)
    return replace(
        owed,
        fulfilment=Fulfilment.MET,
        timeliness=finding.timeliness,
        fulfilled_at=arrived.counted_at,
        overrun=finding.overrun,
        next_at=None,
    )
