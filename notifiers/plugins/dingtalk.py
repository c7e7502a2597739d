"""A custom robot of DingTalk. 钉钉自定义机器人。

`jibao-dingtalks://oapi.dingtalk.com/TOKEN[?secret=SEC…][&to=13800000000,…|all]`. The robot takes
20 texts a minute, is silent for ten minutes after more, and answers with HTTP 200 and an
`errcode`; 310000 has one code for keyword, signature, hour and address.
Sources: DingTalk “自定义机器人接入” and “自定义机器人安全设置”.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from notifiers.plugins.answer import Again, Meaning, Never
from notifiers.plugins.channel import Channel
from notifiers.plugins.session import Letter
from notifiers.plugins.signing import dingtalk_signature
from notifiers.wall_clock import epoch_seconds
from vocabulary.message import Message


class DingTalk(Channel, schema="dingtalk"):
    """Posts a text to the room whose token the address holds, signed where a secret is given."""

    text_bytes_max = 19_000

    meanings: ClassVar[Mapping[int, Meaning]] = {
        -1: Again("系统繁忙"),
        88: Never("鉴权异常"),
        90018: Again("超过调用次数", after_seconds=60),
        90030: Again("超过调用次数", after_seconds=600),
        130101: Again("超过每分钟条数", after_seconds=60),
        410100: Again("发送太快被限流", after_seconds=600),
        300001: Never("机器人令牌不存在"),
        300005: Never("机器人令牌不存在"),
        310000: Never("安全设置未通过（关键词、签名、时间或来源地址）"),
        40035: Never("缺少参数"),
        43004: Never("请求类型不合法"),
        400013: Never("群已解散"),
        400101: Never("机器人令牌不存在"),
        400102: Never("机器人已停用"),
        400105: Never("消息类型不支持"),
        400106: Never("机器人不存在"),
        430101: Never("含不安全的外链"),
        430102: Never("含不合适的文字"),
        430103: Never("含不合适的图片"),
        430104: Never("含不合适的内容"),
    }

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._token = self.only_segment()
        self._secret = self.options.get("secret", "")
        called = self.called()
        self._at = {"atMobiles": called, "isAtAll": "all" in called}

    def letter(self, message: Message) -> Letter:
        payload = {
            "msgtype": "text",
            "text": {"content": self.text_of(message)},
            "at": self._at,
        }
        query = {"access_token": self._token}
        if self._secret:
            milliseconds = int(epoch_seconds() * 1_000)
            signature = dingtalk_signature(milliseconds, self._secret)
            query |= {"timestamp": str(milliseconds), "sign": signature}
        return self.post("/robot/send", payload, **query)
