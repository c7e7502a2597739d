"""What a row of the late log lets one suspect, and how it stands. 疑似与认定。

Pure. Software goes no further than what its clock shows, which is late or omitted: intent
(瞒报, 谎报) is never suspected here, and nothing is found but by a person.
"""

from dataclasses import dataclass

from vocabulary.terms import AnswerKind, Fulfilment, Lapse, LapseStanding, Timeliness

_SUSPECTED = {
    Timeliness.LATE: Lapse.LATE,
    Timeliness.OVERDUE: Lapse.LATE,  # whenever it comes now, it comes late
    Timeliness.MISSING: Lapse.OMITTED,
}


@dataclass(frozen=True, slots=True)
class LapseCount:
    """How often a unit's reports came late, and how often none came at all. 迟报、未报次数。"""

    late: int = 0
    silent: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.late + self.silent

    def without(self, silent: int) -> "LapseCount":
        """Return the others, where so many of the silent ones are what is spoken of."""
        return LapseCount(self.late, max(0, self.silent - silent))


NO_LAPSES = LapseCount()


def suspected(timeliness: Timeliness, fulfilment: Fulfilment = Fulfilment.OPEN) -> Lapse | None:
    """Return what the clock lets one suspect: late, omitted, or nothing.

    What a person waived (误报，免报) was never to be reported, whatever the clock said before.
    """
    return None if fulfilment is Fulfilment.WAIVED else _SUSPECTED.get(timeliness)


def standing(
    timeliness: Timeliness, fulfilment: Fulfilment, ruling: AnswerKind | None
) -> LapseStanding:
    """Return how a row stands: by a supervisor's last word on it, else by what it lets suspect."""
    if ruling is AnswerKind.FINDING:
        return LapseStanding.FOUND
    if ruling is AnswerKind.WAIVER:
        return LapseStanding.WAIVED
    is_suspected = suspected(timeliness, fulfilment) is not None
    return LapseStanding.SUSPECTED if is_suspected else LapseStanding.NONE
