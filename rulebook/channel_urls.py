"""Make a channel's address out of its kind, and see that it is one. 渠道地址。

An address holds secrets: no sentence here repeats one, or any part of it but its scheme.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

OUR_SCHEMES = tuple(
    f"jibao-{name}" for name in ("wecom", "dingtalk", "feishu", "sms", "voice", "webhook")
)
"""Each also with an `s` behind it: https in place of http."""

PERSONAL_FIELDS = frozenset({"mobile", "id"})
ROOM_FIELDS = frozenset({"key", "id"})

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)\}")
_FIELD = re.compile(r"(?<!\$)\{(\w*)\}")
_HOLE = re.compile(r"(?P<sign>\$?)\{(?P<name>\w*)\}")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s{}$]+")
_MOBILE = re.compile(r"\+?[0-9][0-9-]{4,19}")
_KEY = re.compile(r"[A-Za-z0-9_.~%?&=+-]+")


class AddressError(ValueError):
    """No address can be made; the message is the sentence, in Chinese, without secrets."""


def check_kind(url: str, variables: Mapping[str, str], *, room: bool) -> None:
    """See that an address can be made of a kind's `url`, whatever is filled in.

    Raises:
        AddressError: an unset variable, an unknown field, none at all, or no URL.
    """
    fields = ROOM_FIELDS if room else PERSONAL_FIELDS
    written = set(_FIELD.findall(url))
    choice = "、".join(f"{{{name}}}" for name in sorted(fields))
    if written - fields:
        raise AddressError(f"地址里只能用{choice}")
    if not written:
        raise AddressError(f"地址里须有{choice}之一，否则人人收到的都是同一处")
    _check_url(fill(url, dict.fromkeys(fields, "0"), variables))


def check_mobile(mobile: str, variables: Mapping[str, str]) -> None:
    """See that a number can stand in an address.

    Raises:
        AddressError: it is no number, or a variable is not set.
    """
    if not _MOBILE.fullmatch(_expand(mobile, variables)):
        raise AddressError("手机号只能是数字，可带“+”和“-”")


def check_key(key: str, variables: Mapping[str, str]) -> None:
    """See that a bot's key can stand in an address; it may bring a query (`KEY?secret=…`).

    Raises:
        AddressError: it holds what an address cannot, or a variable is not set.
    """
    if not _KEY.fullmatch(_expand(key, variables)):
        raise AddressError("群机器人的密钥只能有字母、数字和 - _ . ~ % ? & = +")


def fill(url: str, fields: Mapping[str, str], variables: Mapping[str, str]) -> str:
    """Return the address: each `{field}` filled in, each `${NAME}` put in its place.

    Values are not looked into again, so a secret may hold any sign that an address may.

    Raises:
        AddressError: a name without a value.
    """

    def value(hole: re.Match[str]) -> str:
        if hole["sign"]:
            return _variable(hole["name"], variables)
        return _expand(fields[hole["name"]], variables).replace("+", "%2B")

    return _HOLE.sub(value, url)


def _expand(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: _variable(found["name"], variables), text)


def _variable(name: str, variables: Mapping[str, str]) -> str:
    """An empty value is none: an environment often holds names that nobody filled."""
    if value := variables.get(name):
        return value
    raise AddressError(f"变量 {name} 没有值：请设环境变量，或写入 county.yaml 的 variables")


def _check_url(url: str) -> None:
    if not _URL.fullmatch(url):
        raise AddressError("地址写法不对，应如 jibao-sms://主机:端口/{mobile}")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError("地址里的主机或端口写法不对") from error
    if not host:
        raise AddressError("地址里缺少主机")
    ours = {*OUR_SCHEMES, *(f"{scheme}s" for scheme in OUR_SCHEMES)}
    if parts.scheme.startswith("jibao-") and parts.scheme not in ours:
        known = "、".join(OUR_SCHEMES)
        raise AddressError(f"没有“{parts.scheme}”这种渠道；本系统自带：{known}（加 s 为 https）")
