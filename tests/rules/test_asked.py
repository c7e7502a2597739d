"""Whose territory is it, and who stands in one line with whom? 属地与隶属。"""

from dataclasses import replace

import pytest

from rules.asked import territory_of, whom_to_ask
from rules.county import County, Unit
from tests.builders import DESK, NEIGHBOUR, TOWNSHIP, the_county
from vocabulary.judgement import PlaceTold
from vocabulary.terms import UnitKind

HERE, ALSO_HERE = PlaceTold("大湾村", TOWNSHIP, 0, 3), PlaceTold("石壁村", TOWNSHIP, 4, 7)
THERE = PlaceTold("高坎村", NEIGHBOUR, 0, 3)
OFFICE_OF_THE_ZONE, SCHOOL = "kaifaqu", "zhongxin-xiaoxue"


def a_county_in_lines() -> County:
    """The township stands under a zone's bureau, and a school under the township."""
    county = the_county()
    zone = Unit(OFFICE_OF_THE_ZONE, "开发区管委会", UnitKind.BUREAU, DESK)
    school = Unit(SCHOOL, "中心小学", UnitKind.BUREAU, TOWNSHIP)
    township = replace(county.units[TOWNSHIP], superior_id=OFFICE_OF_THE_ZONE)
    new = {unit.unit_id: unit for unit in (zone, school, township)}
    return replace(county, units=county.units | new)


@pytest.mark.parametrize(
    ("places", "found"),
    [((), None), ((HERE,), TOWNSHIP), ((HERE, ALSO_HERE), TOWNSHIP), ((HERE, THERE), None)],
    ids=["none", "one", "two of one unit", "two of two units"],
)
def test_a_territory_is_one_units_or_nobodys(
    places: tuple[PlaceTold, ...], found: str | None
) -> None:
    assert territory_of(the_county(), places) == found


def test_a_place_of_a_unit_that_is_gone_is_nobodys() -> None:
    assert territory_of(the_county(), (PlaceTold("旧村", "abolished", 0, 2),)) is None


@pytest.mark.parametrize("teller", [OFFICE_OF_THE_ZONE, SCHOOL, TOWNSHIP])
def test_within_one_line_nobody_is_asked(teller: str) -> None:
    assert whom_to_ask(a_county_in_lines(), teller, (teller,), (HERE,)) is None


@pytest.mark.parametrize("teller", [DESK, NEIGHBOUR, "gongan", "nobody of this county"])
def test_the_duty_room_is_above_all_and_asks_all_the_same(teller: str) -> None:
    assert whom_to_ask(a_county_in_lines(), teller, (teller,), (HERE,)) == TOWNSHIP


def test_who_has_told_of_it_is_not_asked() -> None:
    assert whom_to_ask(the_county(), "gongan", ("gongan", TOWNSHIP), (HERE,)) is None
