"""Each part says what it is and whether it is well, also while its book is away. 各部件自述。"""

import re
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from app.laptop.cluster import PARTS
from tests.builders import FIRE, MEETING
from tests.cluster.harness import Cluster
from tests.journeys.asking import ask
from tests.journeys.house import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OF_THE_BOOK = {
    "jibao_inbox_waiting",
    "jibao_oldest_unjudged_seconds",
    "jibao_oldest_undelivered_alert_seconds",
    "jibao_outbox_depth",
    "jibao_quarantine_depth",
}
LAG = {"jibao_log_up", "jibao_log_lag_messages", "jibao_log_lag_seconds"}
OWN = {
    "gateway": {"jibao_log_up", "jibao_taken_total"},
    "express": LAG | {"jibao_in_hand_seconds"},
    "submissions": LAG | {"jibao_in_hand_seconds"},
    "clock": LAG | {"jibao_clock_delay_seconds", "jibao_judged_until_age_seconds"},
    "deliver": {"jibao_muted", "jibao_channel_answers_total"},
}


def health(cluster: Cluster, name: str) -> tuple[int, dict[str, Any]]:
    reply = ask(cluster.parts.parts[name].port, "GET", "/-/ready", timeout=10)
    return reply.status, reply.json()


def figures(cluster: Cluster, name: str) -> dict[str, float]:
    """What a scrape gives: a series with its labels, and its value."""
    text = ask(cluster.parts.parts[name].port, "GET", "/metrics", timeout=10).body.decode()
    found = re.findall(r"^(jibao_\w+(?:\{[^}]*\})?) (\S+)$", text, re.MULTILINE)
    return {series: float(value) for series, value in found}


def names(series: dict[str, float]) -> set[str]:
    return {each.partition("{")[0] for each in series}


def until(cluster: Cluster, holds: Any, what: str) -> None:
    def told() -> str:
        return "\n".join([*(str(health(cluster, name)) for name in PARTS), cluster.log])

    wait_until(holds, what, patience=60, told=told)


def test_each_part_tells_what_it_knows_and_whether_its_book_is_away(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.post(FIRE).status == 202
    assert cluster.post(MEETING).status == 202
    cluster.until_quiet()

    for name in PARTS:
        found = figures(cluster, name)
        assert names(found) >= OF_THE_BOOK | OWN[name] | {"jibao_build_info", "jibao_book_up"}
        assert found["jibao_book_up"] == 1
    assert sum(v for k, v in figures(cluster, "gateway").items() if k.startswith("jibao_taken")) > 0
    answered = [s for s in figures(cluster, "deliver") if s.startswith("jibao_channel_answers_t")]
    assert any('outcome="delivered"' in each and 'reason="ok"' in each for each in answered)
    text = "".join(figures(cluster, "deliver"))
    assert not re.search(r"1\d{10}|127\.0\.0\.1|://", text)

    cluster.postgres.kill()

    others = [name for name in PARTS if name != "gateway"]
    until(
        cluster,
        lambda: all(health(cluster, name)[0] == 503 for name in others),
        "every part but the gateway says that it is not ready",
    )
    for name in others:
        assert health(cluster, name)[1]["book"] is False
        assert figures(cluster, name)["jibao_book_up"] == 0
        assert not names(figures(cluster, name)) & OF_THE_BOOK
    until(cluster, lambda: not health(cluster, "gateway")[1]["book"], "the gateway knows as well")
    status, said = health(cluster, "gateway")
    assert (status, said["log"]) == (200, True), said  # it takes in by the log

    cluster.brokers.kill(1)
    until(cluster, lambda: health(cluster, "gateway")[0] == 503, "the gateway has no way in")
    assert health(cluster, "gateway")[1]["log"] is False

    cluster.postgres.start()

    until(cluster, lambda: health(cluster, "gateway")[0] == 200, "the gateway has the inbox")
    for name in ("clock", "deliver"):  # they outlive the log
        until(cluster, lambda: health(cluster, name)[0] == 200, f"{name} is ready")  # noqa: B023
    for name in ("express", "submissions"):
        assert health(cluster, name)[0] == 503
        assert health(cluster, name)[1]["log"] is False
        assert figures(cluster, name)["jibao_log_up"] == 0


def test_an_older_process_that_meets_a_newer_book_says_so_and_stops(cluster: Cluster) -> None:
    cluster.start()
    engine = create_engine(make_url(cluster.url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    def ended() -> set[tuple[str, int]]:
        return set(cluster.ended)

    until_ended = {(name, 1) for name in PARTS}
    wait_until(
        lambda: ended() >= until_ended, "each part ended by itself", told=lambda: cluster.log
    )
    for part in cluster.parts.parts.values():
        assert "台账由较新的版本写成" in part.log.read_text("utf-8")
        assert "Traceback" not in part.log.read_text("utf-8")
