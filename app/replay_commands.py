"""`jibao replay`. 推演命令。"""

import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from app.saying import errors, said
from app.settings import Settings, read_settings
from vocabulary.china_time import BEIJING

_DAY = timedelta(days=1)


def add_to(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(replay)


def _begin(said_as: str) -> datetime:
    """Read a day, or a day and hour, in Beijing's time unless it names another."""
    try:
        found = datetime.fromisoformat(said_as)
    except ValueError as error:
        raise typer.BadParameter("应为 2026-11-24 或 2026-11-24T08:00") from error
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def _end(said_as: str) -> datetime:
    """Read the end: a day alone is meant whole."""
    is_day = len(said_as) == len("2026-11-24")
    return _begin(said_as) + (_DAY if is_day else 0 * _DAY)


def replay(
    *,
    rulebook: Annotated[Path, typer.Option(help="拟改的规章目录")],
    since: Annotated[
        datetime, typer.Option("--from", parser=_begin, metavar="DAY", help="从何时起（北京时间）")
    ],
    until: Annotated[
        datetime,
        typer.Option("--to", parser=_end, metavar="DAY", help="到何时止；只写日期的，含当日"),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="数据目录（台账所在）")] = None,
    county: Annotated[Path | None, typer.Option("--county", help="县情目录")] = None,
) -> None:
    """推演：按拟改的规章把往日重判一遍，看谁会迟、谁不再迟、哪些警报会不同；台账只读不写。"""
    if since >= until:
        raise typer.BadParameter("--to 须晚于 --from")
    settings = read_settings(data=data, county=county)
    sys.exit(said(lambda: _replay(settings, rulebook, since, until, as_json=as_json)))


def _replay(
    settings: Settings, folder: Path, since: datetime, until: datetime, *, as_json: bool
) -> None:
    from app.checking import misfits_of
    from app.replay_telling import told
    from app.replaying import NothingLivedError, a_desk, compare, read_past
    from ledger.book import reading_only
    from rulebook import RulebookError, load
    from rulebook.county import load as load_county

    county = load_county(settings.county, os.environ)
    desks = []
    for law in (load(settings.rulebook), load(folder)):
        misfits = misfits_of(settings, law, county)
        if misfits:
            raise RulebookError(tuple(misfits))
        desks.append(a_desk(law, county))
    before, after = desks
    url = settings.database_url.get_secret_value()
    try:
        with reading_only(settings.data, url) as connection:
            reading = read_past(connection, (before.judge, after.judge), since, until)
    except NothingLivedError:
        errors.print("台账在这段时间里没有记录。")
        sys.exit(1)
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("推演", total=2 * len(reading.past.arrivals))
        found = compare(
            reading,
            (before, after),
            since,
            until,
            lambda items: progress.advance(task, items),
        )
    names = county.units
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        shown = told(found, lambda unit: names[unit].name if unit in names else unit)
        sys.stdout.write(shown + "\n")
