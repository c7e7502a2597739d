"""What the loopback phone keeps: the latest texts, numbered, in bounded memory. 收件箱。"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from gateway.phone_wire import Received
from vocabulary.china_time import from_microseconds

KEPT_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Kept:
    """One received text. `at` is the phone's own hour, in microseconds since 1970."""

    number: int
    at: int
    channel: str
    to: str
    title: str
    text: str

    @property
    def at_iso(self) -> str:
        """The hour as Beijing writes it."""
        return from_microseconds(self.at).isoformat(timespec="microseconds")

    def as_json(self) -> dict[str, object]:
        """Return the fields that `/messages` shows."""
        return {
            "number": self.number,
            "at": self.at,
            "at_iso": self.at_iso,
            "channel": self.channel,
            "to": self.to,
            "title": self.title,
            "text": self.text,
        }


class Shelf:
    """The latest texts; the oldest fall off. Numbers go on counting and are never used twice."""

    def __init__(self, kept_max: int = KEPT_MAX) -> None:
        self._kept: deque[Kept] = deque(maxlen=kept_max)
        self.count = 0

    def keep(self, received: Received, at: int) -> None:
        """Put one text on the shelf."""
        self.count += 1
        self._kept.append(
            Kept(self.count, at, received.channel, received.to, received.title, received.text)
        )

    def after(self, number: int, limit: int) -> list[Kept]:
        """Return the texts with a higher number, oldest first, at most `limit`."""
        first = self._kept[0].number if self._kept else 0
        start = max(0, number + 1 - first)
        return list(islice(self._kept, start, start + limit))

    def newest_first(self) -> Iterator[Kept]:
        """Return the texts, the latest first."""
        return reversed(self._kept)

    def clear(self) -> None:
        """Throw the texts away; the count goes on."""
        self._kept.clear()
