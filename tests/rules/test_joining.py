"""Are two reports about one incident? 归案比对。"""

from rules.joining import Likeness, Traits, compare_first
from tests.builders import MINUTE, NIGHT, TOWNSHIP, the_law

RULE = the_law().joining


def told(village: str, landmark: str, *, after: int = 0) -> Traits:
    names = frozenset({village}), frozenset({landmark}), frozenset({TOWNSHIP})
    return Traits(TOWNSHIP, "12H02", *names, NIGHT + after * MINUTE)


def test_the_same_landmark_and_hour_is_the_same_incident() -> None:
    found = compare_first(told("石壁村", "青石桥"), told("石壁村", "青石桥", after=59), RULE)

    assert found.likeness is Likeness.SURE


def test_two_villages_are_two_places_whatever_landmark_both_tell_of() -> None:
    found = compare_first(told("石壁村", "青石桥"), told("大湾村", "青石桥", after=1), RULE)

    assert found.likeness is Likeness.NONE
