"""The chain of the late log: each row's hash holds all rows before it. 台账链。

A link is made after the commit that wrote its row, by whichever process holds the chain's lock.
What it hashes is written beside the hash, letter by letter, so that anyone can do the sum again;
docs/late-log.md says how. `ledger.verifying` holds the chain against the rows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Row, Select, Table, and_, func, select

from ledger import postgres
from ledger.late_log_schema import answers, chain
from ledger.schema import late_log, obligations
from vocabulary.china_time import to_microseconds
from vocabulary.proof import LinkKind

VERSION = 1
START = sha256(b"jibao/late-log/1").digest()
LOCK = "late_log_chain"
_PORTION = 500
_BEHIND = 5_000  # keys of rows that committed late lie at most this far behind the newest link

ENTRY_SAYS = ("at", "timeliness", "overrun_seconds", "received_at", "note")
OWED_SAYS = (
    "owed_by",
    "owed_to",
    "duty",
    "clock",
    "counted_from",
    "is_assumed",
    "limit_seconds",
    "due_at",
    "source",
    "confidence",
    "is_drill",
)
ANSWER_SAYS = ("uid", "entry_id", "kind", "lapse", "reason", "said_by", "at")


def hash_of(previous: bytes, content: str) -> bytes:
    """Return the hash of a link that says `content` after a link with the hash `previous`."""
    return sha256(previous + content.encode()).digest()


def head(connection: Connection) -> tuple[int, bytes]:
    """Return how many links there are, and the hash of the last; `START` where there is none."""
    query = select(chain.c.number, chain.c.hash).order_by(chain.c.number.desc()).limit(1)
    found = connection.execute(query).first()
    return (0, START) if found is None else (found.number, found.hash)


def portions(connection: Connection) -> Iterator[Sequence[Row[Any]]]:
    """Yield all links in their order, a few hundred at a time."""
    query = select(chain).order_by(chain.c.number).limit(_PORTION)
    links = connection.execute(query).all()
    while links:
        yield links
        links = connection.execute(query.where(chain.c.number > links[-1].number)).all()


def waiting(
    connection: Connection, after: Mapping[LinkKind, int] | None = None
) -> dict[LinkKind, int]:
    """Return for each kind that has a row without a link the key just before the first of them.

    Args:
        connection: for reading; this may be a long look, and no writer waits for it.
        after: look only beyond these keys, at every row of a kind that is not named; None looks
            at the newest keys alone.
    """
    found = {}
    for kind in LinkKind:
        since = _near_the_end(connection, kind) if after is None else after.get(kind)
        first = connection.execute(_beyond(kind, since).limit(1)).first()
        if first is not None:
            found[kind] = first.id - 1
    return found


def extend(connection: Connection, now: datetime, most: int, after: Mapping[LinkKind, int]) -> int:
    """Chain what is not yet chained, and return how many rows that were.

    Idempotent: a row has one link. Processes that do it at once wait for each other.

    Args:
        connection: inside a transaction.
        now: written into each link.
        most: how many at most; where that many are returned there may be more.
        after: what `waiting` returned: where to look.
    """
    postgres.hold(connection, LOCK)
    number, hash_before = head(connection)
    links = []
    for kind, row in _unchained(connection, most, after):
        number += 1
        told = said(kind, row) | {"number": number, "chained_at": to_microseconds(now)}
        content = canonical(told)
        hash_before = hash_of(hash_before, content)
        links.append(
            {
                "number": number,
                "kind": kind.value,
                "row_id": row.id,
                "content": content,
                "hash": hash_before,
            }
        )
    if links:
        connection.execute(chain.insert(), links)
    return len(links)


def canonical(content: Mapping[str, Any]) -> str:
    """Return JSON with sorted names, without spaces, with no letter escaped that need not be."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def said(kind: LinkKind, row: Row[Any]) -> dict[str, Any]:
    """Return what a link says of a row of `rows_of`, apart from its own place and hour."""
    names = (*ENTRY_SAYS, *OWED_SAYS) if kind is LinkKind.ENTRY else ANSWER_SAYS
    told = {name: _plain(row._mapping[name]) for name in names}  # noqa: SLF001 (its public name)
    if kind is LinkKind.ANSWER:
        told["answer"] = told.pop("kind")
    return told | {
        "version": VERSION,
        "kind": kind.value,
        "row": row.id,
        "obligation": _plain(row.obligation_uid),
    }


def rows_of(kind: LinkKind, *more: Column[Any]) -> Select[Any]:
    """Return the question for the rows of one kind, with all that a link says of them."""
    table = _table(kind)
    owed = obligations.c.uid.label("obligation_uid")
    owes = [obligations.c[name] for name in OWED_SAYS] if kind is LinkKind.ENTRY else []
    return select(table, owed, *owes, *more).select_from(
        table.outerjoin(obligations, obligations.c.id == table.c.obligation_id)
    )


def unlinked(kind: LinkKind) -> Select[Any]:
    """Return the question for the rows of one kind that have no link, in their order."""
    table = _table(kind)
    theirs = and_(chain.c.kind == kind.value, chain.c.row_id == table.c.id)
    query = rows_of(kind)
    joined = query.get_final_froms()[0].outerjoin(chain, theirs)
    return query.select_from(joined).where(chain.c.number.is_(None)).order_by(table.c.id)


def _table(kind: LinkKind) -> Table:
    return late_log if kind is LinkKind.ENTRY else answers


def _unchained(
    connection: Connection, most: int, after: Mapping[LinkKind, int]
) -> Iterator[tuple[LinkKind, Row[Any]]]:
    """Yield rows without a link: entries first, since an answer names the one it answers."""
    for kind in LinkKind:
        if kind in after and most > 0:
            found = connection.execute(_beyond(kind, after[kind]).limit(most)).all()
            yield from ((kind, row) for row in found)
            most -= len(found)


def _beyond(kind: LinkKind, key: int | None) -> Select[Any]:
    query = unlinked(kind)
    return query if key is None else query.where(_table(kind).c.id > key)


def _near_the_end(connection: Connection, kind: LinkKind) -> int:
    newest = select(func.max(chain.c.row_id)).where(chain.c.kind == kind.value)
    return (connection.execute(newest).scalar() or 0) - _BEHIND


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return to_microseconds(value)
        case UUID():
            return str(value)
        case _:
            return value
