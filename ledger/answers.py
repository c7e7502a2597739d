"""What people said to the late log: rebuttals, findings, waivers. 申辩、认定、撤销。

Append-only. A supervisor's newest finding or waiver is what holds; a rebuttal decides nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Subquery, func, select

from ledger.late_log_schema import answers
from ledger.postgres import hold
from ledger.schema import late_log, obligations
from ledger.sheet import Sheet
from vocabulary.identity import derived_uid
from vocabulary.lapse import LogAnswer
from vocabulary.terms import AnswerKind

PORTION = 500
LOCK = "late_log_answers"
_SHOWN = ("kind", "lapse", "reason", "said_by", "at", "entry_id")
_RULINGS = [kind.value for kind in AnswerKind if kind.is_ruling]


def add(sheet: Sheet, answer: LogAnswer) -> dict[str, Any] | None:
    """Write an answer to the entry that holds now, and return it; None: there is no such row.

    What repeats the newest answer of its sort (a ruling, a rebuttal) letter by letter is that
    answer, sent twice. After another ruling the same words are said anew, and hold again.
    """
    hold(sheet.connection, LOCK)
    row = _answered(sheet.connection, answer.obligation_uid)
    if row is None or (answer.unit_id is not None and answer.unit_id != row["owed_by"]):
        return None
    said = {
        "entry_id": row["entry_id"],
        "said_by": answer.said_by,
        "kind": answer.kind.value,
        "lapse": answer.lapse and answer.lapse.value,
        "reason": answer.reason,
    }
    newest = _newest(sheet.connection, row["obligation_id"], answer.kind)
    if newest is not None and said.items() <= dict(newest).items():
        return _told(newest)
    before = str(newest["uid"]) if newest else ""
    words = [str(value or "") for value in said.values()]
    made = said | {
        "uid": derived_uid(answer.obligation_uid, "answer", before, *words),
        "obligation_id": row["obligation_id"],
        "at": answer.at,
    }
    sheet.add(answers, **made)
    return _told(made)


def of_obligations(connection: Connection, keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the answers to each of these obligations, oldest first."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for portion in portions(keys):
        query = select(answers).where(answers.c.obligation_id.in_(portion)).order_by(answers.c.id)
        for row in connection.execute(query).mappings():
            found[row["obligation_id"]].append(_told(row))
    return found


def ruling(said: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the supervisor's last word among answers that stand oldest first."""
    return next((each for each in reversed(list(said)) if each["kind"] in _RULINGS), None)


def rulings() -> Subquery:
    """Return the newest finding or waiver of each obligation that has one, as a table."""
    newest: Select[Any] = (
        select(func.max(answers.c.id))
        .where(answers.c.kind.in_(_RULINGS))
        .group_by(answers.c.obligation_id)
    )
    return (
        select(answers.c.obligation_id, answers.c.kind, answers.c.lapse)
        .where(answers.c.id.in_(newest))
        .subquery("rulings")
    )


def is_waived(obligation_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a supervisor's newest word on an obligation is a waiver."""
    newest = (
        select(answers.c.kind)
        .where(answers.c.obligation_id == obligation_id, answers.c.kind.in_(_RULINGS))
        .order_by(answers.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, "") == AnswerKind.WAIVER.value


def portions(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield keys by the few hundred, as many as one question may hold."""
    for start in range(0, len(keys), PORTION):
        yield keys[start : start + PORTION]


def _newest(connection: Connection, key: int, kind: AnswerKind) -> RowMapping | None:
    """Return the newest ruling on an obligation, or its newest rebuttal."""
    alike = [each.value for each in AnswerKind if each.is_ruling is kind.is_ruling]
    query = select(answers).where(answers.c.obligation_id == key, answers.c.kind.in_(alike))
    return connection.execute(query.order_by(answers.c.id.desc()).limit(1)).mappings().first()


def _answered(connection: Connection, uid: UUID) -> RowMapping | None:
    """Return the obligation and its newest entry; None where it is on no log."""
    query = (
        select(
            late_log.c.obligation_id,
            func.max(late_log.c.id).label("entry_id"),
            obligations.c.owed_by,
        )
        .join(obligations, obligations.c.id == late_log.c.obligation_id)
        .where(obligations.c.uid == uid, obligations.c.is_drill.is_(False))
        .group_by(late_log.c.obligation_id, obligations.c.owed_by)
    )
    return connection.execute(query).mappings().first()


def _told(row: Any) -> dict[str, Any]:
    return {"answer_id": str(row["uid"]), **{name: row[name] for name in _SHOWN}}
