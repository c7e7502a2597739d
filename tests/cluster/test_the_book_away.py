"""The database is away for half a minute while an emergency is in hand. 台账离线。

The log has taken the item and its sender has a receipt; only the book cannot be written. The
officer must hear of it all the same, once, and know later that the second text is no second fire.
"""

import time

import pytest

from app.clock import WallClock
from streams.lane_worker import EXIT_AGAIN
from tests.cluster.harness import Cluster
from tests.journeys.counties import OFFICER, OFFICERS_MOBILE
from tests.journeys.house import wait_until
from tests.loopback import Phone
from vocabulary.china_time import to_microseconds

AWAY_SECONDS = 30
CALLED_AFTER = 5.0  # the issue's own figure
REPEATED = "【可能重复】"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def texts(phone: Phone, mark: str) -> list[tuple[int, str]]:
    """Return when the officer got which titles about an item."""
    return [
        (kept.at, kept.title)
        for kept in phone.state.shelf.after(0, 10_000)
        if kept.to in (OFFICER, OFFICERS_MOBILE) and mark in kept.title
    ]


def item(number: int) -> dict[str, object]:
    return {"title": f"第{number}号民房起火，1人死亡", "body": "青石镇报告。"}


def test_the_officer_is_called_from_memory_once_and_the_later_page_says_so(
    cluster: Cluster, phone: Phone
) -> None:
    cluster.start()
    assert cluster.post(item(1), "before").status == 202
    wait_until(lambda: texts(phone, "第1号"), "the first page", told=lambda: cluster.log)

    cluster.postgres.kill()
    away_at = time.monotonic()
    sent_at = to_microseconds(WallClock().now())
    reply = cluster.post(item(2), "during")
    assert reply.status == 202, reply.body
    wait_until(lambda: texts(phone, "第2号"), "the page from memory", told=lambda: cluster.log)
    time.sleep(AWAY_SECONDS - (time.monotonic() - away_at))
    [(called_at, first)] = texts(phone, "第2号")
    cluster.postgres.start()
    wait_until(lambda: len(texts(phone, "第2号")) > 1, "the later page", told=lambda: cluster.log)
    cluster.until_quiet()

    waited = (called_at - sent_at) / 1e6
    later = (texts(phone, "第2号")[1][0] - sent_at) / 1e6
    print(f"\ncalled from memory after {waited:.2f} s, from the book after {later:.2f} s;")
    print(f"ended by themselves: {cluster.ended}")
    assert waited >= CALLED_AFTER
    assert REPEATED not in first
    assert [title.startswith(REPEATED) for _, title in texts(phone, "第2号")] == [False, True]
    assert ("express", EXIT_AGAIN) in cluster.ended
    assert cluster.book.count("submissions") == 2
    assert cluster.post(item(2), "during").body == reply.body
