"""What was received and is not yet judged, in this process. 在途件。

`received_at` is set at the door, before an item queues for the writer; until its transaction
has ended nobody may be called late by an instant after it. (The inbox is the other half of the
watermark, and rests in the book.)
"""

from collections.abc import Callable
from datetime import datetime


class InFlight:
    """The items between the door and the book. Read by the writer's thread."""

    def __init__(self) -> None:
        """Start with nothing in flight."""
        self._received: dict[int, datetime] = {}
        self._number = 0

    def enter(self, received_at: datetime) -> Callable[[object], None]:
        """Count an item as in flight until the returned function is called."""
        self._number += 1
        number = self._number
        self._received[number] = received_at

        def landed(_: object) -> None:
            self._received.pop(number, None)

        return landed

    def judged_until(self, now: datetime, oldest_waiting: datetime | None) -> datetime:
        """Return the watermark: everything received before it has been judged."""
        flying = list(self._received.values())
        return min((*flying, *((oldest_waiting,) if oldest_waiting else ())), default=now)
