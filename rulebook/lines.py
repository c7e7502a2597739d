"""Read YAML so that every mistake has a file, a line and a sentence. 带行号的读取。

Shared by the rulebook and the county. All mistakes of a file are collected: whoever mends
one line, starts again and meets the next one, ten times over, stops mending. No sentence
repeats what was written, since a county's file holds channel addresses, and those are secrets.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Key = str | int
Locate = Callable[[Sequence[Key]], int]
Model = TypeVar("Model", bound=BaseModel)

_SENTENCES: Mapping[str, str] = {
    "missing": "缺少“{key}”",
    "extra_forbidden": "不认识“{key}”，请核对拼写",
    "enum": "“{key}”须为以下之一：{expected}",
    "literal_error": "“{key}”须为以下之一：{expected}",
    "string_type": "“{key}”须为文字（必要时加引号）",
    "string_too_short": "“{key}”不能为空",
    "string_too_long": "“{key}”过长，至多{max_length}字",
    "string_pattern_mismatch": "“{key}”写法不对",
    "too_short": "“{key}”至少要有{min_length}项",
    "too_long": "“{key}”至多只能有{max_length}项",
    "greater_than": "“{key}”须大于{gt}",
    "greater_than_equal": "“{key}”不得小于{ge}",
    "less_than": "“{key}”须小于{lt}",
    "less_than_equal": "“{key}”不得大于{le}",
    "dict_type": "“{key}”须为“名称: 值”的形式",
    "model_type": "“{key}”须为“名称: 值”的形式",
    "list_type": "“{key}”须为列表，每项以“- ”开头",
    "tuple_type": "“{key}”须为列表，每项以“- ”开头",
}
_KINDS: Mapping[str, str] = {
    "int": "整数",
    "float": "数字",
    "bool": "是否（true 或 false）",
    "date": "日期，如 2026-01-31",
    "time": "时刻，如 16:30",
    "datetime": "日期和时刻，如 2026-01-31T16:30:00+08:00",
    "timezone": "带时区的时刻，如 2026-01-31T16:30:00+08:00",
    "url": "网址",
}


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to mend. 一处错误。`line` counts from 1."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        """Read like a compiler's complaint: file, line, sentence."""
        return f"{self.file}:{self.line} {self.sentence}"


class UnreadableError(ValueError):
    """The file is no YAML at all, or is not there; `mistake` says where and why."""

    def __init__(self, mistake: Mistake) -> None:
        """Say the mistake."""
        super().__init__(str(mistake))
        self.mistake = mistake


class _Constructor(RoundTripConstructor):
    """Leaves dates as written: ruamel refuses the 31st of June without saying where it stands."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_str)


def read(path: Path) -> tuple[object, Locate]:
    """Return the file as plain data, and a function from a path of keys to its line.

    A path that leads nowhere (a key that is missing) has the line of its nearest parent. JSON is
    YAML too, and is read a hundred times as fast: a directory of tens of thousands is written by
    a program, and its lines are only looked for where one must be told.

    Raises:
        UnreadableError: no such file, not UTF-8, bad YAML, or a key written twice.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise UnreadableError(Mistake(path.name, 1, "没有这个文件")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(_unreadable(path.name)) from error
    grown = cache(lambda: _tree(path.name, text))
    if text.startswith("{"):
        with suppress(ValueError):  # then YAML says what is wrong, and where
            plain = json.loads(text, object_pairs_hook=_once, parse_constant=_never)
            return plain, lambda keys: _line(grown(), keys)
    tree = grown()
    return _plain(tree), lambda keys: _line(tree, keys)


def _tree(file: str, text: str) -> object:
    yaml = YAML()
    yaml.Constructor = _Constructor
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        raise UnreadableError(_grammar(file, error)) from error
    except YAMLError as error:
        raise UnreadableError(_unreadable(file)) from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is written twice")
    return found


def _never(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _unreadable(file: str) -> Mistake:
    return Mistake(file, 1, "文件读不出来，须为 UTF-8 文本")


def validate(model: type[Model], path: Path) -> Model | tuple[Mistake, ...]:
    """Return the file as `model`, or everything that is wrong with it, in line order.

    A validator of the model that raises `ValueError` speaks Chinese: its words are the sentence.
    """
    try:
        data, locate = read(path)
    except UnreadableError as error:
        return (error.mistake,)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return mistakes_of(error, path.name, locate)


def mistakes_of(error: ValidationError, file: str, locate: Locate) -> tuple[Mistake, ...]:
    """Return what pydantic found in a file that was `read`, in line order."""
    found = error.errors(include_url=False, include_input=False)
    told = (each for each in found if not _only_follows(each, found))
    return tuple(sorted(Mistake(file, locate(each["loc"]), _sentence(each)) for each in told))


def _only_follows(error: ErrorDetails, found: Sequence[ErrorDetails]) -> bool:
    """Pydantic counts good items only, so a list of one bad item is “too short” as well."""
    depth = len(error["loc"])
    return error["type"] == "too_short" and any(
        len(each["loc"]) > depth and each["loc"][:depth] == error["loc"] for each in found
    )


def _grammar(file: str, error: MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    if isinstance(error, DuplicateKeyError):
        return Mistake(file, line, "同一名称写了两次")
    return Mistake(file, line, "YAML 格式有误，请核对缩进、冒号与引号")


def _sentence(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    key = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "文件")
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(key=key, **context).replace("' or '", "', '")
    wanted = _KINDS.get(kind.partition("_")[0])
    return f"“{key}”须为{wanted}" if wanted else f"“{key}”不合要求（{kind}）"


def _line(tree: object, keys: Iterable[Key]) -> int:
    line = 1
    for key in keys:
        try:
            if isinstance(tree, CommentedMap):
                place = tree.lc.key(key)
            elif isinstance(tree, CommentedSeq):
                place = tree.lc.item(key)
            else:
                return line
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            return line
        line = place[0] + 1
    return line


def _plain(tree: object) -> object:
    if isinstance(tree, Mapping):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, CommentedSeq):
        return [_plain(value) for value in tree]
    return tree
