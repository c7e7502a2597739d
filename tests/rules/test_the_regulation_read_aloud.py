"""Is every limit of the rulebook kept to the second? 逐条念一遍时限。

Driven from the YAML: a limit that is added is read aloud here without anybody remembering it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from rules import ladder, timeliness
from rules.arrived import Arrived
from rules.limits import ObligationRule, TimeLimit
from rules.obligations import Obligation, next_follow_up, of_first_report, upward
from rules.timeliness import Window
from tests.builders import FIRE, NIGHT, SECOND, an_arrival, the_law
from vocabulary.china_time import at
from vocabulary.terms import Clock, Severity, Timeliness, UnitKind


@dataclass(frozen=True)
class Read:
    """One limit with the rule and the profile it stands in."""

    rule: ObligationRule
    profile: str
    limit: TimeLimit

    def __str__(self) -> str:
        what = f"{self.rule.duty.value} to {self.rule.owed_to} under {self.profile}"
        only = (*sorted(self.limit.severities or ()), *sorted(self.limit.kinds or ()))
        which = "+".join((*self.limit.codes, *only))
        return f"{what} {which or 'whatever'} from {self.limit.in_force_from}"


def every_limit() -> Iterator[Read]:
    law = the_law()
    for rule in (*law.obligations.values(), *law.upward):
        for profile, limits in rule.limits.items():
            yield from (Read(rule, profile, limit) for limit in limits)


EVERY_LIMIT = list(every_limit())


def a_case_of(read: Read) -> tuple[Severity | None, str | None, datetime]:
    """The least case that the limit is for, at noon on its first day."""
    severities = sorted(read.limit.severities or (), key=lambda each: each.rank)
    code = f"{read.limit.codes[0]:0<5}"[:5] if read.limit.codes else None
    noon = at(read.limit.in_force_from, datetime.min.time()) + timedelta(hours=12)
    return (severities[0] if severities else None), code, noon


@pytest.mark.parametrize("read", EVERY_LIMIT, ids=str)
def test_a_limit_binds_from_its_first_day_and_not_the_day_before(read: Read) -> None:
    severity, code, noon = a_case_of(read)
    day = noon.date()

    kind = min(read.limit.kinds or (), default=None)

    assert read.limit in read.rule.limits_for(read.profile, day, severity, code, kind)
    before = read.rule.limits_for(read.profile, day - timedelta(days=1), severity, code, kind)
    assert read.limit not in before


@pytest.mark.parametrize("read", EVERY_LIMIT, ids=str)
@pytest.mark.parametrize(
    ("off", "expected"),
    [
        pytest.param(-SECOND, Timeliness.ON_TIME, id="a second before"),
        pytest.param(timedelta(0), Timeliness.ON_TIME, id="on the second"),
        pytest.param(SECOND, Timeliness.LATE, id="a second after"),
    ],
)
def test_a_limit_is_kept_to_the_second(read: Read, off: timedelta, expected: Timeliness) -> None:
    _, _, noon = a_case_of(read)
    due_at = read.limit.due(noon)
    window = Window(noon, due_at, ladder.cutoff(read.rule.ladder))

    assert timeliness.judge_received(window, due_at + off).timeliness is expected


@pytest.mark.parametrize("read", EVERY_LIMIT, ids=str)
def test_a_limit_says_who_what_and_under_which_text(read: Read) -> None:
    assert read.limit.source.title
    assert read.limit.length > timedelta(0)
    assert read.limit.source.verify or read.limit.source.confidence != "M"
    assert read.rule.owed_to


def upward_of(severity: Severity | None, code: str) -> dict[str, Obligation]:
    arrived = Arrived.of(an_arrival(**FIRE), severity, code)
    found = upward(the_law(), "national_30_60", "zhengfuban", arrived)
    return {owed.owed_to: owed for owed in found}


@pytest.mark.parametrize(
    ("severity", "code", "minutes"),
    [
        pytest.param(Severity.ORDINARY, "12Q01", 240, id="an ordinary spill in four hours"),
        pytest.param(Severity.ORDINARY, "13A02", 120, id="cholera in two hours"),
        pytest.param(Severity.ORDINARY, "13E01", 120, id="bird flu in two hours"),
        pytest.param(Severity.ORDINARY, "11D01", 720, id="a small landslide in twelve hours"),
        pytest.param(Severity.ORDINARY, "12A01", 120, id="a mine accident in two hours"),
        pytest.param(Severity.MAJOR, "11D01", 60, id="a big one by the general limit, the sooner"),
    ],
)
def test_the_city_is_told_by_the_limit_that_is_due_first(
    severity: Severity, code: str, minutes: int
) -> None:
    owed = upward_of(severity, code)["市政府总值班室"]

    assert owed.limit == timedelta(minutes=minutes)
    assert owed.clock is Clock.RECEIVED


def test_an_ordinary_fire_is_owed_to_nobody_above() -> None:
    assert upward_of(Severity.ORDINARY, "12G03") == {}


def test_a_grave_one_is_owed_to_each_by_a_clock_of_its_own() -> None:
    owed = upward_of(Severity.MAJOR, "12A01")

    assert set(owed) == {"市政府总值班室", "省政府总值班室", "县委办公室"}
    assert {each.owed_by for each in owed.values()} == {"zhengfuban"}


def test_a_units_report_is_due_by_its_profile_where_that_is_sooner_than_the_law_of_its_kind() -> (
    None
):
    arrived = Arrived.of(an_arrival(**FIRE), Severity.ORDINARY, "12A01")

    by_profile = {
        profile: of_first_report(the_law(), profile, arrived)[0].limit
        for profile in ("national_30_60", "strict_15_35")
    }

    assert by_profile["national_30_60"] == timedelta(minutes=60)
    assert by_profile["strict_15_35"] == timedelta(minutes=120)  # 493号令; the profile gives 360


@pytest.mark.parametrize(
    ("kind", "code", "minutes"),
    [
        pytest.param(UnitKind.ENTERPRISE, "12A01", 60, id="a mine's own report in an hour"),
        pytest.param(UnitKind.BUREAU, "12A01", 120, id="a bureau's in two hours"),
        pytest.param(UnitKind.TOWNSHIP, "11B01", 60, id="a township's of a disaster in an hour"),
        pytest.param(UnitKind.BUREAU, "11B01", 240, id="a bureau's of it by the general limit"),
        pytest.param(None, "12A01", 120, id="one of which nobody knows what it is, in two"),
    ],
)
def test_who_owes_decides_which_text_binds(kind: UnitKind | None, code: str, minutes: int) -> None:
    known = FIRE | {"known_at": NIGHT, "occurred_at": NIGHT}
    arrived = Arrived.of(an_arrival(**known), Severity.ORDINARY, code, kind)

    owed = of_first_report(the_law(), "a county without a profile", arrived)[0]

    assert owed.limit == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("code", "told_at", "due_at"),
    [
        pytest.param("11B07", "2026-07-01T23:59:59", "2026-07-02T08:00:00", id="before midnight"),
        pytest.param("11B07", "2026-07-02T00:00:00", "2026-07-02T08:00:00", id="at midnight"),
        pytest.param("11B07", "2026-07-02T00:00:01", "2026-07-03T00:00:01", id="after midnight"),
        pytest.param("11A52", "2026-07-02T09:00:00", "2026-07-12T09:00:00", id="drought"),
        pytest.param("12G03", "2026-07-02T09:00:00", "2026-07-03T09:00:00", id="no disaster"),
    ],
)
def test_a_township_follows_up_a_disaster_by_eight_and_a_drought_every_ten_days(
    code: str, told_at: str, due_at: str
) -> None:
    told = datetime.fromisoformat(f"{told_at}+08:00")
    arrived = Arrived.of(an_arrival(at=told, **FIRE), None, code, UnitKind.TOWNSHIP)

    owed = next_follow_up(the_law(), "national_30_60", arrived)

    assert owed.due_at == datetime.fromisoformat(f"{due_at}+08:00")
