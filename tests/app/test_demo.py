"""Is the demo's day sound, before anyone plays it? 演示日脚本与排定。"""

import io
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from app.demo.opening import listen, names_on_the_phone, port_of
from app.demo.plan import Plan, plan
from app.demo.script import COUNTY, Scene, Script, read_script
from app.demo.telling import Tally, Teller, Terminal
from rulebook.county import CountyError
from rules.duty import people_for
from tests.builders import the_county, the_judge
from vocabulary.china_time import BEIJING
from vocabulary.submission import Submission
from vocabulary.terms import Role, Stage

MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=BEIJING)
SCRIPT = read_script()
each_scene = pytest.mark.parametrize("scene", SCRIPT.day.story, ids=lambda scene: scene.title)
any_seed = pytest.mark.parametrize("seed", range(1, 21), ids="seed-{}".format)


@cache
def a_day(seed: int) -> Plan:
    return plan(SCRIPT, the_county(), MORNING, seed)


# The same seed is the same day.


@any_seed
def test_the_same_seed_is_the_same_day(seed: int) -> None:
    assert plan(SCRIPT, the_county(), MORNING, seed) == a_day(seed)


def test_another_seed_is_another_day() -> None:
    days = [[(s.at, s.unit_id, s.content["title"]) for s in a_day(n).sendings] for n in (1, 2)]

    assert days[0] != days[1]


# What a day holds.


@any_seed
def test_a_day_has_between_60_and_120_items_all_within_it(seed: int) -> None:
    day = a_day(seed)

    assert 60 <= len(day.sendings) <= 120
    assert all(day.starts_at <= sending.at < day.ends_at for sending in day.sendings)


@any_seed
def test_an_emergency_comes_within_seconds_of_the_opening(seed: int) -> None:
    first = next(s for s in a_day(seed).sendings if s.verdict == "emergency")

    assert first.at - MORNING < timedelta(seconds=15)


@any_seed
def test_what_follows_comes_after_what_it_follows(seed: int) -> None:
    sent_at = {s.name: s.at for s in a_day(seed).sendings if s.name}

    assert all(s.at > sent_at[s.follows] for s in a_day(seed).sendings if s.follows)


@any_seed
def test_every_item_is_one_that_the_api_takes(seed: int) -> None:
    for sending in a_day(seed).sendings:
        made = Submission(**sending.content)
        for moment in (made.occurred_at, made.known_at, made.called_at):
            assert moment is None or moment <= sending.at


@any_seed
def test_two_nil_reports_are_late_and_one_never_comes(seed: int) -> None:
    nil = [s for s in a_day(seed).sendings if s.content.get("stage") == Stage.NIL]
    due = MORNING.replace(hour=16, minute=30)
    owing = {unit.unit_id for unit in the_county().reporting_units}

    assert sum(s.at > due for s in nil) == 2
    assert {s.unit_id for s in nil} | set(SCRIPT.day.nil_reports.missing) >= {
        unit_id for unit_id in owing if the_county().units[unit_id].kind in ("township", "bureau")
    }
    assert len(nil) == 19


# Nobody in it is a stranger to the county.


def units_named(script: Script) -> Iterator[str]:
    yield script.day.watched_unit
    yield from (scene.unit for scene in script.day.story)
    yield from script.day.nil_reports.missing
    yield from (late.unit for late in script.day.nil_reports.late)


def test_every_unit_named_is_in_the_county() -> None:
    assert set(units_named(SCRIPT)) <= set(the_county().units)


def test_every_post_that_acknowledges_is_held_by_someone() -> None:
    posts = {s.acknowledged.by for s in a_day(1).sendings if s.acknowledged}

    assert all(
        people_for(
            the_county(), post, the_county().desk.unit_id, MORNING + hour * timedelta(hours=1)
        )
        for post in posts
        for hour in range(24)
    )


def test_the_three_seats_are_held_by_someone() -> None:
    for role in (Role.CLERK, Role.DUTY_OFFICER, Role.SUPERVISOR):
        assert people_for(the_county(), role, SCRIPT.day.watched_unit, MORNING)


def test_everyone_on_the_phone_has_a_name() -> None:
    names = names_on_the_phone(the_county())

    assert names["12000000001"] == names["zhou-haitao"] == "周海涛 值班员"
    assert names["yu-xiaoman"] == "余小满 红岩镇信息员"
    assert names["zhengfuban-duty-room"] == "云岭县人民政府办公室 企业微信群"


# The script and the rulebook agree.


@each_scene
def test_the_rulebook_judges_each_scene_as_the_script_says(scene: Scene) -> None:
    made = scene.submission()
    is_classified = the_judge().is_classified(made.title) or the_judge().is_classified(made.body)

    assert ("refused" if is_classified else the_judge()(made).verdict) == scene.verdict


@any_seed
def test_no_everyday_item_wakes_anybody(seed: int) -> None:
    everyday = [s for s in a_day(seed).sendings if s.verdict == "routine"]
    judged = {
        s.content["title"]: the_judge()(Submission(**s.content)).verdict.value for s in everyday
    }

    assert {title: verdict for title, verdict in judged.items() if verdict != "routine"} == {}


# Mistakes are told with their line.


def test_a_mistake_in_the_script_is_told_with_file_and_line(tmp_path: Path) -> None:
    written = (COUNTY / "demo" / "day.yaml").read_text("utf-8")
    (tmp_path / "day.yaml").write_text(written.replace("verdict: attention", "verdict: urgent", 1))
    (tmp_path / "routine.yaml").write_text((COUNTY / "demo" / "routine.yaml").read_text("utf-8"))

    with pytest.raises(CountyError, match=r"day\.yaml:\d+ “verdict”须为以下之一"):
        read_script(tmp_path)


def test_what_follows_nothing_is_a_mistake(tmp_path: Path) -> None:
    written = (COUNTY / "demo" / "day.yaml").read_text("utf-8")
    (tmp_path / "day.yaml").write_text(written.replace("follows: 崖下滑坡", "follows: 某事"))
    (tmp_path / "routine.yaml").write_text((COUNTY / "demo" / "routine.yaml").read_text("utf-8"))

    with pytest.raises(CountyError, match="某事"):
        read_script(tmp_path)


# Doors and terminal.


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        with listen("127.0.0.1", wanted) as door:
            assert wanted < port_of(door) <= wanted + 100


def test_without_a_terminal_there_are_plain_lines() -> None:
    written = io.StringIO()
    teller = Teller(Terminal(file=written, width=40), Tally(MORNING))

    teller.start()
    teller.refused(MORNING, "县公安局")
    teller.acknowledged(MORNING, Role.DUTY_OFFICER, "汤思琪", "[某事]" + "很长" * 40)
    teller.stop()

    lines = written.getvalue().splitlines()
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)
