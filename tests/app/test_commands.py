"""What do the commands print, and how do they end? 命令。"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.settings import ROOT
from tests.app.commands import jibao
from tests.builders import BLAST, FIRE, MEETING, RUMOUR, WALL

# check, county, duty.


def test_the_shipped_county_has_no_mistake() -> None:
    done = jibao("check")

    assert done.exit_code == 0
    assert done.stdout.strip() == "没有错误。"


def test_a_mistake_is_told_with_file_and_line_and_ends_in_failure(tmp_path: Path) -> None:
    county = tmp_path / "county"
    shutil.copytree(ROOT / "county", county)
    people = county / "people.yaml"
    people.write_text(people.read_text("utf-8").replace("[duty_officer]", "[duty_oficer]", 1))

    done = jibao("check", "--county", county)

    assert done.exit_code == 1
    line = 1 + people.read_text("utf-8").split("duty_oficer")[0].count("\n")
    assert f"people.yaml:{line}" in done.stdout
    assert "共 1 处错误" in done.stdout


def test_limits_that_nobody_wrote_are_no_choice(tmp_path: Path) -> None:
    county = tmp_path / "county"
    shutil.copytree(ROOT / "county", county)
    page = county / "county.yaml"
    page.write_text(page.read_text("utf-8") + "\nupward_profile: hunan\n")

    done = jibao("check", "--county", county)

    assert done.exit_code == 1
    line = page.read_text("utf-8").count("\n")
    assert f"county.yaml:{line}" in done.stdout
    assert "可选：anhui、chongqing、jiangxi" in done.stdout


def test_a_command_on_a_county_with_mistakes_says_them_and_stops(tmp_path: Path) -> None:
    done = jibao("county", "list", "--county", tmp_path)

    assert done.exit_code == 1
    assert "county.yaml" in done.stderr
    assert "Traceback" not in done.output


def test_the_county_is_listed_with_ids_kinds_and_roles_and_no_number() -> None:
    done = jibao("county", "list", "--json")

    units = {unit["unit_id"]: unit for unit in json.loads(done.stdout)}
    assert units["qingshi"]["kind"] == "township"
    assert units["qingshi"]["people"][0] == {
        "person_id": "li-chunmei",
        "name": "李春嵋",
        "title": "信息员",
        "roles": ["clerk"],
    }
    assert "12000000" not in done.stdout


def test_the_county_is_listed_for_people_to_read_too() -> None:
    done = jibao("county", "list")

    assert "青石镇" in done.stdout
    assert "信息员" in done.stdout


def test_who_is_on_duty_now_is_told_post_by_post() -> None:
    done = jibao("duty", "now", "--json")

    posts = json.loads(done.stdout)
    assert [post["role"] for post in posts][:2] == ["duty_officer", "duty_leader"]
    assert all(post["people"] for post in posts)
    assert set(posts[0]) == {"role", "people", "since", "until", "instead_of_rota"}


@pytest.mark.parametrize("command", [("now",), ("next",), ("gaps", "--days", "3")])
def test_the_rota_can_be_read_by_people(command: tuple[str, ...]) -> None:
    done = jibao("duty", *command)

    assert done.exit_code == 0
    assert done.stdout.strip()


# triage, explain.


def lines_of(*items: dict[str, Any] | str) -> str:
    return "".join(
        (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)) + "\n"
        for item in items
    )


def triaged(given: str | bytes) -> list[dict[str, Any]]:
    done = jibao("triage", given=given)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_triage_answers_each_line_in_its_order() -> None:
    answers = triaged(lines_of({"id": "a", **FIRE}, {"id": "b", **MEETING}, {"id": "c", **RUMOUR}))

    assert [(answer["id"], answer["verdict"]) for answer in answers] == [
        ("a", "emergency"),
        ("b", "routine"),
        ("c", "attention"),
    ]


def test_a_triage_line_says_class_grade_figures_and_why() -> None:
    (answer,) = triaged(lines_of({"id": "1", **BLAST}))

    assert (answer["severity"], answer["deaths"], answer["injured"]) == ("major", 12, 20)
    assert answer["category"] == "事故灾难"
    assert answer["missing"] is None
    assert answer["reasons"][0]["words"]
    assert answer["reasons"][0]["source"]


@pytest.mark.parametrize(
    ("bad", "known_id", "said"),
    [
        pytest.param('{"id": "x", "title"', None, "不是有效的 JSON", id="no JSON"),
        pytest.param('{"id": "x", "title": ["起火"]}', "x", "title", id="a wrong field"),
        pytest.param('{"id": "x"}', "x", "title", id="nothing said"),
        pytest.param("[1, 2]", None, "JSON 对象", id="no object"),
        pytest.param('"起火"', None, "JSON 对象", id="only words"),
    ],
)
def test_a_bad_line_is_answered_in_its_place_and_stops_nothing(
    bad: str, known_id: str | None, said: str
) -> None:
    first, answer, last = triaged(lines_of({"id": "1", **FIRE}, bad, {"id": "3", **WALL}))

    assert (first["id"], last["id"]) == ("1", "3")
    assert answer["id"] == known_id
    assert said in answer["error"]


def test_bytes_that_are_no_utf_8_are_a_bad_line_too() -> None:
    answers = triaged('{"id": "x", "title": "起火"}\n'.encode("gb18030") + lines_of(FIRE).encode())

    assert "JSON" in answers[0]["error"]
    assert answers[1]["verdict"] == "emergency"


def test_triage_reads_a_file_and_leaves_out_fields_it_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(lines_of({"id": 7, **FIRE, "label": "emergency", "deaths": None}), "utf-8")

    done = jibao("triage", file)

    assert json.loads(done.stdout)["verdict"] == "emergency"


def explained(item: dict[str, Any]) -> dict[str, Any]:
    done = jibao("explain", "--json", given=json.dumps(item))
    assert done.exit_code == 0
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_emergency_is_explained_with_what_would_be_owed_by_when() -> None:
    owed = explained(WALL | {"medium": "phone"})["obligations"]

    assert [each["kind"] for each in owed] == [
        "written_first_report",
        "phone_first_report",
        "follow_up_report",
        *["upward_report"] * 3,  # to city, party office and, by the law of its kind, province
    ]
    assert {"kind", "owed_by", "owed_to", "clock", "limit_minutes", "due_at", "source"} <= set(
        owed[0]
    )
    assert (owed[0]["limit_minutes"], owed[0]["clock"]) == (60, "known")


def test_who_else_would_be_asked_about_it_is_explained_too() -> None:
    fire = {"title": "大湾村民房起火", "body": "大湾村一民房起火，2人受伤，正在扑救。"}
    told = explained(fire | {"unit_id": "gongan"})["obligations"]
    itself = explained(fire | {"unit_id": "qingshi"})["obligations"]

    asked = [each for each in told if each["kind"] == "territory_report"]
    assert [(each["owed_by"], each["limit_minutes"]) for each in asked] == [("qingshi", 30)]
    assert "territory_report" not in [each["kind"] for each in itself]


def test_an_emergency_is_explained_with_who_would_be_called_when() -> None:
    calls = explained(BLAST)["calls"]

    assert [call["after_minutes"] for call in calls] == [0, 5, 10, 15, 20]
    assert calls[0]["roles"] == ["duty_officer", "duty_leader", "office_director"]
    assert calls[4]["roles"] == ["principal_leader"]
    assert all(call["people"] for call in calls)


def test_a_weak_sign_owes_a_look_and_a_routine_item_owes_nothing() -> None:
    sign, routine = explained(RUMOUR), explained(MEETING)

    assert [(o["kind"], o["limit_minutes"]) for o in sign["obligations"]] == [("look", 15)]
    assert sign["calls"] == []
    assert (routine["obligations"], routine["calls"]) == ([], [])


def test_an_explanation_can_be_read_by_people() -> None:
    done = jibao("explain", given=json.dumps(BLAST, ensure_ascii=False))

    assert "判定：紧急" in done.stdout
    assert "书面首报" in done.stdout
    assert "立即：值班员、带班领导、办公室主任" in done.stdout


@pytest.mark.parametrize("given", ["", "{", "[]", "{}"])
def test_what_cannot_be_explained_is_said_in_a_sentence(given: str) -> None:
    done = jibao("explain", given=given)

    assert done.exit_code == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.output
