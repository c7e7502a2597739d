"""`jibao log verify`, `jibao log links`. 台账验链命令。"""

import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer
from sqlalchemy import Connection

from app.clock import WallClock
from app.saying import errors, said
from app.settings import Settings, read_settings
from ledger import chain
from ledger.book import FILE_NAME, open_book
from ledger.verifying import Proof, Trace, verify
from vocabulary.names import TAMPERING_NAMES
from vocabulary.proof import LinkKind, Tampering

Data = Annotated[Path | None, typer.Option("--data", help="数据目录（台账所在）")]
_ROWS = {LinkKind.ENTRY: ("台账", "late log"), LinkKind.ANSWER: ("答复", "answer")}
_ENGLISH = {
    Tampering.REMOVED: "removed",
    Tampering.CHANGED: "changed",
    Tampering.INSERTED: "not written in its order",
    Tampering.CUT_OFF: "cut off",
}
_HASH_LENGTH = 64

log = typer.Typer(no_args_is_help=True, help="迟报台账：验链。")


def add_to(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.add_typer(log, name="log")


@log.command("verify")
def verify_log(
    data: Data = None,
    head: Annotated[str | None, typer.Option("--head", help="导出件上印的链尾散列")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """验证迟报台账：哪一条被删、被改、被插入，链尾是否被截；有痕迹则以 1 退出。"""
    wanted = _hash(head)
    settings = read_settings(data=data)
    sys.exit(said(lambda: _verify(settings, wanted, as_json=as_json)))


@log.command()
def links(data: Data = None) -> None:
    """逐环打印台账链，每行一个 JSON，供外人自行验算（算法见 docs/late-log.md）。"""
    settings = read_settings(data=data)
    sys.exit(said(lambda: _links(settings)))


def _hash(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) * 2 != _HASH_LENGTH:
        errors.print(f"--head 应为 {_HASH_LENGTH} 位十六进制数，照导出件上的抄录。")
        errors.print(f"--head takes {_HASH_LENGTH} hexadecimal digits, as printed on an export.")
        sys.exit(2)
    return found


def _verify(settings: Settings, head: bytes | None, *, as_json: bool) -> None:
    with _reading(settings) as connection:
        proof = verify(connection, WallClock().now(), head)
    lines = [_as_json(proof)] if as_json else _sentences(proof, is_asked=head is not None)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    if proof.traces:
        sys.exit(1)


def _links(settings: Settings) -> None:
    with _reading(settings) as connection:
        for link in itertools.chain.from_iterable(chain.portions(connection)):
            told = {"hash": link.hash.hex(), "content": link.content}
            sys.stdout.write(orjson.dumps(told).decode() + "\n")


@contextmanager
def _reading(settings: Settings) -> Iterator[Connection]:
    """Give a connection to a book that is there: a verification must not make an empty one."""
    url = settings.database_url.get_secret_value()
    if not url and not (settings.data / FILE_NAME).exists():
        errors.print(f"{settings.data} 里没有台账。")
        errors.print(f"There is no book in {settings.data}.")
        sys.exit(1)
    book = open_book(settings.data, url)
    try:
        with book.read() as connection:
            yield connection
    finally:
        book.close()


def _sentences(proof: Proof, *, is_asked: bool) -> Iterator[str]:
    for trace in proof.traces:
        yield from _told(trace)
    if proof.traces:
        yield f"验链不通过：共 {len(proof.traces)} 处痕迹。"
        yield f"The late log does not verify: {len(proof.traces)} trace(s)."
    else:
        yield f"验链通过：{proof.count} 环，每一条都在原处，未经改动。"
        yield f"The late log verifies: {proof.count} link(s), each row in its place, unchanged."
    if is_asked and proof.head_number is not None:
        yield f"所给散列是第 {proof.head_number} 环，此前各环俱在。"
        yield f"The given head is link {proof.head_number}; all links up to it are there."
    if proof.waiting_long:
        yield f"另有 {proof.waiting} 条尚未入链，不算痕迹：请启动值班室，待其入链后再验。"
        yield f"{proof.waiting} row(s) are not chained yet, no trace: start the house, then verify."
    elif proof.waiting:
        yield f"另有 {proof.waiting} 条刚记入，尚未入链。"
        yield f"{proof.waiting} row(s) were written just now and are not yet chained."
    yield f"链尾 head: {proof.head.hex()}"


def _told(trace: Trace) -> Iterator[str]:
    name, english = TAMPERING_NAMES[trace.what], _ENGLISH[trace.what]
    if trace.what is Tampering.CUT_OFF:
        yield "链尾被截或整链重写：链上没有所给的散列。"
        yield "Cut off, or wholly rewritten: the given head is on no link of the chain."
        return
    link = f"第 {trace.number} 环" if trace.number else "未入链"
    in_english = f"Link {trace.number}" if trace.number else "No link"
    if trace.row is not None:
        chinese_row, english_row = _ROWS[trace.kind] if trace.kind else ("链上记录", "row")
        link += f"（{chinese_row}第 {trace.row} 号）"
        in_english += f" ({english_row} {trace.row})"
    names = f"：{'、'.join(trace.names)}" if trace.names else ""
    yield f"{link}{name}{names}"
    yield f"{in_english} {english}{': ' + ', '.join(trace.names) if trace.names else ''}"


def _as_json(proof: Proof) -> str:
    told = {
        "is_whole": not proof.traces,
        "count": proof.count,
        "head": proof.head.hex(),
        "head_number": proof.head_number,
        "waiting": proof.waiting,
        "waiting_long": proof.waiting_long,
        "traces": [
            {
                "what": trace.what,
                "kind": trace.kind,
                "number": trace.number,
                "row": trace.row,
                "names": trace.names,
            }
            for trace in proof.traces
        ],
    }
    return orjson.dumps(told).decode()
