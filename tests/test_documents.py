"""Do the documents tell the truth that a machine can check? 文档核对。

Links lead somewhere, commands and settings named are there, both READMEs say the same, and each
decision has its four parts. What a machine cannot check is the business of whoever changes it.
"""

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer
import yaml

from app.main import commands as command_line
from app.settings import _SECRETS, Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
COMMAND = re.compile(r"(?<![\w/.-])jibao((?: [a-z]+)+)")
MADE = re.compile(r"`make ([a-z-]+)`|^make ([a-z-]+)", re.MULTILINE)
SETTING = re.compile(r"\bJIBAO_[A-Z_]+\b")
IN_CODE = re.compile(r"`[^`\n]+`|^```.*?^```$", re.MULTILINE | re.DOTALL)

each_document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def text_of(path: Path) -> str:
    """Return what a reader sees: what waits in comments is not yet said."""
    return COMMENT.sub("", path.read_text("utf-8"))


def commands() -> set[str]:
    """Return every command of the command line: `up`, `duty now`."""
    root = typer.main.get_command(command_line())
    found = set[str]()
    for name, command in getattr(root, "commands", {}).items():
        inner = getattr(command, "commands", {})
        found |= {name, *(f"{name} {each}" for each in inner)}
    return found


def commands_named_in(text: str) -> set[str]:
    """Return the commands that the code in a text names; prose may say jibao as it likes."""
    named = set[str]()
    for code in IN_CODE.findall(text):
        for found in COMMAND.finditer(code):
            words = found[1].split()
            group = f"{words[0]} {words[1]}" if len(words) > 1 else ""
            named.add(group if group in commands() else words[0])
    return named


def settings() -> set[str]:
    """Return every setting by its name in the environment, the `_FILE` of the secrets too."""
    plain = {f"JIBAO_{name.upper()}" for name in Settings.model_fields}
    return plain | {f"{name}_FILE" for name in _SECRETS}


def variables_of_the_county() -> set[str]:
    written = yaml.safe_load((ROOT / "county" / "county.yaml").read_text("utf-8"))
    return set(written["variables"])


def anchors_of(path: Path) -> set[str]:
    """Return the anchors that a forge makes of a document's headings."""
    found = set[str]()
    for heading in re.findall(r"^#{1,6} (.+)$", FENCE.sub("", text_of(path)), re.MULTILINE):
        plain = re.sub(r"[`*]", "", heading).lower()
        kept = (c for c in plain if c in " -_" or unicodedata.category(c)[0] in "LN")
        found.add("".join(kept).replace(" ", "-"))
    return found


@each_document
def test_every_link_leads_somewhere(path: Path) -> None:
    lost = []
    for address in LINK.findall(FENCE.sub("", text_of(path))):
        parts = urlsplit(unquote(address))
        if parts.scheme:
            continue
        target = path.parent / parts.path if parts.path else path
        is_there = target.exists()
        if is_there and parts.fragment:
            is_there = parts.fragment in anchors_of(target)
        if not is_there:
            lost.append(address)

    assert lost == []


@each_document
def test_every_command_named_is_there(path: Path) -> None:
    assert commands_named_in(text_of(path)) - commands() == set()


@each_document
def test_every_goal_of_make_named_is_there(path: Path) -> None:
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {one or other for one, other in MADE.findall(text_of(path))}

    assert named - goals == set()


@each_document
def test_every_setting_named_is_there(path: Path) -> None:
    named = set(SETTING.findall(text_of(path)))

    assert named - settings() - variables_of_the_county() == set()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_is_told(readme: Path) -> None:
    assert settings() - set(SETTING.findall(text_of(readme))) == set()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_command_is_told(readme: Path) -> None:
    groups = {name.split()[0] for name in commands() if " " in name}

    assert commands() - groups - commands_named_in(text_of(readme)) == set()


def test_both_readmes_name_the_same_commands() -> None:
    english, chinese = (text_of(readme) for readme in READMES)

    assert commands_named_in(english) == commands_named_in(chinese)
    assert set(MADE.findall(english)) == set(MADE.findall(chinese))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_has_its_four_parts(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", text_of(decision), re.MULTILINE)

    assert headings == ["Context", "Options", "Outcome", "Consequences"]
    assert text_of(decision).startswith(f"# {int(decision.stem[:4])}. ")


def test_decisions_are_numbered_without_a_hole() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@each_document
def test_every_file_of_the_house_named_is_there(path: Path) -> None:
    """A path in code style that begins with a room of the house is a file or folder of it."""
    rooms = {each.name for each in ROOT.iterdir() if each.is_dir() and each.name[0] not in "._"}
    named = re.findall(r"`([a-z_]+/[\w./-]*)`", text_of(path))
    absent = [each for each in named if each.split("/")[0] in rooms and not (ROOT / each).exists()]

    assert absent == []
