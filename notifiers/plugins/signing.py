"""The signatures DingTalk and Feishu may ask for. 加签。

Both take HMAC-SHA256 over the hour and the secret; they differ in which part is the key.
Sources: DingTalk “自定义机器人安全设置”, Feishu “自定义机器人使用指南”.
"""

import hmac
from base64 import b64encode


def dingtalk_signature(milliseconds: int, secret: str) -> str:
    """Return DingTalk's `sign`: keyed by the secret, over the hour and the secret."""
    return _base64(key=secret, text=f"{milliseconds}\n{secret}")


def feishu_signature(seconds: int, secret: str) -> str:
    """Return Feishu's `sign`: keyed by the hour and the secret, over nothing."""
    return _base64(key=f"{seconds}\n{secret}", text="")


def _base64(*, key: str, text: str) -> str:
    return b64encode(hmac.digest(key.encode(), text.encode(), "sha256")).decode()
