"""Who is asking, and what their post may do. 身份。"""

import asyncio
from dataclasses import dataclass
from time import monotonic

from sqlalchemy.exc import DBAPIError

from ledger import tokens
from ledger.away import BookAwayError
from ledger.book import Book
from rules.county import County
from vocabulary.terms import Role

_DESK_POSTS = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.DUTY_LEADER,
        Role.OFFICE_DIRECTOR,
        Role.LEADER_IN_CHARGE,
        Role.PRINCIPAL_LEADER,
    }
)
_LOOK_UP_SECONDS = 2.0
_REMEMBERED_SECONDS = 30.0  # a revoked token works this long at most


@dataclass(frozen=True, slots=True)
class Principal:
    """A unit's system, or a person. 身份。"""

    kind: str  # unit or person
    id: str
    unit_id: str
    roles: frozenset[Role]

    @property
    def is_desk(self) -> bool:
        """Someone of the duty room."""
        return bool(self.roles & _DESK_POSTS)

    @property
    def is_supervisor(self) -> bool:
        """Someone who keeps the late log."""
        return Role.SUPERVISOR in self.roles

    @property
    def sees_all(self) -> bool:
        """Someone who sees every unit's, not their own alone."""
        return self.is_desk or self.is_supervisor

    @property
    def name(self) -> str:
        """How they sign: `unit:<id>` or `person:<id>`."""
        return f"{self.kind}:{self.id}"

    @property
    def may_acknowledge(self) -> bool:
        """Someone who may take an alert in hand."""
        return self.is_desk


class Identities:
    """Tokens and names to principals. A token's principal is remembered for half a minute."""

    def __init__(self, book: Book, county: County) -> None:
        self._book = book
        self._county = county
        self._remembered: dict[bytes, tuple[float, Principal]] = {}

    def of_header(self, authorization: str | None) -> Principal | None:
        """Return whose `Bearer` token the header holds."""
        scheme, _, token = (authorization or "").partition(" ")
        return self.of_token(token.strip()) if scheme.lower() == "bearer" else None

    def of_token(self, token: str) -> Principal | None:
        """Return whose token it is, or None."""
        return self.of_hash(tokens.hash_of(token))

    async def of_header_soon(self, authorization: str | None) -> Principal | None:
        """Return whose `Bearer` token the header holds, without ever holding up the loop.

        Raises:
            BookAwayError: the book does not answer, and the token is not one it knew before.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token_hash = tokens.hash_of(token.strip())
        at, known = self._remembered.get(token_hash, (0.0, None))
        if known is not None and monotonic() - at < _REMEMBERED_SECONDS:
            return known
        try:
            asking = asyncio.to_thread(self.of_hash, token_hash)
            return await asyncio.wait_for(asking, _LOOK_UP_SECONDS)
        except TimeoutError as error:
            if known is None:
                raise BookAwayError("nobody can be told from another") from error
            return known

    def of_hash(self, token_hash: bytes) -> Principal | None:
        """Return whose token has this hash, or None."""
        remembered = self._remembered.get(token_hash)
        if remembered is not None and monotonic() - remembered[0] < _REMEMBERED_SECONDS:
            return remembered[1]
        try:
            with self._book.read() as connection:
                named = tokens.find(connection, token_hash)
        except DBAPIError:
            if remembered is None:
                raise
            return remembered[1]  # who was known stays known while the book is away
        principal = self.named(named) if named is not None else None
        if principal is None:
            self._remembered.pop(token_hash, None)
        else:
            self._remembered[token_hash] = (monotonic(), principal)
        return principal

    def named(self, principal: str) -> Principal | None:
        """Return the principal written `unit:<id>` or `person:<id>`; None if not in the county."""
        kind, _, name = principal.partition(":")
        if kind == "unit" and name in self._county.units:
            return Principal("unit", name, name, frozenset({Role.CLERK}))
        person = self._county.people.get(name)
        if kind == "person" and person is not None:
            return Principal("person", name, person.unit_id, frozenset(person.roles))
        return None
