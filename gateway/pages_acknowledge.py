"""The one-tap link from a message: a GET shows the alert, only a POST takes it in hand. 一键签收。

Messengers open links to preview them, so looking changes nothing. The link's signature proves
whose it is; a link out of a group room names nobody, and asks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.identity import Principal
from gateway.language import said
from gateway.site import PageError, SignInFirstError, Site, Visitor, go
from ledger import board
from notifiers.links import LinkExpiredError, LinkForgedError, Signed
from vocabulary.hand import Hand, Standing
from vocabulary.terms import Role

_EXPIRED = (
    410,
    said("签收链接已过期"),
    said("本次操作未执行。请登录值班看板签收，或电话告知县值班室。"),
)
_FORGED = (
    400,
    said("签收链接无效"),
    said("链接不完整或不是本系统发出的。请回到原消息重新点开，或登录值班看板签收。"),
)
_GONE = (404, said("没有这条警报"), said("请登录值班看板查看最新情况。"))
_NOT_DUTY = (
    403,
    said("本岗位不能签收"),
    said("签收由值班人员办理。如情况紧急，请电话告知县值班室。"),
)
_NOT_YOURS = (403, said("不能撤回他人的签收"), said("请登录值班看板办理，或联系签收人。"))

_Act = Callable[[Hand], Awaitable[Standing | None]]


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _Links(site)
    router.add_api_route("/a/{signed}", room.show, methods=["GET"])
    router.add_api_route("/a/{signed}", room.acknowledge, methods=["POST"])
    router.add_api_route("/a/{signed}/take-back", room.take_back, methods=["POST"])


@dataclass(frozen=True)
class _Links:
    site: Site

    def show(self, request: Request, signed: str) -> Response:
        link = self._read(signed)
        visitor = self._visitor(request)
        alert = self._alert(link)
        hand = self._hand_of(link, visitor)
        shown = {
            "alert": alert,
            "signed": signed,
            "hand": hand,
            "is_room": link.person_id is None,
            "is_own": hand is not None and alert["acknowledged_by"] == hand,
            "may_watch": visitor is not None and visitor.principal.is_desk,
        }
        return self.site.show(request, "alert.html", shown, visitor=visitor)

    async def acknowledge(self, request: Request, signed: str) -> Response:
        link = self._read(signed)
        hand = await self._proven_hand(request, link)
        return await self._lay(signed, link, hand, self.site.house.acknowledge)

    async def take_back(self, request: Request, signed: str) -> Response:
        link = self._read(signed)
        hand = await self._proven_hand(request, link)
        alert = await asyncio.to_thread(self._alert, link)
        if alert["acknowledged_by"] not in (None, hand):
            raise PageError(*_NOT_YOURS)
        return await self._lay(signed, link, hand, self.site.house.take_back)

    async def _lay(self, signed: str, link: Signed, hand: str, act: _Act) -> Response:
        standing = await act(Hand(link.alert_uid, hand, self.site.house.now()))
        if standing is None:
            raise PageError(*_GONE)
        return go(f"/a/{signed}")

    def _read(self, signed: str) -> Signed:
        try:
            return self.site.house.links.read(signed)
        except LinkExpiredError as error:
            raise PageError(*_EXPIRED) from error
        except LinkForgedError as error:
            raise PageError(*_FORGED) from error

    def _alert(self, link: Signed) -> dict[str, Any]:
        with self.site.house.book.read() as connection:
            found = board.alert(connection, link.alert_uid)
        if found is None:
            raise PageError(*_GONE)
        return found

    def _visitor(self, request: Request) -> Visitor | None:
        try:
            return self.site.visitor(request)
        except SignInFirstError:
            return None

    def _hand_of(self, link: Signed, visitor: Visitor | None) -> str | None:
        """Return whose hand this is: the link's own person, else whoever is signed in."""
        if link.person_id is not None:
            return link.person_id if self._may(link.person_id) else None
        if visitor is not None and visitor.principal.may_acknowledge:
            return visitor.principal.id
        return None

    async def _proven_hand(self, request: Request, link: Signed) -> str:
        """Return whose hand it is; where the link names nobody, the session's form proves it.

        Raises:
            SignInFirstError: the link is a room's and nobody is signed in.
            PageError: 403, the post may not acknowledge, or the form is not ours.
        """
        visitor = None
        if link.person_id is None:
            visitor = self.site.visitor(request)
            await self.site.posted(request, visitor.number)
        hand = self._hand_of(link, visitor)
        if hand is None:
            raise PageError(*_NOT_DUTY)
        return hand

    def _may(self, person_id: str) -> bool:
        person = self.site.house.county.people.get(person_id)
        if person is None:
            return False
        roles: frozenset[Role] = frozenset(person.roles)
        return Principal("person", person_id, person.unit_id, roles).may_acknowledge
