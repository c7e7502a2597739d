"""Does each worker begin with what takes long, and is nothing lost or run twice? 分发。"""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.dealing import dealt


@dataclass(eq=False)
class Item:
    """As much of a test as the dealer looks at."""

    path: Path
    seconds: int

    def get_closest_marker(self, _name: str) -> Any:
        return SimpleNamespace(args=(self.seconds,)) if self.seconds else None


def some(folder: str, count: int, seconds: int = 0) -> list[Any]:
    return [Item(path=Path(folder) / f"{n}.py", seconds=seconds) for n in range(count)]


def test_whole_folders_of_long_tests_come_first_on_a_worker_each() -> None:
    quick, cluster, bench = some("rules", 40), some("cluster", 5, 600), some("bench", 10, 300)

    ordered = dealt([*bench, *cluster, *quick, *some("streams", 5)], workers=3)

    assert ordered[:10] == bench
    assert ordered[20:25] == cluster
    assert set(ordered[10:20]) < set(quick)


def test_one_worker_takes_them_as_they_come() -> None:
    items = [*some("rules", 3), *some("cluster", 2, 600)]

    assert dealt(items, workers=1) == items


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([0, 120, 300])), max_size=60))
def test_each_is_run_once_whoever_runs_it(drawn: list[tuple[str, int]]) -> None:
    items: list[Any] = [item for folder, seconds in drawn for item in some(folder, 1, seconds)]

    for workers in range(1, 6):
        ordered = dealt(items, workers)

        assert len(ordered) == len(items)
        assert set(ordered) == set(items)
