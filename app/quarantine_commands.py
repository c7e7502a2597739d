"""`jibao quarantine list|show|retry`. 隔离件命令。"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from sqlalchemy import RowMapping
from sqlalchemy.exc import DBAPIError

from app.clock import WallClock
from app.room import make_desk
from app.saying import errors, said
from app.settings import Settings, read_settings
from ledger import quarantine as set_aside
from ledger.book import Book, open_book
from streams.retrying import Retrying
from vocabulary.china_time import spoken

Data = Annotated[Path | None, typer.Option("--data", help="数据目录")]
Folder = Annotated[Path | None, typer.Option("--county", help="县情目录")]
Uid = Annotated[UUID, typer.Argument(help="隔离件编号，见 jibao quarantine list")]
_MOST = 500

quarantine = typer.Typer(no_args_is_help=True, help="隔离件：日志带来而无法接收的件。")


def add_to(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def list_all(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON，每行一件")] = False,
) -> None:
    """列出还没有处理的隔离件，先到的在前。"""
    settings = read_settings(data=data)
    sys.exit(said(lambda: _list(settings, as_json=as_json)))


@quarantine.command()
def show(uid: Uid, data: Data = None) -> None:
    """原样显示一件；涉密的只存了散列。"""
    settings = read_settings(data=data)
    sys.exit(said(lambda: _show(settings, uid)))


@quarantine.command()
def retry(
    uid: Annotated[UUID | None, typer.Argument(help="隔离件编号；不写即全部")] = None,
    data: Data = None,
    county: Folder = None,
) -> None:
    """再接收一次：县情、规则或程序改好以后用；仍不成的留在原处。"""
    settings = read_settings(data=data, county=county)
    sys.exit(said(lambda: _retry(settings, uid)))


def _list(settings: Settings, *, as_json: bool) -> None:
    book = _book(settings)
    with book.read() as connection:
        rows = set_aside.waiting(connection, _MOST)
    book.close()
    if not rows and not as_json:
        errors.print("没有隔离件。")
    for row in rows:
        if as_json:
            sys.stdout.write(orjson.dumps(_told(row)).decode() + "\n")
        else:
            told = _told(row)
            who = told["unit_id"] or "来源不明"
            line = f"{told['id']}  {spoken(row['at'])}  {who}  {told['from']}  {told['reason']}"
            sys.stdout.write(line + "\n")


def _show(settings: Settings, uid: UUID) -> None:
    book = _book(settings)
    with book.read() as connection:
        row = set_aside.by_uid(connection, uid)
    book.close()
    if row is None:
        errors.print(f"没有编号为 {uid} 的隔离件。")
        sys.exit(1)
    sys.stdout.write(orjson.dumps(_told(row), option=orjson.OPT_INDENT_2).decode() + "\n")
    if row["content"] is None:
        errors.print("内容带有密级标志，未保存。")
        return
    sys.stdout.flush()
    content = _harmless(row["content"]) if sys.stdout.isatty() else row["content"]
    sys.stdout.buffer.write(content + b"\n")


def _harmless(content: bytes) -> bytes:
    """Return a stranger's bytes so that they can do nothing to the terminal they are shown on."""
    text = content.decode("utf-8", "backslashreplace")
    shown = (c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)
    return "".join(shown).encode()


def _retry(settings: Settings, uid: UUID | None) -> None:
    from app.parts.senders import read_keys

    book = _book(settings)
    with book.read() as connection:
        rows = [set_aside.by_uid(connection, uid)] if uid else set_aside.waiting(connection, _MOST)
    clock = WallClock()
    desk = make_desk(settings, clock, carries=False)
    retrying = Retrying(desk, read_keys(settings.kafka_senders, settings.key()))
    for row in rows:
        if row is None:
            errors.print(f"没有编号为 {uid} 的隔离件。")
            sys.exit(1)
        why = _try(book, retrying, row, clock.now())
        errors.print(f"{row['uid']}  {'已接收' if why is None else f'仍不能接收：{why}'}")
    if not rows:
        errors.print("没有隔离件。")
    book.close()


def _try(book: Book, retrying: Retrying, row: RowMapping, now: datetime) -> str | None:
    """Return why one still cannot be taken in; a fault of ours does not end the command."""
    try:
        with book.writing.begin() as connection:
            return retrying.retry(connection, row, now)
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it was that set it aside)
        return f"处理时出错（{type(error).__name__}）"


def _book(settings: Settings) -> Book:
    return open_book(settings.data, settings.database_url.get_secret_value())


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": str(row["uid"]),
        "at": row["at"].isoformat(),
        "reason": row["reason"],
        "from": f"{row['topic']}/{row['partition']}/{row['offset']}",
        "unit_id": row["unit_id"],
        "sha256": row["content_hash"].hex(),
        "retried_at": row["retried_at"] and row["retried_at"].isoformat(),
    }
