"""Read YAML so that every mistake has a file, a line and a sentence. 带行号的读取。

Shared by the rulebook and the county. All mistakes of a file are collected: whoever mends
one line, starts again and meets the next one, ten times over, stops mending. No sentence
repeats what was written, since a county's file holds channel addresses, and those are secrets.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

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


class _WrittenTwiceError(MarkedYAMLError):  # type: ignore[misc]
    """A mapping says one key twice."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2 by libyaml, where it is there. What is not written below stays text as written.

    So do dates, or the 31st of June would be refused without saying where it stands, and 16:30,
    which was a number in base sixty before YAML 1.2.
    """

    yaml_implicit_resolvers: Mapping[str, Any] = {}


_PLAIN: Mapping[str, tuple[str, str, Callable[[str], object]]] = {
    "null": ("~nN", r"~|null|Null|NULL|", lambda _: None),
    "bool": ("tTfF", r"[tT]rue|TRUE|[fF]alse|FALSE", lambda text: text.lower() == "true"),
    "int": ("-+0123456789", r"[-+]?[0-9]+", int),
    "float": ("-+.0123456789", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
}
_TAG = "tag:yaml.org,2002:"
for _name, (_first, _pattern, _) in _PLAIN.items():
    _whole = re.compile(rf"^(?:{_pattern})$")
    _Loader.add_implicit_resolver(_TAG + _name, _whole, ["", *_first])


def read(path: Path) -> tuple[object, Locate]:
    """Return the file as plain data, and a function from a path of keys to its line.

    A path that leads nowhere (a key that is missing) has the line of its nearest parent. JSON is
    YAML too, and is read far faster: a directory of tens of thousands is written by a program,
    and its lines are only looked for where one must be told.

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
    return _as_plain(path.name, tree), lambda keys: _line(tree, keys)


def _tree(file: str, text: str) -> Node | None:
    try:
        return _Loader(text).get_single_node()
    except YAMLError as error:
        raise UnreadableError(_told(file, error)) from error


def _as_plain(file: str, tree: Node | None) -> object:
    try:
        return _plain(tree)
    except YAMLError as error:
        raise UnreadableError(_told(file, error)) from error


def _told(file: str, error: YAMLError) -> Mistake:
    return _grammar(file, error) if isinstance(error, MarkedYAMLError) else _unreadable(file)


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
    if isinstance(error, _WrittenTwiceError):
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


def _line(tree: Node | None, keys: Iterable[Key]) -> int:
    mark: Mark | None = None
    for key in keys:
        step = _step(tree, key)
        if step is None:
            break
        mark, tree = step
    return mark.line + 1 if mark else 1


def _step(tree: Node | None, key: Key) -> tuple[Mark, Node] | None:
    """Return where the key or the item stands, and what is there."""
    if isinstance(tree, MappingNode):
        return next(((k.start_mark, v) for k, v in tree.value if _plain(k) == key), None)
    if isinstance(tree, SequenceNode) and isinstance(key, int) and key < len(tree.value):
        return tree.value[key].start_mark, tree.value[key]
    return None


def _plain(tree: Node | None) -> object:
    if isinstance(tree, MappingNode):
        return _mapping(tree)
    if isinstance(tree, SequenceNode):
        return [_plain(each) for each in tree.value]
    if isinstance(tree, ScalarNode):
        _, _, made = _PLAIN.get(tree.tag.removeprefix(_TAG), ("", "", str))
        return made(tree.value)
    return None


def _mapping(tree: MappingNode) -> dict[object, object]:
    found: dict[object, object] = {}
    for key, value in tree.value:
        if not isinstance(key, ScalarNode):
            raise MarkedYAMLError(problem="a key is no word", problem_mark=key.start_mark)
        name = _plain(key)
        if name in found:
            raise _WrittenTwiceError(problem_mark=key.start_mark)
        found[name] = _plain(value)
    return found
