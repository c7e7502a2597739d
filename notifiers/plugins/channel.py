"""What our channels share: an address, a letter, an answer that is read. 渠道共性。"""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import unquote, urlencode

import orjson
from apprise import NotifyBase
from yarl import URL

from notifiers.outcome import Delivered, Outcome
from notifiers.plugins.answer import Meaning, Reading, read
from notifiers.plugins.session import Answer, Letter, close_session, exchange
from vocabulary.message import Message

JSON_HEADERS: Mapping[str, str] = {"Content-Type": "application/json; charset=utf-8"}
APPRISE_TIMEOUT = timedelta(seconds=10)
CUT_MARK = "…"


class Channel(NotifyBase):  # type: ignore[no-untyped-call]
    """An Apprise plugin that tells delivered, again, never and unknown apart. 渠道。

    A subclass names its schema in its class line, and says where its letter goes and which codes
    mean what. The address is
    `schema://[user[:password]@]host[:port]/segments…?options`.
    """

    request_rate_per_sec = 0  # our limiter knows the destination; Apprise only knows the object

    code_names: ClassVar[tuple[str, ...]] = ("errcode",)
    code_needed: ClassVar[bool] = True
    meanings: ClassVar[Mapping[int, Meaning]] = {}
    text_bytes_max: ClassVar[int]

    def __init_subclass__(cls, schema: str = "", **kwargs: Any) -> None:
        """Name the subclass in Apprise's way, whose own types say None for the three."""
        super().__init_subclass__(**kwargs)  # type: ignore[no-untyped-call]
        cls.service_name = f"jibao {schema}"  # type: ignore[assignment]
        cls.protocol = f"jibao{schema}"  # type: ignore[assignment]
        cls.secure_protocol = f"jibao{schema}s"  # type: ignore[assignment]

    def __init__(self, **parts: Any) -> None:
        """Read the parts of an address as Apprise cut it.

        Raises:
            ValueError: the address lacks what this channel needs; Apprise then answers None.
        """
        super().__init__(**parts)  # type: ignore[no-untyped-call]
        self.secure = self.schema == self.secure_protocol  # “sms” ends in s and is not https
        if not self.host:
            raise ValueError("no host")
        self.options: Mapping[str, str] = parts.get("qsd") or {}
        path = parts.get("fullpath") or ""
        self.segments = tuple(unquote(part) for part in path.split("/") if part)
        self._origin = URL.build(
            scheme="https" if self.secure else "http",
            host=self.host.strip("[]"),
            port=self.port or None,
        )
        self._reading = Reading(self.code_names, self.meaning, self.code_needed)

    @abstractmethod
    def letter(self, message: Message) -> Letter:
        """Return the request that carries the message."""

    def meaning(self, code: int, words: str) -> Meaning | None:
        """Return what a code other than 0 means; `words` tell apart a code with two meanings."""
        return self.meanings.get(code)

    async def deliver(self, message: Message, timeout: timedelta) -> Outcome:
        """Carry the message once. Returns an outcome; does not raise for one."""
        answer = await exchange(self.letter(message), timeout)
        return read(answer, self._reading) if isinstance(answer, Answer) else answer

    async def async_notify(self, *args: Any, **kwargs: Any) -> bool:
        """Answer Apprise in its own terms: only a success that was read is one."""
        message = Message(title=kwargs.get("title") or "", body=str(kwargs.get("body") or ""))
        return isinstance(await self.deliver(message, APPRISE_TIMEOUT), Delivered)

    def send(self, body: str, title: str = "", *args: Any, **kwargs: Any) -> bool:
        """Serve Apprise's blocking callers, which have no loop of ours."""

        async def once() -> bool:
            try:
                return await self.async_notify(body=body, title=title)
            finally:
                await close_session()

        return asyncio.run(once())

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:  # noqa: FBT001, FBT002
        """Return the address again; Apprise logs the private form."""
        where = self.host if self.port is None else f"{self.host}:{self.port}"
        if privacy:
            return f"{self.schema}://{where}/****"
        user = "" if self.user is None else f"{self.user}:{self.password or ''}@"
        query = f"?{urlencode(self.options)}" if self.options else ""
        return f"{self.schema}://{user}{where}/{'/'.join(self.segments)}{query}"

    @property
    def url_identifier(self) -> tuple[object, ...]:  # type: ignore[override]
        """What makes two addresses one destination."""
        return (self.protocol, self.host, self.port, self.segments)

    @staticmethod
    def parse_url(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any] | None:
        """Cut an address into parts; any host will do, also one without a dot."""
        return NotifyBase.parse_url(url, verify_host=False)

    def only_segment(self) -> str:
        """Return the one segment that is the token.

        Raises:
            ValueError: there is none, or more than one.
        """
        (token,) = self.segments
        return token

    def called(self) -> list[str]:
        """Return whom the text calls by name in its room: `?to=` telephone numbers, or `all`."""
        return [one for one in self.options.get("to", "").split(",") if one]

    def post(self, path: str, payload: Mapping[str, object], **query: str) -> Letter:
        """Return a JSON letter to `path` at the channel's host."""
        url = self._origin.with_path(path).with_query(query)
        return Letter(url, orjson.dumps(payload), JSON_HEADERS)

    def text_of(self, message: Message) -> str:
        """Return title and body in one, cut at what the channel takes: late is worse than short."""
        text = "\n".join(part for part in (message.title, message.body) if part)
        if len(text.encode()) <= self.text_bytes_max:
            return text
        room = self.text_bytes_max - len(CUT_MARK.encode())
        return text.encode()[:room].decode(errors="ignore") + CUT_MARK
