"""A late log with something on it, chained, and an intruder. 已入链的台账。"""

from typing import Any

from sqlalchemy import text

from ledger import chain as chaining
from ledger.schema import late_log, obligations
from ledger.verifying import Proof, verify
from streams.answering import answer
from streams.chaining import Look, extend
from tests.builders import HOUR, TOWNSHIP
from tests.streams.duty_book import DutyBook
from tests.streams.owing import DUE
from vocabulary.lapse import LogAnswer
from vocabulary.proof import Tampering
from vocabulary.terms import AnswerKind, Lapse

LATER = DUE + 2 * HOUR
SUPERVISOR = "person:qiu-zhengming"


def link_up(room: DutyBook, at: Any = LATER) -> int:
    with room.book.read() as connection:
        after = chaining.waiting(connection, {})
    (count,) = room.do(extend, [Look(at, after)])
    return int(count)


def proof_of(room: DutyBook, head: bytes | None = None, at: Any = LATER + 24 * HOUR) -> Proof:
    with room.book.read() as connection:
        return verify(connection, at, head)


def traces(room: DutyBook, head: bytes | None = None) -> list[tuple[Tampering, int | None]]:
    return [(each.what, each.row) for each in proof_of(room, head).traces]


def say(room: DutyBook, kind: AnswerKind = AnswerKind.REBUTTAL, reason: str = "电话不通") -> Any:
    by = f"unit:{TOWNSHIP}" if kind is AnswerKind.REBUTTAL else SUPERVISOR
    lapse = Lapse.LATE if kind is AnswerKind.FINDING else None
    uid = room.rows(late_log)[0]["obligation_id"]
    owed = room.row(obligations, id=uid)["uid"]
    unit = TOWNSHIP if kind is AnswerKind.REBUTTAL else None
    (made,) = room.do(answer, [LogAnswer(owed, kind, lapse, reason, by, unit, LATER)])
    return made


def tamper(room: DutyBook, statement: str, **values: Any) -> None:
    """Do what an intruder does who owns the file: take the triggers away, then write."""
    with room.book.writing.begin() as connection:
        for table in ("late_log", "late_log_answers", "late_log_chain"):
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            else:
                for what in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{what}"))
        connection.execute(text(statement), values)
