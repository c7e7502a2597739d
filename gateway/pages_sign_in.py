"""Sign in with a token, or by an entry link; sign out. 登录。"""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from gateway.language import said
from gateway.session import safe_next
from gateway.site import PageError, Site, go

_WRONG_TOKEN = said("令牌不对或已停用。请核对后重填；遗失的请向县值班室索取新令牌。")
_LINK_OVER = (
    410,
    said("进入链接已失效"),
    said("链接只能使用一次，且很快过期。请用令牌登录，或索取新链接。"),
)


def add_routes(router: APIRouter, site: Site) -> None:
    """Add the routes."""
    room = _SignIn(site)
    router.add_api_route("/sign-in", room.ask, methods=["GET"])
    router.add_api_route("/sign-in", room.sign_in, methods=["POST"])
    router.add_api_route("/sign-out", room.sign_out, methods=["POST"])
    router.add_api_route("/enter/{signed}", room.enter, methods=["GET"])


@dataclass(frozen=True)
class _SignIn:
    site: Site

    def ask(self, request: Request) -> Response:
        return self._page(request, safe_next(request.query_params.get("next")), mistake="")

    async def sign_in(self, request: Request) -> Response:
        fields = await self.site.posted(request, self.site.sessions.visit_of(request))
        wanted = safe_next(fields.get("next"))
        found = self.site.sessions.by_token(fields.get("token", "").strip())
        if found is None:
            return self._page(request, wanted, mistake=_WRONG_TOKEN, status=401)
        response = go(wanted)
        self.site.sessions.start(response, *found)
        return response

    async def sign_out(self, request: Request) -> Response:
        session = self.site.sessions.read(request)
        if session is None:
            return go("/sign-in")
        await self.site.posted(request, session.number)
        response = go("/sign-in")
        self.site.sessions.end(response)
        return response

    def enter(self, request: Request, signed: str) -> Response:
        principal = self.site.sessions.by_entry(signed)
        if principal is None:
            raise PageError(*_LINK_OVER)
        response = go(safe_next(request.query_params.get("next")))
        self.site.sessions.start(response, principal)
        return response

    def _page(self, request: Request, wanted: str, *, mistake: str, status: int = 200) -> Response:
        sessions = self.site.sessions
        number = sessions.visit_of(request)
        shown = {"wanted": wanted, "mistake": mistake, "visit_proof": sessions.proof(number)}
        response = self.site.show(request, "sign_in.html", shown, status=status)
        sessions.keep_visit(response, number)
        return response
