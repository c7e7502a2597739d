"""What a row of the late log lets one suspect, and how it stands. 疑似与认定。

Pure. Software goes no further than what its clock shows, which is late or omitted: intent
(瞒报, 谎报) is never suspected here, and nothing is found but by a person.
"""

from vocabulary.terms import AnswerKind, Lapse, LapseStanding, Timeliness

_SUSPECTED = {
    Timeliness.LATE: Lapse.LATE,
    Timeliness.OVERDUE: Lapse.LATE,  # whenever it comes now, it comes late
    Timeliness.MISSING: Lapse.OMITTED,
}


def suspected(timeliness: Timeliness) -> Lapse | None:
    """Return what the clock lets one suspect: late, omitted, or nothing."""
    return _SUSPECTED.get(timeliness)


def standing(timeliness: Timeliness, ruling: AnswerKind | None) -> LapseStanding:
    """Return how a row stands by its newest entry and a supervisor's last word on it."""
    if ruling is AnswerKind.FINDING:
        return LapseStanding.FOUND
    if ruling is AnswerKind.WAIVER:
        return LapseStanding.WAIVED
    return LapseStanding.NONE if suspected(timeliness) is None else LapseStanding.SUSPECTED
