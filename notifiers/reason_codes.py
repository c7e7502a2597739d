"""Short words for what channels answered, to count by. 结果代码。

A label of a metric must be one of a few, and the sentences of `notifiers.outcome` hold seconds
and providers' numbers: here they are sorted by how they begin. A test goes through every
sentence that a channel can say.
"""

from notifiers.plugins import CHANNELS, apprise_url

OK, NO_ANSWER, OTHER = "ok", "no_answer", "other"
_BEGINNINGS = {  # the first that fits
    "HTTP 3": "http_3xx",
    "HTTP 4": "http_4xx",
    "HTTP 5": "http_5xx",
    "HTTP ": "http_unreadable",
    "返回码 ": "provider_code",
    "本渠道条数已满": "rate_limited",
    "连接超时": "connect_timeout",
    "连接不上": "connect_failed",
    "连接中断": "cut_off",
    "对方证书无效": "certificate",
    "渠道地址": "bad_address",
    "通讯录中已无此渠道": "no_such_channel",
    "Apprise 报告失败": "apprise_failed",
}
CODES = frozenset({OK, NO_ANSWER, OTHER, *_BEGINNINGS.values()})

_NOWHERE, _APPRISE = "none", "apprise"
_KINDS = {
    str(schema): str(channel.protocol).removeprefix("jibao")
    for channel in CHANNELS
    for schema in (channel.protocol, channel.secure_protocol)
}
KINDS = frozenset({_NOWHERE, _APPRISE, *_KINDS.values()})


def code_of(reason: str) -> str:
    """Return the code of a reason; without a reason all was well."""
    if not reason:
        return OK
    if reason.endswith("没有答复"):
        return NO_ANSWER
    return next((code for start, code in _BEGINNINGS.items() if reason.startswith(start)), OTHER)


def kind_of(url: str) -> str:
    """Return the kind of channel behind an address: one of ours, `apprise`, or none at all."""
    if not url:
        return _NOWHERE
    return _KINDS.get(apprise_url(url).partition("://")[0].lower(), _APPRISE)
