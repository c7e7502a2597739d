"""A custom bot of Feishu. 飞书自定义机器人。

`jibao-feishus://open.feishu.cn/TOKEN[?secret=…]`. The bot takes 100 texts a minute and 5 a
second, and is overloaded at full and half hours (11232); it answers with HTTP 200 and a `code`,
while `StatusCode` beside it is a relic that says 0 also for a refusal.
Source: Feishu “自定义机器人使用指南”.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from notifiers.plugins.answer import Again, Meaning, Never
from notifiers.plugins.channel import Channel
from notifiers.plugins.session import Letter
from notifiers.plugins.signing import feishu_signature
from notifiers.wall_clock import epoch_seconds
from vocabulary.message import Message

TOO_MANY = Again("请求过多", after_seconds=1)


class Feishu(Channel, schema="feishu"):
    """Posts a text to the room whose token the address holds, signed where a secret is given."""

    text_bytes_max = 19_000

    code_names: ClassVar[tuple[str, ...]] = ("code", "StatusCode")
    meanings: ClassVar[Mapping[int, Meaning]] = {
        9499: Never("请求格式不合法"),  # or too many requests: see `meaning`
        11232: Again("被限流", after_seconds=5),
        11233: Again("被限流", after_seconds=5),
        99991400: Again("超过调用次数", after_seconds=60),
        19001: Never("机器人令牌无效"),
        19002: Never("参数不合法"),
        19007: Never("机器人未启用"),
        19021: Never("签名不符，或本机时间相差一小时以上"),
        19022: Never("来源地址不在白名单"),
        19024: Never("缺少关键词"),
        19036: Never("内容超长"),
    }

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._token = self.only_segment()
        self._secret = self.options.get("secret", "")

    def meaning(self, code: int, words: str) -> Meaning | None:
        """Tell the two meanings of 9499 apart, which only its words do."""
        if code == 9499 and "too many" in words.lower():
            return TOO_MANY
        return super().meaning(code, words)

    def letter(self, message: Message) -> Letter:
        payload: dict[str, object] = {
            "msg_type": "text",
            "content": {"text": self.text_of(message)},
        }
        if self._secret:
            seconds = int(epoch_seconds())
            payload["timestamp"] = str(seconds)
            payload["sign"] = feishu_signature(seconds, self._secret)
        return self.post(f"/open-apis/bot/v2/hook/{self._token}", payload)
