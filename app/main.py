"""The command `jibao`. 命令。"""

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="急报：县级紧急信息值班室。",
)
HERE = ("up", "demo", "phone", "asyncapi")
ROOMS: Mapping[str, tuple[str, ...]] = {  # each is loaded only when it is asked for
    "county_commands": ("county", "duty", "check"),
    "triage_commands": ("triage", "explain"),
    "book_commands": ("token", "backup", "restore", "mute", "unmute"),
    "part_commands": ("gateway", "worker", "clock", "deliver"),
    "quarantine_commands": ("quarantine",),
    "log_commands": ("log",),
    "replay_commands": ("replay",),
    "bench_commands": ("bench",),
}

Data = Annotated[Path | None, typer.Option("--data", help="数据目录（台账所在）")]
County = Annotated[Path | None, typer.Option("--county", help="县情目录")]
Port = Annotated[int | None, typer.Option("--port", help="端口")]


@cli.command()
def up(
    data: Data = None,
    county: County = None,
    port: Port = None,
    host: Annotated[str | None, typer.Option(help="监听地址；默认只听本机")] = None,
) -> None:
    """打开值班室：收件、判定、计时、送达在一个进程里，台账为数据目录中的一个 SQLite 文件。"""
    from app.serving import serve_up

    sys.exit(serve_up(data=data, county=county, port=port, host=host))


@cli.command()
def demo(
    port: Port = None,
    phone_port: Annotated[int, typer.Option(help="模拟手机的端口")] = 8900,
    speed: Annotated[float, typer.Option(min=1, help="一日走多快：60 即一分钟当一小时")] = 60,
    seed: Annotated[int, typer.Option(help="同一数字，同一天")] = 1,
) -> None:
    """演示：虚构县的一天，报送、呼叫、超时都在浏览器里看得见。"""
    from app.demo import play

    sys.exit(play(port=port, phone_port=phone_port, speed=speed, seed=seed))


@cli.command()
def phone(port: Annotated[int, typer.Option(help="端口")] = 8900) -> None:
    """模拟手机：接住各渠道发来的消息，网页和 /messages 可看；可令其拒收、不答、断线。"""
    from app.serving import serve_phone

    sys.exit(serve_phone(port))


@cli.command()
def asyncapi() -> None:
    """主题的 AsyncAPI 3 描述，由数据模型生成；docs/asyncapi.json 即其输出。"""
    from app.asyncapi import as_printed

    sys.stdout.write(as_printed())


@cache
def commands(word: str = "") -> typer.Typer:
    """Return the command line as far as `word` needs it; all of it where that is no command."""
    is_told_below = word in {command for words in ROOMS.values() for command in words}
    for room, words in ROOMS.items():
        if word in words or not (is_told_below or word in HERE):
            import_module(f"app.{room}").add_to(cli)
    return cli


def main() -> None:
    """Run the command line."""
    commands(sys.argv[1] if len(sys.argv) > 1 else "")()
