"""`jibao token`, `backup`, `restore`, `mute`, `unmute`. 台账命令。"""

import contextlib
import secrets
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.clock import WallClock
from app.saying import errors, said
from app.settings import Settings, read_settings
from ledger import flags, tokens
from ledger.book import FILE_NAME, alone, open_book, private

Data = Annotated[Path | None, typer.Option("--data", help="数据目录（台账所在）")]
Folder = Annotated[Path | None, typer.Option("--county", help="县情目录")]


def add_to(cli: typer.Typer) -> None:
    """Add the commands."""
    for command in (token, backup, restore, mute, unmute):
        cli.command()(command)


def token(
    principal: Annotated[str, typer.Argument(help="单位编号或人员编号")],
    data: Data = None,
    county: Folder = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="停用其全部旧令牌，不发新的")] = False,
) -> None:
    """发一个新令牌，只显示这一次；台账只存其散列。"""
    settings = read_settings(data=data, county=county)
    sys.exit(said(lambda: _token(settings, principal, revoke=revoke)))


def _token(settings: Settings, principal: str, *, revoke: bool) -> None:
    import os

    from rulebook.county import load

    county = load(settings.county, os.environ)
    kind = "unit" if principal in county.units else "person"
    if kind == "person" and principal not in county.people:
        errors.print(f"县情里没有编号为“{principal}”的单位或人员；可用 jibao county list 查看。")
        sys.exit(1)
    now = WallClock().now()
    made = new_token(settings, f"{kind}:{principal}", revoke=revoke)
    if made is None:
        errors.print(f"{principal} 的令牌已停用（{now:%H:%M:%S}；运行中的值班室半分钟内生效）。")
    else:
        sys.stdout.write(made + "\n")


def new_token(settings: Settings, principal: str, *, revoke: bool = False) -> str | None:
    """Make a token for `unit:<id>` or `person:<id>`, or revoke all of theirs."""
    book = open_book(settings.data, settings.database_url.get_secret_value())
    now = WallClock().now()
    try:
        with book.writing.begin() as connection:
            if revoke:
                tokens.revoke(connection, principal, now)
                return None
            made = secrets.token_urlsafe(32)
            tokens.add(connection, tokens.hash_of(made), principal, now)
            return made
    finally:
        book.close()


def backup(file: Annotated[Path, typer.Argument(help="备份到此文件")], data: Data = None) -> None:
    """备份整个台账；值班室可照常运行。"""
    settings = _of_one_file(read_settings(data=data), "pg_dump")
    source = settings.data / FILE_NAME
    if not source.exists():
        errors.print(f"{settings.data} 里没有台账。")
        sys.exit(1)
    part = file.with_name(file.name + ".part")
    private(part)
    with sqlite3.connect(source) as live, sqlite3.connect(part) as copy:
        live.backup(copy, pages=2000)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    copy.close()
    live.close()
    if found != "ok":
        errors.print(f"备份未通过完整性检查：{found}")
        sys.exit(1)
    part.replace(file)
    errors.print(f"已备份到 {file}（{file.stat().st_size / 1e6:.1f} MB），完整性检查通过。")


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件")],
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="数据目录已有台账时，先改名保存")] = False,
) -> None:
    """从备份恢复；恢复后的台账不发送任何消息，直到 jibao unmute。"""
    settings = _of_one_file(read_settings(data=data), "pg_restore")
    sys.exit(said(lambda: _restore(settings, file, force=force)))


def _restore(settings: Settings, file: Path, *, force: bool) -> None:
    if not file.exists():
        errors.print(f"没有文件 {file}。")
        sys.exit(1)
    if not _is_book(file):
        errors.print(f"{file} 不是完整的台账备份，未作任何改动。")
        sys.exit(1)
    with alone(settings.data):
        place = settings.data / FILE_NAME
        if place.exists():
            if not force:
                errors.print(f"{settings.data} 已有台账；加 --force 则先把它改名保存。")
                sys.exit(1)
            stamp = f"{WallClock().now():%Y%m%d-%H%M%S}"
            for suffix in ("", "-wal", "-shm"):
                old = place.with_name(place.name + suffix)
                if old.exists():
                    old.rename(old.with_name(f"before-restore-{stamp}.sqlite3{suffix}"))
        private(place)
        shutil.copyfile(file, place)
        book = open_book(settings.data)
        with book.writing.begin() as connection:
            flags.mute(connection)
        book.close()
    errors.print("已恢复。现在处于静默：不发送任何消息。核对无误后运行 jibao unmute。")


def _of_one_file(settings: Settings, instead: str) -> Settings:
    """Refuse where the book is a PostgreSQL: the file in the data folder would be another one."""
    if settings.database_url.get_secret_value():
        errors.print(
            f"台账在 PostgreSQL（JIBAO_DATABASE_URL）里：请用 {instead}，做法见 docs/operating.md；"
            "本命令只管数据目录中的 SQLite 台账。"
        )
        sys.exit(2)
    return settings


def _is_book(file: Path) -> bool:
    """Say whether a file is a whole book, before anything is replaced by it."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            is_whole = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError:
        return False
    return is_whole and {"submissions", "obligations", "alembic_version"} <= names


def mute(data: Data = None) -> None:
    """静默：照常收件、判定、计时，不发送任何消息，直到 jibao unmute（一秒内生效）。"""
    settings = read_settings(data=data)
    sys.exit(said(lambda: _mute(settings)))


def _mute(settings: Settings) -> None:
    book = open_book(settings.data, settings.database_url.get_secret_value())
    with book.writing.begin() as connection:
        flags.mute(connection)
    book.close()
    errors.print("已静默：不发送任何消息。恢复发送请运行 jibao unmute。")


def unmute(data: Data = None) -> None:
    """解除静默：恢复后的台账从此照常发送（运行中的值班室一秒内生效）。"""
    settings = read_settings(data=data)
    sys.exit(said(lambda: _unmute(settings)))


def _unmute(settings: Settings) -> None:
    book = open_book(settings.data, settings.database_url.get_secret_value())
    with book.writing.begin() as connection:
        flags.unmute(connection)
    book.close()
    errors.print("已解除静默。")
