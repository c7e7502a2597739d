"""What intake and clock know of their county. 值班室。"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from notifiers.directory import Directory
from notifiers.links import Links
from rules.arrived import Arrived, happened_at, law_day
from rules.county import County
from rules.lane import Lane
from rules.rulebook import Rulebook
from rules.triage import Judge
from vocabulary.arrival import Arrival
from vocabulary.judgement import Judgement, Reason
from vocabulary.submission import Submission
from vocabulary.terms import Verdict

log = structlog.get_logger()


@dataclass(frozen=True)
class Desk:
    """One county's duty room: its law, its people, and this process as owner of what it sends."""

    county: County
    rulebook: Rulebook
    judge: Judge
    directory: Directory
    links: Links
    owner: str
    carries: bool = True  # False: another process carries what this one writes
    now: Callable[[], datetime] | None = None  # the hour of writing; None: that of what is written

    def begins_at(self, at: datetime) -> datetime:
        """Return when an attempt written for something of `at` begins.

        What waited in the inbox is called now, and its lease runs from now.
        """
        return max(at, self.now()) if self.now is not None else at

    @property
    def unit_id(self) -> str:
        """The county's first duty room, by its unit: for what belongs to no other."""
        return self.county.desk.unit_id

    def room_of(self, unit_id: str) -> str:
        """Return the duty room, by its unit, that is called for what a unit sends."""
        return self.county.desk_of(unit_id).unit_id

    def arrived(self, arrival: Arrival, judgement: Judgement) -> Arrived:
        """Return an item as the clocks see it, by what it tells and what the unit is that owes.

        The law is that of the day its text tells, unless that is so long ago that it may be about
        something else.
        """
        kind = self.county.kind_of(arrival.owing_unit_id)
        seen = Arrived.of(arrival, judgement.severity, judgement.code, kind)
        told = happened_at(arrival.submission, judgement)
        if told is None or arrival.received_at - told > self.rulebook.doubting.far_off:
            return seen
        return replace(seen, law_day=law_day(told, arrival.received_at))

    def lane(self, made: Submission) -> Lane:
        """Return the lane for an item by the cheap look, before it is judged."""
        figures = (made.deaths, made.injured, made.missing)
        return self.judge.lane(made.title, made.body, *figures, is_drill=made.is_drill)

    def judge_or_ask(self, submission: Submission, received_at: datetime) -> Judgement:
        """Judge an item; one that the rules cannot judge goes to a person, never to silence.

        “今晨3时” in its text is told from the instant it was received.
        """
        try:
            return self.judge(submission, received_at)
        except Exception as error:  # noqa: BLE001 (a fault of ours must not lose what was received)
            log.error("unjudged", kind=type(error).__name__)
            reason = Reason(
                rule="unjudged",
                sentence=f"规则未能判定（{type(error).__name__}），请人工过目",
            )
            return Judgement(verdict=Verdict.ATTENTION, reasons=(reason,))
