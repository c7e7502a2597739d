"""A carrier for each test. 通知测试公用。"""

from collections.abc import AsyncIterator

import pytest

from notifiers.carrier import Carrier


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    carrier = Carrier()
    yield carrier
    await carrier.close()
