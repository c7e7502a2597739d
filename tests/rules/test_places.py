"""Which places of the county does a text name? 地名。"""

from datetime import datetime
from pathlib import Path

import rulebook
from rulebook.county import load
from rules.places import Gazetteer
from rules.triage import Judge
from vocabulary.china_time import BEIJING
from vocabulary.submission import Submission

COUNTY = load(Path(__file__).parent.parent.parent / "county", {})
GAZETTEER = Gazetteer(COUNTY)


def test_villages_and_townships_are_found_with_the_unit_that_looks_after_them() -> None:
    found = GAZETTEER.find("青石镇石壁村一民房起火，邻近柳树沟村")

    assert [(place.name, place.unit_id) for place in found] == [
        ("青石镇", "qingshi"),
        ("石壁村", "qingshi"),
        ("柳树沟村", "liulin"),
    ]


def test_a_place_named_twice_is_found_once_where_it_stands_first() -> None:
    (found,) = GAZETTEER.find("石壁村起火。石壁村村民已疏散")

    assert (found.start, found.end) == (0, 3)


def test_a_text_about_elsewhere_names_nothing_here() -> None:
    assert GAZETTEER.find("邻省某市一仓库爆炸") == ()
    assert not GAZETTEER.is_here("邻省某市一仓库爆炸")
    assert GAZETTEER.is_here("云岭县城区停电")


def test_a_judgement_tells_place_and_time_where_county_and_receipt_are_known() -> None:
    made = Submission(title="石壁村坍塌", body="今晨3时许，青石镇石壁村民房坍塌，1人死亡。")
    now = datetime(2026, 11, 24, 8, 0, tzinfo=BEIJING)

    judged = Judge(rulebook.load(), COUNTY)(made, now)

    assert judged.places[0].unit_id == "qingshi"
    assert judged.happened is not None
    assert judged.happened.earliest == datetime(2026, 11, 24, 3, 0, tzinfo=BEIJING)
    assert Judge(rulebook.load())(made).places == ()
