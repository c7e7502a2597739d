"""How many lives: every week and the year in CI, a few weeks elsewhere, and what is asked for."""

import pytest

from tests.conftest import IN_CI

FEW = 4


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave seeds out that nobody asked for; a test that is named is always lived."""
    asked = f"{config.getoption('keyword')} {' '.join(config.args)}"
    if IN_CI or "seed-" in asked or "year" in asked:
        return
    items[:] = [item for item in items if not is_one_more(item)]


def is_one_more(item: pytest.Item) -> bool:
    if not item.module.__name__.endswith("test_a_county_lives"):  # type: ignore[attr-defined]
        return False
    callspec = getattr(item, "callspec", None)
    is_year = item.name == "test_a_year_keeps_every_promise"
    return is_year or (callspec is not None and callspec.params["seed"] >= FEW)
