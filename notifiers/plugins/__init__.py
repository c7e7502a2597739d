"""Our channels on Apprise's own extension point; each reads the answer it gets. 渠道插件。

Importing this package registers them. In a county's files their addresses are written
`jibao-wecom://…` (http, for a gateway or the loopback phone) and `jibao-wecoms://…` (https);
Apprise's parser of addresses knows no hyphen, so inside it they are `jibaowecom://…`, which is
also how `apprise.Apprise().add` takes them.
"""

import logging
import warnings
from typing import Any

from apprise.manager_plugins import NotificationManager

from notifiers.plugins.channel import Channel
from notifiers.plugins.dingtalk import DingTalk
from notifiers.plugins.feishu import Feishu
from notifiers.plugins.sms import Sms
from notifiers.plugins.voice import Voice
from notifiers.plugins.webhook import Webhook
from notifiers.plugins.wecom import WeCom

__all__ = ["CHANNELS", "Channel", "apprise_url"]

CHANNELS: tuple[type[Channel], ...] = (WeCom, DingTalk, Feishu, Sms, Voice, Webhook)

# Apprise's warnings quote the token that they find wrong, and no log may hold one.
logging.getLogger("apprise").propagate = False

_registry: Any = NotificationManager()  # type: ignore[no-untyped-call]
with warnings.catch_warnings():
    # Apprise imports all it has, and one of its channels imports `imghdr`, old in 3.11.
    warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
    for _channel in CHANNELS:
        if _channel.protocol not in _registry:
            _registry.add(_channel)


def apprise_url(url: str) -> str:
    """Return the address as Apprise can parse it: `jibao-wecom://` becomes `jibaowecom://`."""
    schema, separator, rest = url.strip().partition("://")
    if schema.lower().startswith("jibao-"):
        schema = schema.replace("-", "")
    return f"{schema}{separator}{rest}"
