"""What the house counts of itself. 指标。No text, name or address is ever a label.

Every series is declared in this room or in `app.gauges`, so that dashboards and alarms have one
place to be compared with. A figure that cannot be known now is absent, never nought.
"""

import math
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector

from streams.desk import Desk
from vocabulary.arrival import Answer, Receipted
from vocabulary.terms import Outcome

# Gauges that only some parts have: a part registers those it can answer for.
GAUGES = {
    "jibao_clock_delay_seconds": "By how much the clock is late with what is due",
    "jibao_clock_synchronised": "1 while the kernel believes the machine's clock; NaN: unknown",
    "jibao_in_hand_seconds": "For how long this worker holds a batch that is not in the book",
    "jibao_judged_until_age_seconds": "Age of the instant before which all received was judged",
    "jibao_log_lag_messages": "Records on the log that are not judged, by lane",
    "jibao_log_lag_seconds": "For how long the oldest unjudged record may have waited, by lane",
    "jibao_log_up": "1 while the brokers answer this process",
    "jibao_muted": "1 while nothing is sent, after a restore",
    "jibao_ready": "1 while `/-/ready` says so",
}


class Metrics:
    """Counters and gauges on a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.accepted = Counter(
            "jibao_accepted_total", "Items newly accepted", registry=self.registry
        )
        self.refused = Counter(
            "jibao_refused_total", "Tries answered with 503", registry=self.registry
        )
        self.answers = Counter(
            "jibao_channel_answers_total",
            "Answers of channels by outcome, kind of channel and reason",
            ["outcome", "channel", "reason"],
            registry=self.registry,
        )
        self.taken = Counter(
            "jibao_taken_total",
            "Items kept at the door, by the way they took: log or inbox",
            ["path"],
            registry=self.registry,
        )
        for path in ("log", "inbox"):
            self.taken.labels(path)  # nought until the first, not absent
        self.build = Gauge(
            "jibao_build_info",
            "This process: its part, its version, its rulebook and its county",
            ["part", "version", "rulebook", "county"],
            registry=self.registry,
        )

    def tell(self, name: str, ask: Callable[[], float], **labels: str) -> None:
        """Have a gauge of `GAUGES` asked at each scrape; it must answer at once.

        Labels are this process's own and do not change: a lane, never what came in.
        """
        gauge = Gauge(name, GAUGES[name], tuple(labels), registry=self.registry)
        (gauge.labels(**labels) if labels else gauge).set_function(ask)

    def watch(self, part: str, desk: Desk, health: Callable[[], dict[str, Any]]) -> None:
        """Tell what this process is, and whether it is well."""
        rulebook, county = desk.rulebook.digest[:12], desk.county.county_id
        self.build.labels(part, version("jibao"), rulebook, county).set(1)
        self.tell("jibao_ready", lambda: health()["is_ready"])
        self.tell("jibao_clock_synchronised", lambda: _number(health()["is_clock_synchronised"]))

    def count(self, answers: Sequence[Answer]) -> None:
        """Count what was newly accepted: no repeat, no conflict."""
        new = sum(isinstance(a, Receipted) and not a.is_repeat for a in answers)
        self.accepted.inc(new)

    def answered(self, outcome: Outcome, channel: str, reason: str) -> None:
        """Count an answer; kind of channel and reason are words of `notifiers.reason_codes`."""
        self.answers.labels(outcome.value, channel, reason).inc()

    def took(self, path: str) -> None:
        """Count one item kept by a path: `log` or `inbox`."""
        self.taken.labels(path).inc()


def _number(answer: bool | None) -> float:  # noqa: FBT001 (an answer, not a switch)
    return math.nan if answer is None else float(answer)
