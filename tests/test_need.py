"""What happens to a test whose tool is missing? 缺工具时如何。"""

import pytest

from tests import conftest

MEND = "apt-get install no-such-tool"


def test_a_tool_that_is_there_is_given_by_its_path() -> None:
    assert conftest.need("sh", MEND).endswith("/sh")


def test_a_missing_tool_skips_the_test_and_says_what_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conftest, "IN_CI", False)

    with pytest.raises(pytest.skip.Exception, match=f"no-such-tool is not installed.*{MEND}"):
        conftest.need("no-such-tool", MEND)


def test_a_missing_tool_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "IN_CI", True)

    with pytest.raises(pytest.fail.Exception, match=MEND):
        conftest.need("no-such-tool", MEND)
