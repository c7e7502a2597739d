"""A county for a journey: the one that ships, with its own people on duty. 测试县情。"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

SHIPPED = Path(__file__).parent.parent.parent / "county"
OFFICER, LEADER, DIRECTOR = "zhou-haitao", "song-lianchun", "xie-guanlin"
OFFICERS_MOBILE = "12000000001"
DUTY_PHONE = "0800-2110001"

# One officer and one leader, day and night: whoever runs the tests at half past eight.
ROSTER = f"""rotations:
  - {{role: duty_officer, starts_on: 2026-01-01, handover: 08:30, people: [{OFFICER}]}}
  - {{role: duty_leader, starts_on: 2026-01-01, handover: 08:30, people: [{LEADER}]}}
"""

# The bots as channels to a person, so that each can be the first to fail. What they receive is
# known by the person's id.
BOTS = """  - {id: wecom, url: "jibao-wecom://${JIBAO_PHONE}/{id}?rate=off"}
  - {id: dingtalk, url: "jibao-dingtalk://${JIBAO_PHONE}/{id}?rate=off"}
  - {id: feishu, url: "jibao-feishu://${JIBAO_PHONE}/{id}?rate=off"}
  - {id: elsewhere, url: "jibao-webhook://${OTHER_PHONE}/webhook/{id}"}
"""


def a_county(folder: Path, channels: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write a county into `folder`; `channels` are those of a person, in the order to try.

    Rooms have no rate here: a test calls more often than a county does.
    """
    county = folder / "county"
    shutil.copytree(SHIPPED, county, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    (county / "roster.yaml").write_text(ROSTER, "utf-8")
    edit(county / "channels.yaml", r"\{key\}", "{key}?rate=off")
    edit(county / "channels.yaml", r"kinds:\n", f"kinds:\n{BOTS}".replace("\\", r"\\"))
    edit(county / "county.yaml", r"variables:\n", "variables:\n  OTHER_PHONE: 127.0.0.1:9\n")
    for person, order in (channels or {}).items():
        edit(
            county / "people.yaml",
            rf"(id: {person}, .*channels: )\[[^\]]*\]",
            rf"\1[{', '.join(order)}]",
        )
    return county


def edit(file: Path, pattern: str, by: str) -> None:
    """Replace what the pattern finds, which must be there."""
    text, found = re.subn(pattern, by, file.read_text("utf-8"))
    assert found, f"{pattern} is not in {file.name}"
    file.write_text(text, "utf-8")
