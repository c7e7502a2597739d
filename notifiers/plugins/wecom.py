"""A group bot of WeCom. 企业微信群机器人。

`jibao-wecoms://qyapi.weixin.qq.com/KEY[?to=13800000000,…|all]`. The bot takes 20 texts a minute
and answers every trouble with HTTP 200 and an `errcode`.
Sources: WeCom “群机器人配置说明” and “全局错误码”.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from notifiers.plugins.answer import Again, Meaning, Never
from notifiers.plugins.channel import Channel
from notifiers.plugins.session import Letter
from vocabulary.message import Message


class WeCom(Channel, schema="wecom"):
    """Posts a text to the room whose key the address holds."""

    text_bytes_max = 2_048

    meanings: ClassVar[Mapping[int, Meaning]] = {
        -1: Again("系统繁忙"),
        6000: Again("数据版本冲突"),
        45009: Again("超过每分钟条数", after_seconds=60),
        45033: Again("并发过多", after_seconds=5),
        40008: Never("消息类型不合法"),
        40033: Never("含不合法字符"),
        40035: Never("参数不合法"),
        40058: Never("参数不合法或超长"),
        44004: Never("内容为空"),
        45002: Never("内容超长"),
        93000: Never("机器人地址无效，或已被移出群"),
        93004: Never("机器人已停用"),
        93008: Never("机器人不在群里"),
        93017: Never("参数不合法"),
        301019: Never("机器人地址不合法"),
    }

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._key = self.only_segment()
        called = self.called()
        self._called = ["@all" if one == "all" else one for one in called]

    def letter(self, message: Message) -> Letter:
        text: dict[str, object] = {"content": self.text_of(message)}
        if self._called:
            text["mentioned_mobile_list"] = self._called
        payload = {"msgtype": "text", "text": text}
        return self.post("/cgi-bin/webhook/send", payload, key=self._key)
