"""What every page needs: who is looking, may they, and how it is shown. 页面共用。"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway import moments
from gateway.assets import Assets
from gateway.house import House
from gateway.identity import Identities, Principal
from gateway.intake_door import Door
from gateway.language import COOKIE, Language, chosen, said
from gateway.session import Sessions
from gateway.submitting import TooLargeError, read_body
from vocabulary.china_time import BEIJING

TEMPLATES = Path(__file__).parent / "templates"
FORM_BYTES_MAX = 512 * 1024  # an item of 64 KiB, three letters for each byte, and some room
_FIELDS_MAX = 600  # as many units may be chosen, and some more
_YEAR = 365 * 24 * 60 * 60


class PageError(Exception):
    """What cannot be shown or done, in sentences for the reader. 页面错误。"""

    def __init__(self, status: int, title: str, sentence: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.sentence = sentence


class SignInFirstError(Exception):
    """Nobody is signed in on this browser. 请先登录。"""


FORBIDDEN = (
    403,
    said("此页不对本岗位开放"),
    said("如需查看，请用有权限的令牌登录，或联系县值班室。"),
)
NOT_FOUND = (404, said("没有这一页"), said("请核对网址；内容也可能不属于本单位。"))
STALE_FORM = (403, said("页面已过期，本次操作未执行"), said("请返回上一页，刷新后再提交一次。"))
TOO_LARGE = (413, said("内容超过 64 KiB，未收下"), said("请返回上一页，精简正文后再报。"))
AWAY = (503, said("系统暂时不可用"), said("如有紧急情况，请立即电话报告县值班室；页面请稍后重试。"))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, and the proof that their forms carry."""

    principal: Principal
    number: str
    proof: str


class Site:
    """The pages of one house; cookies are secure where its address is https."""

    def __init__(
        self, house: House, identities: Identities, door: Door, refused: Callable[[], None]
    ) -> None:
        is_https = house.links.to_form().startswith("https://")
        self.house = house
        self.door = door
        self.refused = refused
        self.sessions = Sessions(identities, house.secret_key, is_https=is_https)
        self.assets = Assets()
        self._templates = _environment(self.assets)

    # Who is looking, and may they?

    def visitor(self, request: Request) -> Visitor:
        """Return who is signed in.

        Raises:
            SignInFirstError: nobody.
        """
        session = self.sessions.read(request)
        if session is None:
            raise SignInFirstError
        number = session.number
        return Visitor(session.principal, number, self.sessions.proof(number))

    def visitor_who(self, request: Request, may: Callable[[Principal], bool]) -> Visitor:
        """Return who is signed in, if their post may.

        Raises:
            SignInFirstError: nobody is.
            PageError: 403, they may not.
        """
        visitor = self.visitor(request)
        if not may(visitor.principal):
            raise PageError(*FORBIDDEN)
        return visitor

    async def posted(self, request: Request, number: str) -> dict[str, str]:
        """Return a form's fields, once it has proved that it is ours.

        Raises:
            PageError: 403, its proof does not hold; 413, it is too large.
        """
        fields = await read_fields(request)
        if not self.sessions.is_proof(number, fields.get("csrf", "")):
            raise PageError(*STALE_FORM)
        return fields

    # How it is shown.

    def show(
        self,
        request: Request,
        template: str,
        shown: Mapping[str, Any],
        *,
        visitor: Visitor | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Return a page, in the reader's language."""
        language = chosen(request)
        now = self.house.now()
        context = {
            "_": language,
            "language": language,
            "name": language.name,
            "now": now,
            "county": self.house.county,
            "principal": visitor.principal if visitor else None,
            "who": self.name_of(visitor.principal) if visitor else "",
            "csrf": visitor.proof if visitor else "",
            "person": self.house.directory.name,
            "unit": self.house.directory.unit_name,
            "here": request.url.path,
            "other_language": _other_language(request, language),
            "ticking": json.dumps(moments.words_for_ticking(language), ensure_ascii=False),
            **shown,
        }
        text = self._templates.get_template(template).render(context)
        response = HTMLResponse(text, status_code=status, headers=dict(headers or {}))
        if request.query_params.get("lang"):
            response.set_cookie(COOKIE, language.tag, max_age=_YEAR, path="/", samesite="lax")
        return response

    def name_of(self, principal: Principal) -> str:
        """Return how a principal is written at the top of a page."""
        if principal.kind == "person":
            return self.house.county.people[principal.id].name
        return self.house.directory.unit_name(principal.unit_id)

    def refusal(self, request: Request, error: PageError) -> Response:
        """Return the page that says what cannot be done, and whom to call."""
        session = self.sessions.read(request) if error.status != AWAY[0] else None
        visitor = (
            Visitor(session.principal, session.number, self.sessions.proof(session.number))
            if session
            else None
        )
        headers = {"Retry-After": "5"} if error.status == AWAY[0] else None
        shown = {"title": error.title, "sentence": error.sentence, "status": error.status}
        return self.show(
            request, "refusal.html", shown, visitor=visitor, status=error.status, headers=headers
        )


async def read_fields(request: Request) -> dict[str, str]:
    """Return the fields of a posted form; of a name that comes twice, the last.

    Raises:
        PageError: 413, it is too large.
    """
    try:
        body = await read_body(request, FORM_BYTES_MAX)
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS_MAX
        )
    except (TooLargeError, ValueError) as error:
        raise PageError(*TOO_LARGE) from error
    return {name: value.replace("\r\n", "\n").replace("\0", "") for name, value in pairs}


def go(address: str) -> RedirectResponse:
    """Send the browser on with a GET, so that a reload repeats nothing."""
    return RedirectResponse(address, status_code=303)


def to_sign_in(request: Request) -> RedirectResponse:
    """Send the browser to sign in, and back here after."""
    wanted = request.url.path if request.method == "GET" else "/"
    if request.method == "GET" and request.url.query:
        wanted += f"?{request.url.query}"
    return go(f"/sign-in?next={quote(wanted, safe='')}")


def _other_language(request: Request, language: Language) -> str:
    tag = "zh" if language.is_english else "en"
    url = request.url.include_query_params(lang=tag)
    return f"{url.path}?{url.query}" if request.method == "GET" else f"/?lang={tag}"


def _environment(assets: Assets) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = assets.address
    made.filters["clock"] = moments.clock
    made.filters["when"] = _with_reader(moments.when)
    made.filters["day"] = _with_reader(moments.day)
    made.filters["left"] = _with_reader(moments.left)
    made.filters["lasted"] = _lasted
    made.filters["iso"] = _iso
    made.filters["epoch_ms"] = _epoch_ms
    return made


def _with_reader(written: Callable[[Language, datetime, datetime], str]) -> Callable[..., str]:
    @pass_context
    def in_context(context: Context, instant: datetime) -> str:
        return written(context["language"], instant, context["now"])

    return in_context


@pass_context
def _lasted(context: Context, length: Any) -> str:
    return moments.lasted(context["language"], length)


def _iso(instant: datetime) -> str:
    return instant.astimezone(BEIJING).isoformat(timespec="seconds")


def _epoch_ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
