"""API tokens: the book keeps their hashes. 令牌。"""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, select

from ledger.schema import tokens


def hash_of(token: str) -> bytes:
    """Return what the book keeps of a token: it is long chance, so one plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def add(connection: Connection, token_hash: bytes, principal: str, at: datetime) -> None:
    """Keep a new token's hash for `unit:<id>` or `person:<id>`."""
    connection.execute(tokens.insert().values(hash=token_hash, principal=principal, created_at=at))


def find(connection: Connection, token_hash: bytes) -> str | None:
    """Return whose token it is, or None when there is none or it was revoked."""
    return connection.execute(
        select(tokens.c.principal).where(tokens.c.hash == token_hash, tokens.c.revoked_at.is_(None))
    ).scalar()


def revoke(connection: Connection, principal: str, at: datetime) -> int:
    """Revoke all tokens of a principal. Returns how many."""
    changed = connection.execute(
        tokens.update()
        .where(tokens.c.principal == principal, tokens.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return changed.rowcount
