"""What a benchmark hands back, and how it is shown. 测速结果。"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from rich.console import Console
from rich.table import Table

from bench.settled import Figures

Say: TypeAlias = Callable[[str], None]
progress = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures under their agreed names; all else is `settings` or, inside it, `detail`.

    `is_sound` is false where something was lost or the book does not hold what was answered:
    then the command fails, whatever the times are.
    """

    figures: Figures
    settings: dict[str, Any]
    detail: dict[str, Any] = field(default_factory=dict)
    peer: dict[str, Any] | None = None
    is_sound: bool = True


def say(line: str) -> None:
    """Write a line of progress to standard error."""
    progress.print(line, style="dim")


def as_object(name: str, machine: dict[str, Any], measured: Measured) -> dict[str, Any]:
    """Return the one object of `--json`."""
    return {
        "bench": name,
        "machine": machine,
        "settings": measured.settings | {"detail": measured.detail},
        "figures": measured.figures,
        "peer": measured.peer,
    }


def show(shown: dict[str, Any], *, as_json: bool) -> None:
    """Write the result to standard output: an object, or a table for people."""
    if as_json:
        sys.stdout.write(orjson.dumps(shown).decode() + "\n")
        return
    peer = shown["peer"] or {}
    table = Table("指标", "急报", peer.get("name", "—"), title=f"jibao bench {shown['bench']}")
    for name, value in shown["figures"].items():
        beside = peer.get("figures", {}).get(name)
        table.add_row(name, f"{value:g}", "—" if beside is None else f"{beside:g}")
    console = Console(highlight=False)
    console.print(table)
    machine = shown["machine"]
    console.print(
        f"{machine['cpu']} × {machine['cores']}，{machine['kernel']}，"
        f"Python {machine['python']}，SQLite {machine['sqlite']}，{machine['file_system']}",
        style="dim",
    )
