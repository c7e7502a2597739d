"""What the house counts of itself. 指标。No text, name or address is ever a label."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from vocabulary.terms import Outcome


class Metrics:
    """Counters and gauges on a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter(
            "jibao_accepted_total", "Items for which a receipt was given", registry=self.registry
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

    def answered(self, outcome: Outcome) -> None:
        """Count an answer."""
        self.answers.labels(outcome=outcome.value).inc()
