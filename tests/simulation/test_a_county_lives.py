"""Does every promise hold through a week, and a year, of whatever may come? 模拟。

Each seed is one life: 96 units, their reports and silences, a desk that answers or does not, a
house that stops, crashes between a change and its commit, and loses its disk. The promises are
those of `witness.py`. A failure names its seed: `pytest -k seed-17` lives that life again.
"""

import pytest

from tests.simulation.life import Life

WEEKS = 200


@pytest.mark.slow
@pytest.mark.parametrize("seed", [pytest.param(n, id=f"seed-{n}") for n in range(WEEKS)])
def test_a_week_keeps_every_promise(seed: int) -> None:
    life = Life(seed, days=7)

    life.live()

    assert life.house.life > 0
    assert life.steps > 7 * 100


@pytest.mark.slow
@pytest.mark.timeout(900)  # a stuck life must end; nothing here measures time
def test_a_year_keeps_every_promise() -> None:
    life = Life(seed=2026, days=365)

    life.live()

    assert life.steps > 365 * 100


@pytest.mark.slow
def test_the_same_seed_is_the_same_life_to_the_last_row() -> None:
    one, other = Life(5, days=2), Life(5, days=2)

    one.live()
    other.live()

    assert one.house.room.counts() == other.house.room.counts()
    assert one.house.room.late_log() == other.house.room.late_log()
    assert one.units.told == other.units.told


@pytest.mark.slow
def test_the_weather_is_bad_enough_to_prove_something() -> None:
    """A simulation in which nothing ever happens would keep every promise too."""
    lives = [Life(seed, days=7) for seed in range(6)]
    for life in lives:
        life.live()

    found = {entry["timeliness"] for life in lives for entry in life.house.room.late_log()}
    found |= {owed["timeliness"] for life in lives for owed in life.owed()}
    assert found == {"pending", "on_time", "late", "overdue", "missing", "unknown"}
    done = {(owed["duty"], owed["fulfilment"]) for life in lives for owed in life.owed()}
    assert {"final_report", "missing_elements"} <= {duty for duty, how in done if how == "met"}
    assert {("territory_report", "met"), ("territory_report", "open")} <= done
    assert ("follow_up_report", "waived") in done  # cases that were closed
    assert sum(life.house.life for life in lives) > 10  # starts after a death
    assert sum(life.house.cut_short for life in lives) > 3  # transactions that never committed
    assert sum(life.house.refused for life in lives) > 2  # spells of a disk that took nothing
