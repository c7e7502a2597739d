"""The hour for the envelope, never for a judgement. 信封上的时刻。

DingTalk and Feishu sign a message together with the hour, `limits` tells in epoch seconds when
a destination has room again, and `Retry-After` may be a date. Nothing that is decided about a
report reads this clock: that one is the application's.
"""

import time


def epoch_seconds() -> float:
    """Return seconds since 1970."""
    return time.time()  # noqa: TID251 (a stamp on an envelope, not a judgement)


def epoch_microseconds() -> int:
    """Return whole microseconds since 1970."""
    return time.time_ns() // 1_000  # noqa: TID251 (as above)
