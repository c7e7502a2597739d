"""`jibao check`, `jibao county`, `jibao duty`. 县情命令。"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.clock import WallClock
from app.settings import read_settings
from vocabulary.china_time import spoken
from vocabulary.names import ROLE_NAMES
from vocabulary.terms import Role

county = typer.Typer(no_args_is_help=True, help="县情：单位与人员。")
duty = typer.Typer(no_args_is_help=True, help="值班表。")
console = Console(highlight=False)

Folder = Annotated[Path | None, typer.Option("--county", help="县情目录")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def add_to(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.add_typer(county, name="county")
    cli.add_typer(duty, name="duty")
    cli.command("check")(check)


def check(county_folder: Folder = None) -> None:
    """检查县情与规章：逐条说明错在哪个文件哪一行；有错则返回非零。"""
    from app.checking import mistakes, reminders
    from app.clock import WallClock

    settings = read_settings(county=county_folder)
    found = mistakes(settings)
    for mistake in found:
        console.print(str(mistake), markup=False, soft_wrap=True)
    for reminder in reminders(WallClock().now()):
        console.print(f"提醒：{reminder}", markup=False, soft_wrap=True)
    console.print("没有错误。" if not found else f"共 {len(found)} 处错误。")
    sys.exit(1 if found else 0)


@county.command("list")
def county_list(county_folder: Folder = None, as_json: AsJson = False) -> None:
    """列出单位与人员及其编号、类别、岗位。"""
    from rules.listing import county_rows

    rows = county_rows(_read(county_folder))
    if as_json:
        _print_json(rows)
        return
    table = Table("单位编号", "单位", "类别", "人员编号", "姓名", "岗位")
    for unit in rows:
        for number, person in enumerate(unit["people"] or [None]):
            about = (unit["unit_id"], unit["name"], unit["kind"]) if number == 0 else ("", "", "")
            named = (
                (person["person_id"], person["name"], _roles(person["roles"]))
                if person
                else ("", "", "")
            )
            table.add_row(*about, *named)
    console.print(table)


@duty.command("now")
def duty_now(county_folder: Folder = None, as_json: AsJson = False) -> None:
    """此刻谁在岗。"""
    from rules.listing import duty_rows

    _show(duty_rows(_read(county_folder), WallClock().now()), as_json=as_json)


@duty.command("next")
def duty_next(county_folder: Folder = None, as_json: AsJson = False) -> None:
    """下一班是谁。"""
    from rules.listing import next_rows

    _show(next_rows(_read(county_folder), WallClock().now()), as_json=as_json)


@duty.command("gaps")
def duty_gaps(
    county_folder: Folder = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="往后看多少天")] = 30,
    as_json: AsJson = False,
) -> None:
    """值班表里无人的时段；有空岗则返回非零。"""
    from rules.listing import gap_rows

    rows = gap_rows(_read(county_folder), WallClock().now(), days)
    if as_json:
        _print_json(rows)
    elif not rows:
        console.print(f"往后 {days} 天各岗位均有人。")
    else:
        table = Table("岗位", "自", "至")
        for row in rows:
            table.add_row(_roles([row["role"]]), _hour(row["starts"]), _hour(row["ends"]))
        console.print(table)
    sys.exit(1 if rows else 0)


def _read(folder: Path | None) -> Any:
    import os

    from app.saying import said
    from rulebook import county as files

    found: list[Any] = []
    settings = read_settings(county=folder)
    code = said(lambda: found.append(files.load(settings.county, os.environ)))
    if code:
        sys.exit(code)
    return found[0]


def _show(rows: Any, *, as_json: bool) -> None:
    if as_json:
        _print_json(rows)
        return
    table = Table("岗位", "姓名", "自", "至", "备注")
    for row in rows:
        names = "、".join(person["name"] for person in row["people"]) or "（无人）"
        note = "替班" if row["instead_of_rota"] else ""
        table.add_row(_roles([row["role"]]), names, _hour(row["since"]), _hour(row["until"]), note)
    console.print(table)


def _hour(instant: str | None) -> str:
    return spoken(datetime.fromisoformat(instant))[:-3] if instant else ""


def _roles(roles: list[str]) -> str:
    return "、".join(ROLE_NAMES[Role(role)] for role in roles)


def _print_json(rows: Any) -> None:
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
