"""Ask over HTTP and keep the answer to the byte. 请求。"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return what the body says."""
        return orjson.loads(self.body)

    def lines(self) -> list[Any]:
        """Return what each line of the body says."""
        return [orjson.loads(line) for line in self.body.splitlines()]


def ask(
    port: int,
    method: str,
    path: str,
    *,
    token: str = "",
    key: str | None = None,
    content: object = None,
    english: bool = False,
    timeout: float = 30,
) -> Reply:
    """Ask once on a connection of its own; `content` is sent as JSON, bytes as they are.

    Raises:
        OSError, http.client.HTTPException: no whole answer came.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if key is not None:
        headers["Idempotency-Key"] = key
    if english:
        headers["Accept-Language"] = "en"
    body = content if content is None or isinstance(content, bytes) else orjson.dumps(content)
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return Reply(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()
