"""How much each destination takes, and whether it has room now. 限流。

The rates are the providers' own: WeCom's and DingTalk's bots 20 a minute, Feishu's 100 a minute
and 5 a second, each per bot. One bot is one destination, whoever sends to it; the count lives in
this process.
"""

from collections.abc import Mapping
from datetime import timedelta

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from notifiers.wall_clock import epoch_seconds

# By schema, Apprise's own channels for the same providers included; others have no known rate.
RATES: Mapping[str, str] = {
    "jibaowecom": "20/minute",
    "jibaowecoms": "20/minute",
    "wecombot": "20/minute",
    "jibaodingtalk": "20/minute",
    "jibaodingtalks": "20/minute",
    "dingtalk": "20/minute",
    "jibaofeishu": "100/minute;5/second",
    "jibaofeishus": "100/minute;5/second",
    "feishu": "100/minute;5/second",
}


def rates_of(schema: str) -> tuple[RateLimitItem, ...]:
    """Return the rates of a schema; none where none is known."""
    rates = RATES.get(schema)
    return tuple(parse_many(rates)) if rates else ()


class Turnstile:
    """Counts what went to each destination, over moving windows. 闸机。"""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def wait(
        self, rates: tuple[RateLimitItem, ...], destination: str, spare: int = 0
    ) -> timedelta | None:
        """Return how long until there is room for one and `spare` more; None is now.

        An idle destination has room whatever is to be spared. Where several must leave the window
        first, the wait is for the first of them: ask again then.
        """
        waits = [
            stats.reset_time - epoch_seconds()
            for rate in rates
            if (stats := self._windows.get_window_stats(rate, destination)).remaining
            <= min(spare, rate.amount - 1)
        ]
        return timedelta(seconds=max(0.001, *waits)) if waits else None

    def pass_through(self, rates: tuple[RateLimitItem, ...], destination: str) -> None:
        """Count one text on its way to the destination."""
        for rate in rates:
            self._windows.hit(rate, destination)
