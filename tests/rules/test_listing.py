"""What do the lists of the county and of its rota show? 清单里有什么？"""

from rules.listing import county_rows, duty_rows, gap_rows, next_rows
from tests.rules.rotas import DAY, EVENING, FIRST_MORNING, NEXT_NOON, a_county, a_stand_in


def test_a_list_tells_who_and_until_when() -> None:
    county = a_county(substitutions=(a_stand_in("cai", EVENING, NEXT_NOON),))

    officer = duty_rows(county, EVENING)[0]

    assert officer["people"][0]["person_id"] == "cai"
    assert (officer["since"], officer["until"]) == (EVENING.isoformat(), NEXT_NOON.isoformat())
    assert officer["instead_of_rota"]


def test_a_list_of_the_next_has_only_posts_that_pass_on() -> None:
    (officer,) = next_rows(a_county(), FIRST_MORNING)

    assert officer["people"][0]["person_id"] == "bo"
    assert officer["since"] == (FIRST_MORNING + DAY).isoformat()


def test_a_list_of_gaps_is_plain_data() -> None:
    (row,) = gap_rows(a_county(), FIRST_MORNING - DAY, days=30)

    assert row["role"] == "duty_officer"
    assert row["ends"] == FIRST_MORNING.isoformat()


def test_a_list_of_the_county_has_each_unit_with_its_people() -> None:
    desk, qingshi = county_rows(a_county())

    assert desk["kind"] == "government_office"
    assert [person["person_id"] for person in qingshi["people"]] == ["clerk", "head"]
    assert qingshi["people"][0]["roles"] == ["clerk"]


def test_no_list_shows_a_telephone_number_or_an_address() -> None:
    shown = str(county_rows(a_county())) + str(duty_rows(a_county(), FIRST_MORNING))

    assert "jibao-sms" in str(a_county().people)
    assert "jibao-sms" not in shown
