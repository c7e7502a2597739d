"""What the house counts of itself. 指标。No text, name or address is ever a label."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge

from vocabulary.arrival import Answer, Receipted
from vocabulary.terms import Outcome


class Metrics:
    """Counters and gauges on a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter(
            "jibao_accepted_total", "Items newly accepted", registry=self.registry
        )
        self.refused = Counter(
            "jibao_refused_total", "Tries answered with 503", registry=self.registry
        )
        self.answers = Counter(
            "jibao_channel_answers_total",
            "Answers of channels by outcome",
            ["outcome"],
            registry=self.registry,
        )
        self.inbox_waiting = Gauge(
            "jibao_inbox_waiting", "Items in the inbox, not yet judged", registry=self.registry
        )
        self.clock_delay_seconds = Gauge(
            "jibao_clock_delay_seconds",
            "By how much the clock has overslept",
            registry=self.registry,
        )

    def count(self, answers: Sequence[Answer]) -> None:
        """Count what was newly accepted: no repeat, no conflict."""
        new = sum(isinstance(a, Receipted) and not a.is_repeat for a in answers)
        self.accepted.inc(new)

    def answered(self, outcome: Outcome) -> None:
        """Count an answer."""
        self.answers.labels(outcome=outcome.value).inc()
