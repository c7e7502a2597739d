"""`jibao triage`, `jibao explain`. 研判命令。"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from app.clock import WallClock
from app.explaining import explain, explained_in_words
from app.saying import said
from app.settings import Settings, read_settings
from rules.triage import Judge
from rules.triage_line import triage_line
from vocabulary.submission import Submission

_FIELDS = frozenset(Submission.model_fields)

File = Annotated[Path | None, typer.Argument(help="JSON Lines 文件；缺省读标准输入")]


def add_to(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.command("triage")(triage)
    cli.command("explain")(explain_command)


def triage(file: File = None) -> None:
    """逐行研判：读 JSON Lines（id、title、body …），按原顺序写 JSON Lines。"""
    sys.exit(said(lambda: _triage(read_settings(), file)))


def _triage(settings: Settings, file: Path | None) -> None:
    from rulebook import load

    judge = Judge(load(settings.rulebook))
    for line in _lines(file):
        sys.stdout.buffer.write(orjson.dumps(judge_line(judge, line)) + b"\n")
    sys.stdout.buffer.flush()


def judge_line(judge: Judge, line: bytes) -> dict[str, Any]:
    """Judge one line; a bad one is answered in its place and stops nothing."""
    try:
        content = orjson.loads(line)
        made = read_item(content)
    except ValueError as error:
        known = content.get("id") if isinstance(content := _maybe(line), dict) else None
        return {"id": known, "error": _sentence(error)}
    return triage_line(content.get("id"), judge(made))


def read_item(content: Any) -> Submission:
    """Make a submission of a line; fields that are not a submission's are left out."""
    if not isinstance(content, dict):
        raise ValueError("应为 JSON 对象")  # noqa: TRY004 (a bad line is a value, not a fault of ours)
    known = {
        name: value for name, value in content.items() if name in _FIELDS and value is not None
    }
    return Submission.model_validate(known)


def _maybe(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        return None


def _sentence(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    if errors is None:
        return "不是有效的 JSON" if isinstance(error, orjson.JSONDecodeError) else str(error)
    fields = sorted({".".join(str(p) for p in each["loc"]) or "title" for each in errors()})
    return f"内容有误：{'、'.join(fields)}"


def explain_command(
    file: Annotated[Path | None, typer.Argument(help="一条 JSON；缺省读标准输入")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    county: Annotated[Path | None, typer.Option("--county", help="县情目录")] = None,
) -> None:
    """说明一条：哪些词、哪条规则、哪个条文、要报什么、何时到期、现在和以后呼叫谁。"""
    sys.exit(said(lambda: _explain(read_settings(county=county), file, as_json=as_json)))


def _explain(settings: Settings, file: Path | None, *, as_json: bool) -> None:
    from rulebook import load
    from rulebook.county import load as load_county

    text = (file.read_bytes() if file else sys.stdin.buffer.read()).strip()
    try:
        made = read_item(orjson.loads(text.splitlines()[0] if text.count(b"\n{") else text))
    except (ValueError, IndexError) as error:
        shown = _sentence(error) if isinstance(error, ValueError) else "没有内容"
        sys.stderr.write(shown + "\n")
        sys.exit(1)
    county = load_county(settings.county, os.environ)
    found = explain(load(settings.rulebook), county, made, WallClock().now())
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(explained_in_words(found) + "\n")


def _lines(file: Path | None) -> Iterator[bytes]:
    if file is None:
        yield from (line for line in sys.stdin.buffer if line.strip())
        return
    with file.open("rb") as handle:
        yield from (line for line in handle if line.strip())
