"""Hold the late log against its chain: what was removed, changed, inserted, cut off? 台账验链。

Whoever can write the book's file can also write a whole new chain; that is shown by a head that
was printed before, in an export or on paper. `docs/late-log.md` says what each answer means.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from ledger import chain
from ledger.chain import OWED_SAYS
from ledger.late_log_schema import chain as chain_table
from ledger.schema import late_log
from vocabulary.china_time import to_microseconds
from vocabulary.proof import LinkKind, Tampering

_SETTLED = 60_000_000  # microseconds: no transaction lives as long, and the chainer looks sooner


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that was done behind the house's back. 一处痕迹。

    `number` is the link's, None of a row that has none; `row` the row's own key; `names` say
    which columns do not say what the row says, or what the link before it of the same debt said.
    """

    what: Tampering
    kind: LinkKind | None = None
    number: int | None = None
    row: int | None = None
    names: tuple[str, ...] = ()


@dataclass
class Proof:
    """What came of it. 验链结果。`head_number` is the link that a given head belongs to.

    `waiting` counts the rows above the last link, which a running house chains; `waiting_long`
    those of them that tell of more than a minute ago: where no house runs, they wait for one.
    """

    count: int = 0
    head: bytes = chain.START
    head_number: int | None = None
    waiting: int = 0
    waiting_long: int = 0
    traces: list[Trace] = field(default_factory=list)


def verify(connection: Connection, now: datetime, head: bytes | None = None) -> Proof:
    """Walk the whole chain, and every row that should be on it.

    Args:
        connection: for reading; rows may be added meanwhile.
        now: a row under the last link may be without its own for a minute.
        head: a hash printed before; None is not asked.
    """
    proof = Proof(head_number=0 if head == chain.START else None)
    newest: dict[LinkKind, tuple[int, int]] = {}
    for links in chain.portions(connection):
        told = [_told(link) for link in links]
        rows = _rows(connection, told)
        for link, content in zip(links, told, strict=True):
            proof.traces += _traces(proof, link, content, rows, newest)
            proof.count, proof.head = link.number, link.hash
            if link.hash == head:
                proof.head_number = link.number
    proof.traces += _unlinked(connection, proof, to_microseconds(now), newest)
    if head is not None and proof.head_number is None:
        proof.traces.append(Trace(Tampering.CUT_OFF))
    return proof


def _told(link: Row[Any]) -> dict[str, Any] | None:
    """Return what a link says, or None where that is not what a link says."""
    try:
        content = json.loads(link.content)
        kind = LinkKind(content["kind"])
        is_own = (content["number"], content["row"], kind.value) == (
            link.number,
            link.row_id,
            link.kind,
        )
        return content if is_own and isinstance(content["chained_at"], int) else None
    except (ValueError, KeyError, TypeError):
        return None


def _rows(
    connection: Connection, told: Sequence[dict[str, Any] | None]
) -> dict[tuple[LinkKind, int], list[dict[str, Any]]]:
    """Return what the links ought to say: of the rows as they stand now, and as it was before."""
    found = {}
    for kind in LinkKind:
        keys = [each["row"] for each in told if each and each["kind"] == kind]
        if not keys:
            continue
        query = chain.rows_of(kind)
        named = query.where(query.selected_columns.id.in_(keys))
        for row in connection.execute(named):
            found[kind, row.id] = [chain.said(kind, row)]
    entries = [key for kind, key in found if kind is LinkKind.ENTRY]
    for key in _outlived(connection, entries):
        for name in OWED_SAYS:  # a later entry says what has held since
            found[LinkKind.ENTRY, key][0].pop(name)
    for key, owed in _owed_before(connection, entries):
        found[LinkKind.ENTRY, key].append(owed)
    return found


def _outlived(connection: Connection, keys: list[int]) -> Sequence[int]:
    """Return which of these entries are not the newest of their obligation."""
    if not keys:
        return ()
    later = late_log.alias("later")
    newest = (
        select(func.max(later.c.id))
        .where(later.c.obligation_id == late_log.c.obligation_id)
        .scalar_subquery()
    )
    asked = select(late_log.c.id).where(late_log.c.id.in_(keys), late_log.c.id < newest)
    return connection.execute(asked).scalars().all()


def _owed_before(connection: Connection, keys: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield for these entries what the link before, of the same debt, says was owed.

    The house never changes that, so that who changed it between two entries is found by them.
    """
    if not keys:
        return
    earlier = late_log.alias("earlier")
    previous = (
        select(func.max(earlier.c.id))
        .where(earlier.c.obligation_id == late_log.c.obligation_id, earlier.c.id < late_log.c.id)
        .correlate(late_log)
        .scalar_subquery()
    )
    of_it = and_(chain_table.c.kind == LinkKind.ENTRY.value, chain_table.c.row_id == previous)
    asked = (
        select(late_log.c.id.label("later"), chain_table)
        .select_from(late_log.join(chain_table, of_it))
        .where(late_log.c.id.in_(keys))
    )
    for link in connection.execute(asked):
        content = _told(link)
        if content is not None:
            yield link.later, {name: content.get(name) for name in OWED_SAYS}


def _traces(
    proof: Proof,
    link: Row[Any],
    content: dict[str, Any] | None,
    rows: dict[tuple[LinkKind, int], list[dict[str, Any]]],
    newest: dict[LinkKind, tuple[int, int]],
) -> Iterator[Trace]:
    is_next = link.number == proof.count + 1
    for number in range(proof.count + 1, link.number):
        yield Trace(Tampering.REMOVED, number=number)
    is_whole = not is_next or chain.hash_of(proof.head, link.content) == link.hash
    if content is None or not is_whole:
        yield Trace(Tampering.CHANGED, number=link.number, row=link.row_id, names=("hash",))
    if content is None:
        return
    kind = LinkKind(content["kind"])
    place = {"kind": kind, "number": link.number, "row": link.row_id}
    row = rows.get((kind, link.row_id))
    if row is None:
        yield Trace(Tampering.REMOVED, **place)
    else:
        names = {name for told in row for name in told if told[name] != content.get(name)}
        if names:
            yield Trace(Tampering.CHANGED, **place, names=tuple(sorted(names)))
    highest, chained_at = newest.get(kind, (0, 0))
    if link.row_id > highest:
        newest[kind] = link.row_id, content["chained_at"]
    elif content["chained_at"] - chained_at > _SETTLED:
        yield Trace(Tampering.INSERTED, **place)


def _unlinked(
    connection: Connection, proof: Proof, now: int, newest: dict[LinkKind, tuple[int, int]]
) -> Iterator[Trace]:
    """Yield rows under others that were chained without them; what is above the last link waits.

    Their own instants prove nothing: an entry is dated by its report, which may have come long
    before it was judged.
    """
    for kind in LinkKind:
        highest, chained_at = newest.get(kind, (0, 0))
        for row in connection.execute(chain.unlinked(kind)):
            if row.id < highest and now - chained_at > _SETTLED:
                yield Trace(Tampering.INSERTED, kind=kind, row=row.id)
                continue
            proof.waiting += 1
            proof.waiting_long += now - to_microseconds(row.at) > _SETTLED
