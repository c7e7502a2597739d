"""One address of each kind, with the secrets that no outcome may repeat. 各渠道地址样例。"""

from datetime import timedelta

import pytest

from vocabulary.message import Message

TOKEN, NUMBER = "TOKEN7f3a", "13812345678"
TEXT = Message("【急报】初判较大：东街爆炸（城关镇）", "城关镇报送\n签收：https://zb.example/a/x1")
SOON = timedelta(seconds=5)
NOW_OR_NEVER = timedelta(seconds=0.3)

ADDRESSES = {
    "wecom": f"jibao-wecom://{{host}}/{TOKEN}?rate=off",
    "dingtalk": f"jibao-dingtalk://{{host}}/{TOKEN}?rate=off",
    "feishu": f"jibao-feishu://{{host}}/{TOKEN}?rate=off",
    "sms": f"jibao-sms://{{host}}/{NUMBER}",
    "voice": f"jibao-voice://{{host}}/{NUMBER}",
    "webhook": f"jibao-webhook://{{host}}/webhook/{TOKEN}",
}
RECIPIENTS = {**dict.fromkeys(ADDRESSES, TOKEN), "sms": NUMBER, "voice": NUMBER}

every_channel = pytest.mark.parametrize("channel", ADDRESSES)
