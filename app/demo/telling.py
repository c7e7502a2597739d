"""What the terminal says while the demo's day goes by. 终端播报。

On a terminal a line at the foot moves; elsewhere there are plain lines and no control characters.
"""

import os
import signal
import sys
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from vocabulary.names import DUTY_NAMES, ROLE_NAMES, SEVERITY_NAMES, TIMELINESS_NAMES
from vocabulary.terms import Duty, Role, Severity, Timeliness

_PLAIN_SECONDS = 10.0  # between two progress lines where the foot cannot move
_CHANNELS = {
    "wecom": "企业微信群机器人",
    "dingtalk": "钉钉群机器人",
    "feishu": "飞书群机器人",
    "sms": "短信",
    "voice": "语音电话",
    "webhook": "应用消息",
}
_MODES = {
    "ok": "恢复正常",
    "refuse": "一律拒收",
    "stall": "收了不答",
    "cut": "答到一半断线",
    "garbage": "答非所问",
    "status": "服务异常",
}


class Terminal(Console):
    """A terminal whose reader may leave (`jibao demo | head`): then the demo ends in good order."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        signal.raise_signal(signal.SIGTERM)


@dataclass
class Tally:
    """What the progress line counts. 计数。"""

    at: datetime
    sent: int = 0
    refused: int = 0
    failed: int = 0
    messages: int = 0
    alerts: int = 0
    acknowledged: int = 0
    late: int = 0
    missing: int = 0

    def __str__(self) -> str:
        said = (
            f"{self.at:%H:%M} 报送 {self.sent} 件",
            f"拒收涉密 {self.refused}" if self.refused else "",
            f"未收下 {self.failed}" if self.failed else "",
            f"警报 {self.alerts}（已签收 {self.acknowledged}）",
            f"手机收到 {self.messages} 条",
            f"迟报 {self.late} · 缺报 {self.missing}",
        )
        return "  ".join(part for part in said if part)


@dataclass
class Teller:
    """Says what happens, a line each, and keeps the progress line."""

    console: Terminal
    tally: Tally
    _live: Live | None = None
    _said_at: float = field(default_factory=monotonic)
    _said: str = ""

    def start(self) -> None:
        """Begin the moving line, where there is a terminal to move it on."""
        if self.console.is_terminal:
            self._live = Live(
                console=self.console,
                get_renderable=self._foot,
                refresh_per_second=4,
                transient=True,
            )
            self._live.start()

    def stop(self) -> None:
        """End the moving line and say the last figures."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        self.say(str(self.tally))

    def say(self, line: str, style: str = "") -> None:
        """Print one line."""
        self.console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    def progress(self) -> None:
        """Print the progress line now and then, where the foot cannot move."""
        if self._live is not None or monotonic() - self._said_at < _PLAIN_SECONDS:
            return
        line = str(self.tally)
        if line != self._said:
            self.say(line)
            self._said, self._said_at = line, monotonic()

    def taken(
        self, at: datetime, unit: str, title: str, receipt: dict[str, Any], *, joins: bool
    ) -> None:
        """Tell of an item that was taken in; an everyday one is only counted."""
        self.tally.sent += 1
        if joins:
            self.say(f"{at:%H:%M:%S} 续件  {unit}：{title}")
        elif receipt["verdict"] == "emergency":
            severity = receipt["severity"]
            grade = f"初判{SEVERITY_NAMES[Severity(severity)]}" if severity else "等级待定"
            self.say(f"{at:%H:%M:%S} 紧急  {unit}：{title}（{grade}）", "bold red")
        elif receipt["verdict"] == "attention":
            self.say(f"{at:%H:%M:%S} 关注  {unit}：{title}", "yellow")

    def refused(self, at: datetime, unit: str) -> None:
        """Tell that an item with a classified mark was turned away."""
        self.tally.refused += 1
        self.say(f"{at:%H:%M:%S} 拒收  {unit}：带密级标志，未存，请走机要渠道", "magenta")

    def failed(self, at: datetime, unit: str, status: int) -> None:
        """Tell that the duty room did not take what it should have."""
        self.tally.failed += 1
        self.say(f"{at:%H:%M:%S} 未收下 {unit}：HTTP {status}", "bold magenta")

    def acknowledged(self, at: datetime, role: Role, name: str, title: str) -> None:
        """Tell who took an alert in hand."""
        self.say(f"{at:%H:%M:%S} 签收  {ROLE_NAMES[role]}{name}：{title}", "green")

    def channel(self, at: datetime, channel: str, mode: str) -> None:
        """Tell that a channel fails, or works again."""
        self.say(f"{at:%H:%M:%S} 渠道  {_CHANNELS[channel]}{_MODES[mode]}", "cyan")

    def lapse(self, at: datetime, unit: str, duty: str, timeliness: str) -> None:
        """Tell what came onto the late log."""
        what, how = DUTY_NAMES[Duty(duty)], TIMELINESS_NAMES[Timeliness(timeliness)]
        self.say(f"{at:%H:%M:%S} 台账  {unit}：{what}{how}", "blue")

    def _foot(self) -> Text:
        return Text(str(self.tally), style="bold", no_wrap=True, overflow="ellipsis")
