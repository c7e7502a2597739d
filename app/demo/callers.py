"""The demo's people at their machines: they submit, look and acknowledge over HTTP. 演示用户。"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from rules.county import Person

_TRIES, _AGAIN_SECONDS = 5, 1.0
_LINK = re.compile(r"https?://\S+?/a/[\w.~-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the duty room said. 答复。"""

    status: int
    content: Any

    @property
    def is_good(self) -> bool:
        """Whether it did what was asked."""
        return self.status < 400


@dataclass(frozen=True)
class Callers:
    """The API and the phone, as those who hold a token use them."""

    session: aiohttp.ClientSession
    room: str
    phone: str
    tokens: Mapping[str, str]

    async def submit(self, principal: str, content: dict[str, Any], key: str) -> Answer:
        """Send one item as a unit or a person."""
        headers = {"Idempotency-Key": key}
        return await self._ask("POST", principal, "/api/v1/submissions", content, headers)

    async def case_of(self, principal: str, answer: Answer) -> str | None:
        """Return the case of an item; where the receipt came first, ask until it is decided."""
        told = answer.content
        is_case = told.get("verdict") in ("emergency", "attention") or told.get("case_id")
        for _ in range(_TRIES * 4 if answer.is_good and is_case else 0):
            if told.get("case_id"):
                case_id: str = told["case_id"]
                return case_id
            await asyncio.sleep(_AGAIN_SECONDS / 4)
            path = f"/api/v1/submissions/{answer.content['submission_id']}"
            told = (await self._ask("GET", principal, path)).content
        return None

    async def open_alerts(self, person_id: str) -> list[dict[str, Any]]:
        """Return the alerts that nobody has taken in hand."""
        asked = await self._ask("GET", f"person:{person_id}", "/api/v1/alerts?open=true")
        return asked.content["alerts"] if asked.is_good else []

    async def alerts(self, person_id: str) -> list[dict[str, Any]]:
        """Return the latest alerts."""
        asked = await self._ask("GET", f"person:{person_id}", "/api/v1/alerts")
        return asked.content["alerts"] if asked.is_good else []

    async def late_log(self, person_id: str) -> list[dict[str, Any]]:
        """Return the late log."""
        asked = await self._ask("GET", f"person:{person_id}", "/api/v1/late-log")
        return asked.content["late_log"] if asked.is_good else []

    async def acknowledge(self, person_id: str, alert_id: str) -> bool:
        """Take an alert in hand in the system."""
        path = f"/api/v1/alerts/{alert_id}/ack"
        return (await self._ask("POST", f"person:{person_id}", path)).is_good

    async def tap(self, person: Person, title: str) -> bool:
        """Tap the link of the newest message of this title, if the person has one."""
        addresses = addresses_of(person)
        async with self.session.get(f"{self.phone}/messages") as answer:
            messages = await answer.json()
        for message in reversed(messages):
            found = _LINK.search(message["text"])
            if message["to"] in addresses and message["title"].endswith(title) and found:
                path = urlsplit(found.group()).path
                address = self.room + path
                async with self.session.post(address, allow_redirects=False) as tapped:
                    return tapped.status < 400
        return False

    async def order(self, channel: str, mode: str) -> None:
        """Tell the phone how a channel behaves from now on."""
        body = {"channel": channel, "mode": mode}
        async with self.session.post(f"{self.phone}/behaviour", json=body) as answer:
            await answer.read()

    async def _ask(
        self,
        method: str,
        principal: str,
        path: str,
        content: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once, and again while the duty room says that it is away."""
        sent = {"Authorization": f"Bearer {self.tokens[principal]}", **(headers or {})}
        for _ in range(_TRIES):
            try:
                async with self.session.request(
                    method, self.room + path, json=content, headers=sent
                ) as answer:
                    if answer.status != 503:
                        return Answer(answer.status, await answer.json())
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(_AGAIN_SECONDS)
        return Answer(503, {})


def addresses_of(person: Person) -> frozenset[str]:
    """Return what the phone calls this person: a number, or an id."""
    return frozenset(address_of(channel.url) for channel in person.channels)


def address_of(url: str) -> str:
    """Return the last part of a channel's address, under which the phone files its texts."""
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]
