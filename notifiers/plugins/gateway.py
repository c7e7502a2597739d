"""Gateways that a county runs or hires: they take JSON and answer JSON. 自建网关。

They answer an object. A `code` (or `errcode`) of 0, or none at all, is consent; 400 to 499 is
never, as in HTTP; any other code is tried again. `?token=` goes out as a Bearer token,
`user:password@` as Basic.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from notifiers.plugins.answer import LATER, Again, Meaning, Never
from notifiers.plugins.channel import JSON_HEADERS, Channel
from notifiers.plugins.session import Letter


class Gateway(Channel):
    """A channel of plain JSON at a path that the address gives."""

    code_names: ClassVar[tuple[str, ...]] = ("code", "errcode")
    code_needed: ClassVar[bool] = False
    text_bytes_max = 8_000

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._headers = dict(JSON_HEADERS)
        if token := self.options.get("token"):
            self._headers["Authorization"] = f"Bearer {token}"
        elif self.user:
            pair = b64encode(f"{self.user}:{self.password or ''}".encode()).decode()
            self._headers["Authorization"] = f"Basic {pair}"

    def meaning(self, code: int, words: str) -> Meaning | None:
        if 400 <= code < 500 and code not in LATER:
            return Never("网关拒绝")
        return Again("网关要求稍后再试")

    def hand(self, path: str, payload: Mapping[str, object]) -> Letter:
        """Return the letter with the gateway's own headers."""
        return Letter(self._origin.with_path(path), orjson.dumps(payload), self._headers)

    def number_and_path(self, path: str) -> tuple[str, str]:
        """Return the number, which is the last segment, and the path before it or else `path`.

        Raises:
            ValueError: the address has no number.
        """
        *before, number = self.segments
        return number, "/" + "/".join(before) if before else path
