"""A running phone and a carrier for each test. 通知测试公用。"""

from collections.abc import AsyncIterator, Iterator

import pytest

from gateway.phone_behaviour import Order
from notifiers.carrier import Carrier
from tests.loopback import Phone, a_phone


@pytest.fixture(scope="session")
def running_phone() -> Iterator[Phone]:
    with a_phone() as phone:
        yield phone


@pytest.fixture
def phone(running_phone: Phone) -> Phone:
    running_phone.state.shelf.clear()
    running_phone.state.switchboard.told(Order(channel="*", mode="ok"))
    return running_phone


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    carrier = Carrier()
    yield carrier
    await carrier.close()
