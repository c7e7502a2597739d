"""Can the rulebook be trusted, and mended? 规章。

Read downwards: what the law says, that each value is cited, and that a mistake is told with
its file, its line and a sentence.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

import rulebook
from rulebook.loading import FOLDER
from rules.rulebook import NoLimitInForceError, Rulebook, Source
from vocabulary.terms import Clock, Duty, Role, Severity, StepKind

RULEBOOK = rulebook.load()
TODAY = date(2026, 3, 1)
MARKS = {"L", "X", "S", "C", "M", "D"}


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def all_sources(value: object) -> Iterator[Source]:
    if isinstance(value, Source):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from all_sources(getattr(value, field.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from all_sources(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from all_sources(each)


@pytest.mark.parametrize(
    ("profile", "phone", "written"),
    [("national_30_60", 30, 60), ("county_20_40", 20, 40), ("strict_15_35", 15, 35)],
)
def test_each_profile_limits_the_first_report(profile: str, phone: int, written: int) -> None:
    for duty, expected in (
        (Duty.PHONE_FIRST_REPORT, phone),
        (Duty.WRITTEN_FIRST_REPORT, written),
    ):
        limit = RULEBOOK.obligations[duty].limit(profile, TODAY, Severity.MAJOR)
        assert limit.length == minutes(expected)
        assert limit.clock is Clock.KNOWN


def test_the_strict_profile_gives_lesser_incidents_longer_and_unknown_ones_not() -> None:
    rule = RULEBOOK.obligations[Duty.WRITTEN_FIRST_REPORT]
    by_severity = {Severity.SERIOUS: 60, Severity.ORDINARY: 360, Severity.EXTREME: 35, None: 35}

    for severity, expected in by_severity.items():
        assert rule.limit("strict_15_35", TODAY, severity).length == minutes(expected)


def test_an_old_incident_is_judged_by_the_old_law() -> None:
    rule = RULEBOOK.obligations[Duty.WRITTEN_FIRST_REPORT]

    assert rule.limit("national_30_60", date(2015, 7, 31), None).length == minutes(60)
    assert rule.limit("national_30_60", date(2015, 7, 30), None).length == minutes(240)
    with pytest.raises(NoLimitInForceError):
        rule.limit("national_30_60", date(2005, 1, 1), None)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.EXTREME, 720),
        (Severity.MAJOR, 720),
        (Severity.SERIOUS, 1440),
        (Severity.ORDINARY, 1440),
        (None, 1440),
    ],
)
def test_follow_ups_are_owed_twice_or_once_a_day(severity: Severity | None, expected: int) -> None:
    limit = RULEBOOK.obligations[Duty.FOLLOW_UP_REPORT].limit("any", TODAY, severity)

    assert limit.length == minutes(expected)
    assert limit.clock is Clock.RECEIVED


def test_an_unacknowledged_alert_climbs_to_the_top() -> None:
    ladder = RULEBOOK.obligations[Duty.ACKNOWLEDGEMENT].ladder

    assert [(step.after, step.to) for step in ladder.steps] == [
        (minutes(0), (Role.DUTY_OFFICER, Role.DUTY_LEADER)),
        (minutes(5), (Role.OFFICE_DIRECTOR,)),
        (minutes(10), (Role.LEADER_IN_CHARGE,)),
        (minutes(15), (Role.PRINCIPAL_LEADER,)),
    ]
    assert set(ladder.at_once) == {Severity.EXTREME, Severity.MAJOR}


def test_a_unit_is_nudged_before_it_is_late() -> None:
    for duty in (Duty.WRITTEN_FIRST_REPORT, Duty.FOLLOW_UP_REPORT, Duty.NIL_REPORT):
        ladder = RULEBOOK.obligations[duty].ladder
        assert [step.kind for step in ladder.steps] == [
            StepKind.NUDGE,
            StepKind.OVERDUE,
            StepKind.MISSING,
            StepKind.RAISE,
        ]
        assert [step.kind for step in ladder.for_grade(None).steps][-1] is StepKind.MISSING


def test_an_unseen_item_becomes_a_call_after_a_quarter_of_an_hour() -> None:
    rule = RULEBOOK.obligations[Duty.LOOK]

    assert rule.limit("any", TODAY, None).length == minutes(15)
    assert rule.ladder.steps[0].kind is StepKind.PAGE_UNSEEN


def test_the_lease_outlives_the_send() -> None:
    assert RULEBOOK.delivery.lease > RULEBOOK.delivery.send_timeout


def test_every_value_has_its_source_and_its_confidence() -> None:
    sources = [*all_sources(RULEBOOK)]

    assert len(sources) > 15
    for source in sources:
        assert source.title
        assert source.confidence in MARKS


def test_what_is_from_memory_says_that_nobody_has_checked_it() -> None:
    remembered = [source for source in all_sources(RULEBOOK) if source.confidence == "M"]

    assert remembered
    for source in remembered:
        assert source.verify
        assert "未经核对" in str(source)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "rulebook"
    copytree(FOLDER, copy, ignore=ignore_patterns("*.py", "__pycache__"))
    return copy


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Change the first `old` in the file; return the line it stands on."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def mistakes(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(rulebook.RulebookError) as error:
        rulebook.load(folder)
    return [(m.file, m.line, m.sentence) for m in error.value.mistakes]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("first_report.yaml", "minutes: 30", "minutes: 三十", "“minutes”须为整数"),
        ("first_report.yaml", "minutes: 30", "minutes: 0", "“minutes”须大于0"),
        ("first_report.yaml", "2015-07-31\n", "2015-07-32\n", "须为日期"),
        ("first_report.yaml", "clock: known", "clock: noticed", "“clock”须为以下之一"),
        ("first_report.yaml", "clock: known", "clok: known", "不认识“clok”"),
        ("follow_up.yaml", "confidence: X", "confidence: m", "“confidence”须为以下之一"),
        ("follow_up.yaml", "confidence: X", "confidence: M", "须加 verify: true"),
        ("daily.yaml", 'due: "16:30"', "due: 下午", "须为时刻"),
        ("reporting_ladder.yaml", "kind: nudge", "kind: raise", "须排在最后"),
        ("reporting_ladder.yaml", "unit_head]", "unit_head], severities: [major]", "只有 raise"),
        ("delivery.yaml", "lease_seconds: 20", "lease_seconds: 10", "须长于"),
        ("grading/accidents.yaml", "serious: 3, major: 10", "serious: 3, major: 3", "逐级增高"),
        ("grading/accidents.yaml", "figures: [deaths]", "figures: [dead]", "须为以下之一"),
        ("grading/health.yaml", 'codes: ["13B"]', 'codes: ["13Z"]', "没有代码 13Z"),
        ("grading/health.yaml", 'codes: ["13B"]', 'codes: ["食物"]', "写法不对"),
        ("grading/natural.yaml", "confidence: M", "confidence: m", "须为以下之一"),
        ("grading/social.yaml", "    criteria:", "    crieria:", "不认识“crieria”"),
        ("floors.yaml", "{figures: [rainfall], low: 100}", "{figures: [rain]}", "缺少“low”"),
        ("floors.yaml", "verify: true\n    confidence: M", "confidence: M", "须加 verify: true"),
        ("escalators.yaml", "at_least: major", "at_least: 重大", "须为以下之一"),
        ("eyewitness.yaml", "code: 11C00", "code: 11Z00", "没有代码 11Z00"),
        (
            "eyewitness.yaml",
            "of: [房屋, 车船, 林草",
            "of: [房子, 车船, 林草",
            "subjects 里没有：房子",
        ),
        ("escalators.yaml", 'codes: ["12Q"]', 'codes: ["12V"]', "没有代码 12V"),
        ("subtypes.yaml", '"11A01": 洪水', '"11B01": 洪水', "不在 11A00 之下"),
        ("subtypes.yaml", "category: 自然灾害", "category: 事故灾难", "不在“事故灾难”一类"),
        ("lexicon.yaml", 'code: "11A00"', "code: 水旱", "“code”写法不对"),
        ("classified.yaml", "mark: >-\n  (", "mark: >-\n  ((", "不是正确的正则表达式"),
        ("attention.yaml", "to: [duty_officer]", "to: [boss]", "须为以下之一"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_sentence(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    line = change(folder, file, old, new)

    told = mistakes(folder)

    assert any(f == file and abs(at - line) <= 1 and said in s for f, at, s in told), told


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder, "daily.yaml", "kinds:", "sorts:")
    change(folder, "delivery.yaml", "link_valid_hours: 24", "link_valid_hours: 一天")
    (folder / "attention.yaml").unlink()

    told = mistakes(folder)

    assert {file for file, _, _ in told} == {"daily.yaml", "delivery.yaml", "attention.yaml"}
    assert ("attention.yaml", 1, "没有这个文件") in told


def test_a_code_written_twice_is_told(folder: Path) -> None:
    change(folder, "subtypes.yaml", 'code: "12F00"', 'code: "12U00"')

    assert any(f == "subtypes.yaml" and "12U00 写了两次" in said for f, _, said in mistakes(folder))


def test_what_the_county_has_not_adopted_grades_nothing(folder: Path) -> None:
    names = {ladder.name for ladder in RULEBOOK.grades}
    assert "群体性事件（从严样本一）" not in names

    change(folder, "grading/social.yaml", "    adopted: false", "    adopted: true")

    assert "群体性事件（从严样本一）" in {ladder.name for ladder in rulebook.load(folder).grades}


def test_every_sub_type_of_the_lexicon_is_in_the_code_tree() -> None:
    for subtype in RULEBOOK.lexicon.subtypes:
        assert RULEBOOK.subtypes[subtype.code].category is subtype.category


def test_a_word_list_for_no_sub_type_is_told(folder: Path) -> None:
    line = change(folder, "lexicon.yaml", 'code: "12F00"', 'code: "12V00"')

    assert ("lexicon.yaml", line, "subtypes.yaml 里没有代码 12V00") in mistakes(folder)


def test_a_class_shows_its_standard_number_where_it_is_known() -> None:
    assert RULEBOOK.subtypes["11B00"].standard == "10200"
    assert RULEBOOK.subtypes["11B03"].name == "暴雨"
    assert RULEBOOK.subtypes["14A00"].standard is None


def test_a_word_cannot_do_two_things(folder: Path) -> None:
    line = change(folder, "routine_context.yaml", "neutral: [", "neutral: [火灾, ")

    told = mistakes(folder)

    assert len(told) == 1
    assert told[0][:2] == ("routine_context.yaml", line)
    assert "“火灾”已写在 lexicon.yaml" in told[0][2]


def test_broken_yaml_and_a_key_written_twice_are_told_by_line(folder: Path) -> None:
    (folder / "daily.yaml").write_text("title: 一\ntitle: 二\n", "utf-8")
    (folder / "attention.yaml").write_text("title: [一\nnote: 二\n", "utf-8")

    told = mistakes(folder)

    assert ("daily.yaml", 2, "同一名称写了两次") in told
    assert any(f == "attention.yaml" and "YAML 格式有误" in s for f, _, s in told)


def test_the_digest_names_this_very_text(folder: Path) -> None:
    assert rulebook.load(folder).digest == RULEBOOK.digest

    change(folder, "daily.yaml", "16:30", "16:00")

    changed: Rulebook = rulebook.load(folder)
    assert changed.digest != RULEBOOK.digest
