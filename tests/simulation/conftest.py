"""How many lives: all of them in CI, a few elsewhere, and whichever is asked for by its seed."""

import pytest

from tests.conftest import IN_CI

FEW = 4


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave seeds out that nobody asked for; a test that is named is always lived."""
    if IN_CI or "seed-" in config.getoption("keyword") or "seed-" in " ".join(config.args):
        return
    items[:] = [item for item in items if not is_one_more(item)]


def is_one_more(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return item.module.__name__.endswith("test_a_county_lives") and (  # type: ignore[attr-defined]
        callspec is not None and callspec.params["seed"] >= FEW
    )
