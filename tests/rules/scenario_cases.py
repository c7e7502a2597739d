"""The duty room's own cases, read from YAML once. 案例。"""

from pathlib import Path
from typing import Any

import yaml

FILES = sorted((Path(__file__).parent.parent / "scenarios").glob("triage*.yaml"))
CASES: list[dict[str, Any]] = [
    case for file in FILES for case in yaml.safe_load(file.read_text("utf-8"))
]


def wanted(case: dict[str, Any]) -> list[str]:
    """Return the verdicts that the case allows."""
    verdict = case["verdict"]
    return [verdict] if isinstance(verdict, str) else list(verdict)


def told_for_real(verdict: str) -> list[dict[str, Any]]:
    """Return the cases of one verdict only, without the marked drills."""
    return [c for c in CASES if c["verdict"] == verdict and not c.get("is_drill")]
