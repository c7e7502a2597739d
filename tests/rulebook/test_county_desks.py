"""May a county have several desks, and may a program have written it? 多值班室与 JSON 县情。"""

import json
from pathlib import Path

import pytest

from rulebook.county import load
from rulebook.lines import read
from rules.county import DESK_POSTS
from tests.rulebook.county_folder import SHIPPED, Change, line_of, mistakes_of

COUNTY = load(SHIPPED, {})
LOWER_DESK = "{id: xinqu, name: 新区办, kind: government_office, superior: zhengfuban}"
LOWER_OFFICER = (
    "{id: jiang-wan, name: 江晚, unit: xinqu, roles: [duty_officer], "
    "mobile: '12000000099', channels: [app]}"
)


def test_a_lower_desk_needs_an_officer_and_finds_its_other_posts_above_it(
    folder: Path, change: Change
) -> None:
    change("units.yaml", "  # 乡镇、街道", f"  - {LOWER_DESK}")

    ((file, line, sentence),) = mistakes_of(folder)
    change("people.yaml", "people:\n", f"people:\n  - {LOWER_OFFICER}\n")

    assert (file, line) == ("units.yaml", line_of(folder / "units.yaml", "id: xinqu"))
    assert sentence == "新区办设了值班室，但无人担任值班员（duty_officer）"
    assert load(folder, {}).desks_under("xinqu") == frozenset({"xinqu"})


def test_a_lower_desk_with_no_desk_above_it_must_have_every_post(
    folder: Path, change: Change
) -> None:
    desk = LOWER_DESK.replace(", superior: zhengfuban", "")
    change("units.yaml", "  # 乡镇、街道", f"  - {desk}")

    told = [sentence for _, _, sentence in mistakes_of(folder)]

    assert len(told) == len(DESK_POSTS)
    assert "新区办设了值班室，但无人担任督查（supervisor），其上级值班室也没有" in told


def test_the_countys_rota_names_nobody_of_a_lower_desk(folder: Path, change: Change) -> None:
    change("units.yaml", "  # 乡镇、街道", f"  - {LOWER_DESK}")
    change("people.yaml", "people:\n", f"people:\n  - {LOWER_OFFICER}\n")
    change("roster.yaml", "zhou-haitao", "jiang-wan")

    ((file, _, sentence),) = mistakes_of(folder)

    assert (file, sentence) == (
        "roster.yaml",
        "“jiang-wan”不担任值班员（duty_officer），不能排入此表",
    )


def as_json(path: Path) -> None:
    """Write a file anew as a program would: JSON, which is YAML too."""
    data, _ = read(path)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")


def test_a_county_written_by_a_program_is_the_same_county(folder: Path) -> None:
    for path in folder.glob("*.yaml"):
        as_json(path)

    assert load(folder, {}) == COUNTY


def test_a_mistake_in_json_is_told_with_its_line_too(folder: Path, change: Change) -> None:
    as_json(folder / "people.yaml")
    change("people.yaml", '"unit": "qingshi"', '"unit": "qingsi"')

    told = mistakes_of(folder)

    line = line_of(folder / "people.yaml", '"unit": "qingsi"')
    assert ("people.yaml", line, "没有编号为“qingsi”的单位") in told


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param('{"people": [],\n "people": []}', "同一名称写了两次", id="twice"),
        pytest.param('{"people": [}', "YAML 格式有误，请核对缩进、冒号与引号", id="torn"),
    ],
)
def test_bad_json_is_told_as_bad_yaml(folder: Path, text: str, sentence: str) -> None:
    (folder / "people.yaml").write_text(text, "utf-8")

    assert sentence in [says for name, _, says in mistakes_of(folder) if name == "people.yaml"]
