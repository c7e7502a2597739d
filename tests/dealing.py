"""Which worker runs what, and what first: whole folders, and the longest at once. 分发测试。

`--dist worksteal` gives each worker one stretch of the list and lets who is done take from the
end of another's. So each stretch begins with tests that take long: nobody is left alone with one
in the end, and the tests of the cluster, of which only one may run at a time, wait for none of
their own on another worker.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest

_USUAL_SECONDS = 120.0  # of pyproject.toml: what is given more time than that takes long


def dealt(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return the tests in an order that is the same on each worker."""
    if workers < 2:
        return list(items)
    hands = _hands(_long_by_folder(items), workers)
    held = {item for hand in hands for item in hand}
    light = [item for item in items if item not in held]
    ordered: list[pytest.Item] = []
    for number, hand in enumerate(hands):
        remaining = len(items) - len(ordered)
        room = max(0, remaining // (workers - number) - len(hand))
        ordered += [*hand, *light[:room]]
        light = light[room:]
    return ordered + light


def _long_by_folder(items: Sequence[pytest.Item]) -> Mapping[str, list[pytest.Item]]:
    found: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if _seconds(item) > _USUAL_SECONDS:
            found[str(item.path.parent)].append(item)
    return found


def _hands(folders: Mapping[str, list[pytest.Item]], workers: int) -> list[list[pytest.Item]]:
    """Deal whole folders, the longest first, each to whoever has least."""
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for folder in sorted(folders, key=lambda each: (-_sum(folders[each]), each)):
        min(hands, key=_sum).extend(folders[folder])
    return hands


def _sum(items: Sequence[pytest.Item]) -> float:
    return sum(map(_seconds, items))


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark is not None and mark.args else _USUAL_SECONDS
