"""Who is signed in on this browser, and proof that a form is ours. 登录会话。

A session is a signed cookie: the principal, the hash of the token that was shown (never the
token) and a number of its own. A revoked token ends its sessions. Each form carries a proof
made from that number, which a foreign page cannot know; before there is a session, the number
stands in a cookie of its own, so that nobody can be signed in as somebody else either.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import Identities, Principal
from ledger import tokens

COOKIE, VISIT_COOKIE = "jibao_session", "jibao_visit"
_SECONDS = 12 * 60 * 60  # one shift of the desk, and no longer
_ENTRY_SECONDS = 15 * 60
_DEMO_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and the number from which the forms' proof is made."""

    principal: Principal
    number: str


class Sessions:
    """Sign in, read, sign out."""

    def __init__(self, identities: Identities, secret_key: str, *, is_https: bool) -> None:
        self._identities = identities
        self._secret = secret_key
        self._signer = URLSafeTimedSerializer(secret_key, salt="session")
        self._entries = URLSafeTimedSerializer(secret_key, salt="enter")
        self._is_https = is_https
        self._used: set[str] = set()

    def by_token(self, token: str) -> tuple[Principal, str] | None:
        """Return whose token it is, with its hash in hexadecimal."""
        token_hash = tokens.hash_of(token)
        principal = self._identities.of_hash(token_hash)
        return (principal, token_hash.hex()) if principal is not None else None

    def by_entry(self, signed: str) -> Principal | None:
        """Return whom an entry link lets in; a link for once lets in once."""
        try:
            named, number, is_for_once = self._entries.loads(signed, max_age=_DEMO_SECONDS)
            if is_for_once:
                self._entries.loads(signed, max_age=_ENTRY_SECONDS)
        except (BadData, TypeError, ValueError):
            return None
        if is_for_once:
            if number in self._used:
                return None
            self._used.add(number)
        return self._identities.named(named)

    def start(self, response: Response, principal: Principal, token_hash: str = "") -> None:
        """Sign a principal in on this browser."""
        named = f"{principal.kind}:{principal.id}"
        signed = self._signer.dumps([named, token_hash, secrets.token_urlsafe(12)])
        self._set(response, COOKIE, signed, _SECONDS)

    def end(self, response: Response) -> None:
        """Sign out on this browser."""
        response.delete_cookie(COOKIE, path="/", secure=self._is_https, httponly=True)

    def read(self, request: Request) -> Session | None:
        """Return the session of this browser, or None: none, forged, over, or token revoked."""
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        try:
            named, token_hash, number = self._signer.loads(cookie, max_age=_SECONDS)
            principal = (
                self._identities.of_hash(bytes.fromhex(token_hash))
                if token_hash
                else self._identities.named(named)
            )
        except (BadData, TypeError, ValueError):
            return None
        if principal is None or f"{principal.kind}:{principal.id}" != named:
            return None
        return Session(principal, number)

    def proof(self, number: str) -> str:
        """Return what a form of this session carries."""
        return hmac.new(
            self._secret.encode(), f"form {number}".encode(), hashlib.sha256
        ).hexdigest()

    def is_proof(self, number: str, given: str) -> bool:
        """Say whether a form is of this session, in constant time."""
        return hmac.compare_digest(self.proof(number).encode(), given.encode())

    def visit_of(self, request: Request) -> str:
        """Return the number of a browser that is not signed in, or a new one."""
        return request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(12)

    def keep_visit(self, response: Response, number: str) -> None:
        """Remember that number in the browser."""
        self._set(response, VISIT_COOKIE, number, _SECONDS)

    def _set(self, response: Response, name: str, content: str, seconds: int) -> None:
        same_site: Literal["lax"] = "lax"
        response.set_cookie(
            name,
            content,
            max_age=seconds,
            path="/",
            secure=self._is_https,
            httponly=True,
            samesite=same_site,
        )


def entry_path(secret_key: str, named: str, *, is_for_once: bool = True) -> str:
    """Return an address that signs `unit:<id>` or `person:<id>` in without a token.

    For once: fifteen minutes, one use. Otherwise a day and any number of uses, for a
    demonstration on one's own machine.
    """
    signer = URLSafeTimedSerializer(secret_key, salt="enter")
    return "/enter/" + signer.dumps([named, secrets.token_urlsafe(12), is_for_once])


def safe_next(given: str | None) -> str:
    """Return a path within this house to go on to; anything else becomes the front page."""
    if not given or not given.startswith("/") or given.startswith("//"):
        return "/"
    if "\\" in given or any(ord(letter) < 32 for letter in given):
        return "/"
    parts = urlsplit(given)
    return given if not parts.scheme and not parts.netloc else "/"
