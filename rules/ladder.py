"""What an unmet obligation does next. 逐级提醒。

A ladder is data; here is only where one stands on it. Escalation is nothing but the ladder of
an acknowledgement that has not come.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.rulebook import Ladder, Step
from vocabulary.terms import Role, StepKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where an obligation stands: the next step's number and its instant; None at the top."""

    step: int
    next_at: datetime | None


def start(ladder: Ladder, due_at: datetime, now: datetime) -> Place:
    """Return where a new obligation starts: past nudges are dropped, all else is still owed."""
    for number, step in enumerate(ladder.steps):
        if step.kind is not StepKind.NUDGE or due_at + step.after > now:
            return Place(number, due_at + step.after)
    return top(ladder)


def steps_of_now(
    ladder: Ladder,
    due_at: datetime,
    step: int,
    now: datetime,
    called_for: datetime | None = None,
) -> tuple[tuple[Step, ...], Place]:
    """Return the steps whose instant has come, and where the obligation stands after them.

    After a downtime several may have come at once: a nudge is dropped when a later step has
    come too, because its hour is over.

    Args:
        called_for: when the next step was asked for; sooner than its own instant where nobody
            could be reached before it.
    """
    come = [s for s in ladder.steps[step:] if due_at + s.after <= now]
    if not come and called_for is not None and called_for <= now:
        come = list(ladder.steps[step : step + 1])
    place = place_at(ladder, due_at, step + len(come))
    last = come[-1:] and come[-1].kind
    return tuple(s for s in come if s.kind is not StepKind.NUDGE or s.kind is last), place


def place_at(ladder: Ladder, due_at: datetime, step: int) -> Place:
    """Return the place of step number `step`."""
    if step >= len(ladder.steps):
        return Place(step, None)
    return Place(step, due_at + ladder.steps[step].after)


def top(ladder: Ladder) -> Place:
    """Return the place above the last step, where nothing more comes."""
    return Place(len(ladder.steps), None)


def resume(ladder: Ladder, due_at: datetime, now: datetime) -> Place:
    """Return where a ladder goes on when an acknowledgement is taken back: the step of now."""
    come = sum(due_at + s.after <= now for s in ladder.steps)
    if come == 0:
        return place_at(ladder, due_at, 0)
    return Place(come - 1, now)


def cutoff(ladder: Ladder) -> timedelta:
    """Return how long after the due instant a report counts as missing."""
    return next((s.after for s in ladder.steps if s.kind is StepKind.MISSING), timedelta.max)


def posts(steps: tuple[Step, ...]) -> tuple[Role, ...]:
    """Return the posts of several steps, each once, in the order of the ladder."""
    return tuple(dict.fromkeys(role for step in steps for role in step.to))
