"""`jibao bench`. 测速命令。"""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

_KAFKA = "--kafka"


class _Bench(TyperCommand):
    """`--kafka` may stand alone or be followed by an address, known by its colon."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        told = [
            f"{word}=" if word == _KAFKA and ":" not in following else word
            for word, following in zip(args, [*args[1:], ""], strict=True)
        ]
        return super().parse_args(ctx, told)


def add_to(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("bench", cls=_Bench)(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="latency、accept、deadlines、express、history、storm、triage")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
    kafka: Annotated[
        str | None,
        typer.Option(
            _KAFKA,
            metavar="[ADDRESS]",
            help="测分体部署：各部件分开，用此 Kafka 和 JIBAO_DATABASE_URL；不写地址则自起一套",
        ),
    ] = None,
    is_on_postgres: Annotated[
        bool, typer.Option("--postgres", help="测一体部署，台账用自起的 PostgreSQL")
    ] = False,
) -> None:
    """测速：真实进程、真实落盘，结果为一个 JSON 对象。"""
    from bench.running import run

    sys.exit(run(name, as_json=as_json, kafka=kafka, is_on_postgres=is_on_postgres))
