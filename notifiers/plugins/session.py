"""One HTTP session a loop, and one exchange on it. 会话。

Apprise lends six threads and sleeps between sends; a thousand notices at one instant need a
thousand connections on one loop instead.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakKeyDictionary

import aiohttp
from yarl import URL

from notifiers.outcome import Outcome, Refused, Unknown, Unreachable

CONNECTIONS_MAX = 2_000
# Shorter than the five seconds after which common servers close an idle connection: a page must
# not go out on a connection that is just being closed under it.
KEEP_ALIVE_SECONDS = 4.0

_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Letter:
    """One HTTP request, whole. The address holds a secret. 一次请求。"""

    url: URL
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, before it is read. 答复。"""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def exchange(letter: Letter, timeout: timedelta) -> Answer | Outcome:
    """Post once; return the answer, or what its absence means. Never raises for one.

    Half of the time is for the connection, its name look-up included: a channel that cannot even
    be connected to is unreachable, while one that took the text and says nothing is unknown.
    """
    seconds = timeout.total_seconds()
    limits = aiohttp.ClientTimeout(total=seconds, connect=seconds / 2)
    try:
        async with _session().post(
            letter.url,
            data=letter.body,
            headers=letter.headers,
            timeout=limits,
            allow_redirects=False,
        ) as response:
            return Answer(response.status, response.headers, await response.read())
    except aiohttp.ConnectionTimeoutError:
        return Unreachable("连接超时")
    except TimeoutError:
        return Unknown(f"{seconds:g} 秒内没有答复")
    except aiohttp.InvalidURL:
        return Refused("渠道地址无效")
    except aiohttp.ClientConnectorCertificateError:
        return Unreachable("对方证书无效")
    except aiohttp.ClientConnectorError:
        return Unreachable("连接不上")
    except (aiohttp.ClientError, OSError):
        return Unreachable("连接中断，未见完整答复")


async def close_session() -> None:
    """Close the running loop's session, if it has one."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


def _session() -> aiohttp.ClientSession:
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        connector = aiohttp.TCPConnector(
            limit=CONNECTIONS_MAX, keepalive_timeout=KEEP_ALIVE_SECONDS, ttl_dns_cache=300
        )
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        _sessions[loop] = session
    return session
