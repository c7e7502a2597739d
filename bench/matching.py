"""Find each report's page among what the phone took. 对应。"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.items import markers_in
from bench.pacing import Sent
from bench.room import Phone
from bench.settled import Figures, percentile, summary

_GIVE_UP_SECONDS = 10.0


@dataclass
class Taken:
    """What a phone took, by marker: the first page to a person on duty, and how many in all.

    Only the title counts: a page's text may name an earlier case that it may belong to.
    """

    phone: Phone
    to: Collection[str]
    first_us: dict[str, int] = field(default_factory=dict)
    count: int = 0
    per_marker: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Ask the phone for what is new."""
        for message in self.phone.messages():
            self._note(message)

    def wait_for(self, markers: Collection[str]) -> None:
        """Look until each marker's page is there, or nothing has come for a while."""
        until = time.monotonic() + _GIVE_UP_SECONDS
        while time.monotonic() < until:
            before = self.count
            self.look()
            if all(marker in self.first_us for marker in markers):
                time.sleep(0.5)  # the rooms' copies, so that the next round starts in peace
                self.look()
                return
            if self.count > before:
                until = time.monotonic() + _GIVE_UP_SECONDS
            time.sleep(0.25)

    def is_right(self, marker: str, to: str) -> bool:
        """Say whether this addressee is one whose page counts."""
        return to in self.to

    def _note(self, message: Mapping[str, Any]) -> None:
        self.count += 1
        for marker in dict.fromkeys(markers_in(message["title"])):
            self.per_marker[marker] = self.per_marker.get(marker, 0) + 1
            if self.is_right(marker, message["to"]):
                self.first_us.setdefault(marker, message["at"])


def figures_of(sent: Sent, taken: Taken, is_counted: Callable[[str], bool]) -> Figures:
    """Return the times from submit to handed over, and how many never were."""
    counted = [marker for marker in sent.at_us if is_counted(marker)]
    times = [
        (taken.first_us[marker] - sent.at_us[marker]) / 1_000
        for marker in counted
        if marker in taken.first_us
    ]
    return summary(times) | {"lost": len(counted) - len(times), "sent": len(counted)}


def client_of(sent: Sent) -> Figures:
    """Return what the client saw itself: answers' times, and how late it was to send."""
    behind, accepted = sorted(sent.behind_ms), sorted(sent.accept_ms)
    return {
        "answered_p50_ms": round(percentile(accepted, 50), 2),
        "answered_p99_ms": round(percentile(accepted, 99), 2),
        "client_behind_p99_ms": round(percentile(behind, 99), 2),
        "not_accepted": sum(status not in (200, 202) for status in sent.answered.values()),
    }
