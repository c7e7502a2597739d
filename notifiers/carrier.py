"""Carry a finished text to an address, once, and say what came of it. 送信人。"""

from dataclasses import dataclass
from datetime import timedelta

from apprise import Apprise, AppriseResultStatus, NotifyBase
from limits import RateLimitItem

from notifiers.outcome import Delivered, Outcome, Refused, Unknown, Unreachable
from notifiers.plugins import Channel, apprise_url, plugin_at
from notifiers.plugins.session import close_session
from notifiers.rates import Turnstile, rates_of
from vocabulary.message import Message

UNREADABLE = Refused("渠道地址无法识别")


@dataclass(frozen=True, slots=True)
class _Line:
    """An address, read once: the plugin behind it and the destination it leads to."""

    plugin: NotifyBase
    destination: str
    rates: tuple[RateLimitItem, ...]


class Carrier:
    """Delivers to any Apprise address; ours are read by their answers. 送信人。

    One carrier a process. Trying again and choosing the next channel are the caller's business,
    because only it knows the deadline; so is preferring an alert to a notice where a destination
    is nearly full, for which `has_room` and `wait_for` are there to be asked.

    An address may end in `?rate=off`: a loopback phone or a gateway of one's own has no rate.
    """

    def __init__(self) -> None:
        self._lines: dict[str, _Line | None] = {}
        self._turnstile = Turnstile()

    async def deliver(self, url: str, message: Message, timeout: timedelta) -> Outcome:
        """Carry `message` to `url` once, within `timeout`. Does not raise for an outcome.

        Returns:
            Delivered: the channel's answer said so. For an address of Apprise's own (not
                `jibao-…://`) it is Apprise's SUCCESS, which is its best word and no proof: it
                believes any HTTP 200, also one that carries an error code.
            Unreachable: try again; also where the destination's rate is used up, with the wait.
            Refused: never like this; also an address that Apprise cannot read.
            Unknown: sent, and no answer within `timeout`.
        """
        line = self._line(url)
        if line is None:
            return UNREADABLE
        if line.rates:
            wait = self._turnstile.wait(line.rates, line.destination)
            if wait is not None:
                return Unreachable("本渠道条数已满，稍后再发", wait.total_seconds())
            self._turnstile.pass_through(line.rates, line.destination)
        if isinstance(line.plugin, Channel):
            return await line.plugin.deliver(message, timeout)
        return await _through_apprise(line.plugin, message, timeout)

    def wait_for(self, url: str, *, spare: int = 0) -> timedelta | None:
        """Return how long until the destination has room for one and `spare` more; None is now."""
        line = self._line(url)
        if line is None or not line.rates:
            return None
        return self._turnstile.wait(line.rates, line.destination, spare)

    def has_room(self, url: str, *, spare: int = 0) -> bool:
        """Say whether a text may go now and leave room for `spare` more within the rate."""
        return self.wait_for(url, spare=spare) is None

    def understands(self, url: str) -> bool:
        """Say whether the address can be read at all: for checking a county's files."""
        return self._line(url) is not None

    async def close(self) -> None:
        """Close the running loop's connections and forget the addresses."""
        self._lines.clear()
        await close_session()

    def _line(self, url: str) -> _Line | None:
        try:
            return self._lines[url]
        except KeyError:
            line = self._lines[url] = _read(url)
            return line


def _read(url: str) -> _Line | None:
    address, _, query = apprise_url(url).partition("?")
    plugin = plugin_at(url)
    if plugin is None:
        return None
    is_off = "rate=off" in query.split("&")
    schema = address.partition("://")[0].lower()
    return _Line(plugin, address.rstrip("/"), () if is_off else rates_of(schema))


async def _through_apprise(plugin: NotifyBase, message: Message, timeout: timedelta) -> Outcome:
    apprise = Apprise()
    apprise.add(plugin)
    result = await apprise.async_notify(
        title=message.title, body=message.body, timeout=timeout.total_seconds()
    )
    match result.status:
        case AppriseResultStatus.SUCCESS:
            return Delivered("Apprise 报告成功，未核对答复")
        case AppriseResultStatus.TIMEOUT:
            return Unknown(f"{timeout.total_seconds():g} 秒内没有答复")
        case _:
            return Unreachable("Apprise 报告失败")
