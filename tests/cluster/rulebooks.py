"""A law for tests: the one that ships, with limits that a test can live to see. 测试规则书。"""

import shutil
from pathlib import Path

from tests.journeys.counties import edit

SHIPPED = Path(__file__).parent.parent.parent / "rulebook"
LIMIT_SECONDS = 60  # of a telephone report and of a written one, from when the unit knew


def a_rulebook(folder: Path) -> Path:
    """Write a rulebook into `folder`: first reports within a minute, short leases.

    The lease must outlive a send and is what a killed sender costs: here it is eight seconds.
    """
    rulebook = folder / "rulebook"
    shutil.copytree(SHIPPED, rulebook, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    edit(rulebook / "first_report.yaml", r"minutes: \d+", "minutes: 1")
    edit(rulebook / "delivery.yaml", r"send_timeout_seconds: \d+", "send_timeout_seconds: 6")
    edit(rulebook / "delivery.yaml", r"lease_seconds: \d+", "lease_seconds: 8")
    edit(rulebook / "delivery.yaml", r"backoff_seconds: \[\d+", "backoff_seconds: [2")
    return rulebook
