"""`jibao bench`. 测速命令。"""

import sys
from typing import Annotated

import typer


def add_to(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("bench")(bench)


def bench(
    name: Annotated[str, typer.Argument(help="latency、accept、deadlines、express、triage")],
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """测速：真实进程、真实落盘，结果为一个 JSON 对象。"""
    from bench.running import run

    sys.exit(run(name, as_json=as_json))
