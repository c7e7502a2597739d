"""Our channels on Apprise's own extension point; each reads the answer it gets. 渠道插件。

In a county's files their addresses are written
`jibao-wecom://…` (http, for a gateway or the loopback phone) and `jibao-wecoms://…` (https);
Apprise's parser of addresses knows no hyphen, so inside it they are `jibaowecom://…`, which is
also how `apprise.Apprise().add` takes them.
"""

import logging
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

from apprise import Apprise, NotifyBase
from apprise.manager_plugins import NotificationManager

from notifiers.plugins.channel import Channel
from notifiers.plugins.dingtalk import DingTalk
from notifiers.plugins.feishu import Feishu
from notifiers.plugins.sms import Sms
from notifiers.plugins.voice import Voice
from notifiers.plugins.webhook import Webhook
from notifiers.plugins.wecom import WeCom

__all__ = ["CHANNELS", "Channel", "apprise_url", "plugin_at", "register"]

CHANNELS: tuple[type[Channel], ...] = (WeCom, DingTalk, Feishu, Sms, Voice, Webhook)
_OURS: Mapping[str, type[Channel]] = {
    str(schema): channel
    for channel in CHANNELS
    for schema in (channel.protocol, channel.secure_protocol)
}

# Apprise's warnings quote the token that they find wrong, and no log may hold one.
logging.getLogger("apprise").propagate = False


@cache
def register() -> None:
    """Make ours known to Apprise, which for that imports all the hundred and more that it has.

    That takes half a second, and a county whose channels are all ours never needs it.
    """
    registry: Any = NotificationManager()  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        # One of its channels imports `imghdr`, old in 3.11.
        warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
        for channel in CHANNELS:
            if channel.protocol not in registry:
                registry.add(channel)


def plugin_at(url: str) -> NotifyBase | None:
    """Return the plugin behind an address; None of one that cannot be read."""
    address = apprise_url(url)
    ours = _OURS.get(address.partition("://")[0].lower())
    if ours is None:
        register()
        return Apprise.instantiate(address)
    parts = ours.parse_url(address.replace("/#", "/%23"))  # as Apprise does
    try:
        return ours(**parts) if parts else None
    except (TypeError, ValueError):
        return None


def apprise_url(url: str) -> str:
    """Return the address as Apprise can parse it: `jibao-wecom://` becomes `jibaowecom://`."""
    schema, separator, rest = url.strip().partition("://")
    if schema.lower().startswith("jibao-"):
        schema = schema.replace("-", "")
    return f"{schema}{separator}{rest}"
