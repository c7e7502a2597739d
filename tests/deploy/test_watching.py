"""Do dashboard and alarms name metrics that are there, does each alarm say what to do? 监控。"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from app.gauges import BOOK_GAUGES, BookGauges
from app.metrics import GAUGES, Metrics
from ledger.book import open_book
from tests.builders import NIGHT
from tests.conftest import need
from tests.test_documents import anchors_of

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
OPERATING = ROOT / "docs" / "operating.md"
NAMED = re.compile(r"\b(?:jibao|process)_[a-z_]+\b")
SELECTED = re.compile(r"\b(\w+)\{([^}]*)\}")
OF_PROMETHEUS = {"job", "instance"}

ALARMS: list[Any] = [
    rule
    for group in yaml.safe_load((DEPLOY / "alarms.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD: Any = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]

each_alarm = pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm["alert"])


@pytest.fixture
def exported(tmp_path: Path) -> Iterator[dict[str, set[str]]]:
    """Every series that some process exports, and its labels."""
    metrics = Metrics()
    for name in GAUGES:
        labels = {"lane": "all"} if name.startswith("jibao_log_lag") else {}
        metrics.tell(name, lambda: 0.0, **labels)
    book = open_book(tmp_path)
    BookGauges(book, lambda: NIGHT).register(metrics.registry)
    yield series_of(metrics.registry)
    book.close()


def series_of(registry: CollectorRegistry) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for collector in registry._collector_to_names:
        for name in registry._collector_to_names[collector]:
            found[name] = set(getattr(collector, "_labelnames", ()))
    for family in registry.collect():  # the process's own are named by nobody beforehand
        found |= {sample.name: set() for sample in family.samples if sample.name not in found}
    return found


def named_in(queries: list[str]) -> set[str]:
    return {name for query in queries for name in NAMED.findall(query)}


def test_dashboard_and_alarms_name_only_what_is_exported(exported: dict[str, set[str]]) -> None:
    queries = [*QUERIES, *(alarm["expr"] for alarm in ALARMS)]

    assert named_in(queries) - set(exported) == set()


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    ours = {*GAUGES, *BOOK_GAUGES, "jibao_accepted_total", "jibao_refused_total"}

    assert ours - named_in(QUERIES) == set()


def test_what_is_selected_by_is_a_label_that_is_there(exported: dict[str, set[str]]) -> None:
    for query in [*QUERIES, *(alarm["expr"] for alarm in ALARMS)]:
        for name, selection in SELECTED.findall(query):
            used = set(re.findall(r"(\w+)[!=~]+", selection))
            assert used - exported.get(name, set()) <= OF_PROMETHEUS, query


@each_alarm
def test_an_alarm_says_what_to_do_and_how_urgent_it_is(alarm: Any) -> None:
    document, _, anchor = alarm["annotations"]["runbook"].partition("#")

    assert (ROOT / document) == OPERATING
    assert anchor == alarm["alert"].lower()
    assert anchor in anchors_of(OPERATING)
    assert alarm["labels"]["severity"] in {"critical", "warning", "none"}
    assert alarm["annotations"]["summary"]
    assert alarm["annotations"]["summary_zh"]


def test_no_alarm_is_told_of_that_does_not_exist() -> None:
    told = re.findall(r"^#### `(Jibao\w+)`$", OPERATING.read_text("utf-8"), re.MULTILINE)

    assert told == [alarm["alert"] for alarm in ALARMS]


def test_every_metric_is_told_in_the_document() -> None:
    text = OPERATING.read_text("utf-8")

    assert [name for name in (*GAUGES, *BOOK_GAUGES) if f"`{name}" not in text] == []


def test_panels_have_their_own_places_and_one_source_that_is_chosen() -> None:
    panels = DASHBOARD["panels"]
    places = [tuple(panel["gridPos"][side] for side in "xy") for panel in panels]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(places)) == len(places)
    assert {p["datasource"]["uid"] for p in panels if p["type"] != "row"} == {"${datasource}"}
    assert [each["name"] for each in DASHBOARD["templating"]["list"]] == ["datasource"]


def test_prometheus_is_told_of_every_part_where_it_answers() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    scrape = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
    found = {
        name: each["port"]
        for each in scrape["scrape_configs"][0]["dns_sd_configs"]
        for name in each["names"]
    }

    assert found == {
        name: 8000 if name == "gateway" else int(service["environment"]["JIBAO_OPS_PORT"])
        for name, service in compose["services"].items()
        if name not in {"kafka", "postgres"}
    }
    assert scrape["rule_files"] == ["alarms.yml"]


def test_prometheus_itself_takes_the_rules_and_they_fire_as_told(tmp_path: Path) -> None:
    promtool = need("promtool", "apt-get install prometheus")
    for name in ("alarms.yml", "prometheus.yml"):
        shutil.copy(DEPLOY / name, tmp_path)
    shutil.copy(Path(__file__).parent / "alarms_told.yaml", tmp_path)
    for command in (
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "alarms_told.yaml"],
    ):
        done = subprocess.run(
            [promtool, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
