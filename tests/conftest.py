"""What every test may ask for: a tool of the machine, and how long hypothesis looks. 测试公用。"""

import os
import shutil
from collections.abc import Iterator
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from gateway.phone_behaviour import Order
from tests.dealing import dealt
from tests.loopback import Phone, a_phone

IN_CI = os.environ.get("CI") == "true"

# No test is timed: a busy machine must not turn one red. CI looks at the same cases each time.
settings.register_profile("jibao", deadline=None)
settings.register_profile(
    "jibao-ci",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("jibao-ci" if IN_CI else "jibao")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, once folders have left out what nobody asked for."""
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def lacking(what: str, mend: str) -> NoReturn:
    """Skip the test and say what mends it; in CI, fail it. 缺则跳过并说明；CI 中则失败。

    A developer's machine may lack a tool. CI may not: a green run would hide a missing install
    step.
    """
    reason = f"{what}; mend with: {mend}"
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def need(tool: str, mend: str) -> str:
    """Give the path of a program that the test cannot do without. 所需工具的路径。

    Args:
        tool: a name on the PATH, or a full path.
        mend: the command that brings the tool, such as `apt-get install kcat`.

    """
    path = shutil.which(tool)
    if path is None:
        lacking(f"{tool} is not installed", mend)
    return path


@pytest.fixture(scope="session")
def running_phone() -> Iterator[Phone]:
    """The phone of this worker, running on the loopback. 运行中的模拟手机。"""
    with a_phone() as phone:
        yield phone


@pytest.fixture
def phone(running_phone: Phone) -> Phone:
    """A phone that has received nothing and refuses nothing. 一部空手机。"""
    running_phone.state.shelf.clear()
    running_phone.state.switchboard.told(Order(channel="*", mode="ok"))
    return running_phone
