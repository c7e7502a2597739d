"""Can anything be taken from the late log, or put into it, without a trace? 台账被动。

Each tampering is done on a real book, by someone who may write its file and knows how to take
the triggers away.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.late_log_schema import answers
from ledger.schema import late_log
from tests.builders import HOUR, MINUTE
from tests.streams.a_chained_log import LATER, link_up, proof_of, say, tamper, traces
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, the_report
from vocabulary.proof import LinkKind, Tampering
from vocabulary.terms import AnswerKind


@pytest.mark.parametrize("table", ["late_log", "late_log_answers", "late_log_chain"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET row_kind = 1"])
def test_the_book_itself_refuses_to_change_or_delete(
    logged: DutyBook, table: str, statement: str
) -> None:
    column = {"late_log": "note", "late_log_answers": "reason", "late_log_chain": "content"}[table]
    written = statement.format(table).replace("row_kind = 1", f"{column} = 'x'")

    with pytest.raises(DBAPIError, match="append-only"), logged.book.writing.begin() as connection:
        connection.execute(text(written))


def test_a_removed_row_is_named(logged: DutyBook) -> None:
    key = logged.rows(late_log)[0]["id"]
    tamper(logged, "DELETE FROM late_log WHERE id = :key", key=key)

    assert (Tampering.REMOVED, key) in traces(logged)


def test_a_removed_answer_is_named(logged: DutyBook) -> None:
    key = logged.rows(answers)[0]["id"]
    tamper(logged, "DELETE FROM late_log_answers WHERE id = :key", key=key)

    (trace,) = proof_of(logged).traces
    assert (trace.what, trace.kind, trace.row) == (Tampering.REMOVED, LinkKind.ANSWER, key)


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("UPDATE late_log SET overrun_seconds = 1 WHERE id = :key", ("overrun_seconds",)),
        ("UPDATE late_log SET note = '已补报', at = 5 WHERE id = :key", ("at", "note")),
    ],
)
def test_a_changed_row_is_named_with_what_was_changed(
    logged: DutyBook, statement: str, names: tuple[str, ...]
) -> None:
    key = logged.rows(late_log)[0]["id"]
    tamper(logged, statement, key=key)

    (trace,) = proof_of(logged).traces
    assert (trace.what, trace.row, trace.names) == (Tampering.CHANGED, key, names)


def test_what_a_unit_owed_cannot_be_moved_behind_the_log(logged: DutyBook) -> None:
    owed = logged.rows(late_log)[0]["obligation_id"]
    tamper(logged, "UPDATE obligations SET owed_by = 'liulin' WHERE id = :key", key=owed)

    (trace,) = proof_of(logged).traces
    assert (trace.what, trace.names) == (Tampering.CHANGED, ("owed_by",))


def test_a_due_instant_moved_before_the_report_came_is_named_by_the_next_link(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE))
    link_up(owing, DUE + MINUTE)
    tamper(
        owing,
        "UPDATE obligations SET due_at = due_at + 7200000000, limit_seconds = limit_seconds + 7200"
        " WHERE duty = 'written_first_report'",
    )
    owing.absorb(the_report(owing, DUE + 30 * MINUTE))
    link_up(owing, DUE + 31 * MINUTE)

    (row,) = owing.late_log()
    (trace,) = proof_of(owing).traces

    assert row["timeliness"] == "on_time"
    assert (trace.what, trace.number, trace.names) == (
        Tampering.CHANGED,
        2,
        ("due_at", "limit_seconds"),
    )


def test_what_the_house_itself_logs_of_one_debt_agrees_from_link_to_link(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    owing.fire(just_after(DUE + HOUR))
    owing.absorb(the_report(owing, DUE + 2 * HOUR))
    link_up(owing)

    assert len(owing.rows(late_log)) == 3
    assert traces(owing) == []


def test_a_changed_finding_is_named(logged: DutyBook) -> None:
    key = logged.rows(answers)[1]["id"]
    tamper(logged, "UPDATE late_log_answers SET lapse = 'erroneous' WHERE id = :key", key=key)

    (trace,) = proof_of(logged).traces
    assert (trace.what, trace.row, trace.names) == (Tampering.CHANGED, key, ("lapse",))


def test_a_changed_link_breaks_the_sum(logged: DutyBook) -> None:
    tamper(logged, "UPDATE late_log_chain SET content = '{}' WHERE number = 2")

    assert [(t.what, t.number) for t in proof_of(logged).traces] == [(Tampering.CHANGED, 2)]


def test_a_row_and_its_link_taken_together_leave_a_gap(logged: DutyBook) -> None:
    key = logged.rows(late_log)[0]["id"]
    tamper(logged, "DELETE FROM late_log WHERE id = :key", key=key)
    tamper(logged, "DELETE FROM late_log_chain WHERE number = 1")

    assert [(t.what, t.number) for t in proof_of(logged).traces] == [(Tampering.REMOVED, 1)]


def put_in(room: DutyBook, key: int, old: int) -> None:
    tamper(
        room,
        "INSERT INTO late_log (id, obligation_id, at, timeliness, overrun_seconds, note)"
        " SELECT :key, obligation_id, at, timeliness, 9, note FROM late_log WHERE id = :old",
        key=key,
        old=old,
    )


def test_a_row_above_the_last_link_waits_for_a_house_and_is_told_apart(logged: DutyBook) -> None:
    key = logged.rows(late_log)[-1]["id"] + 1
    put_in(logged, key, old=key - 1)

    proof = proof_of(logged)

    assert (proof.traces, proof.waiting, proof.waiting_long) == ([], 1, 1)


def test_a_row_put_under_others_has_a_minute_for_its_link(logged: DutyBook) -> None:
    put_in(logged, -7, old=logged.rows(late_log)[0]["id"])

    assert proof_of(logged, at=LATER + MINUTE).traces == []
    (trace,) = proof_of(logged, at=LATER + 2 * MINUTE).traces
    assert (trace.what, trace.row, trace.number) == (Tampering.INSERTED, -7, None)


def test_a_row_put_under_others_is_seen_even_after_it_was_chained(logged: DutyBook) -> None:
    put_in(logged, -7, old=logged.rows(late_log)[0]["id"])
    assert link_up(logged, LATER + HOUR) == 1

    assert traces(logged) == [(Tampering.INSERTED, -7)]


def test_a_tail_that_was_cut_off_is_shown_by_a_head_that_was_printed(logged: DutyBook) -> None:
    head = proof_of(logged).head
    assert proof_of(logged, head).head_number == 4
    tamper(logged, "DELETE FROM late_log_answers")
    tamper(logged, "DELETE FROM late_log_chain WHERE kind = 'answer'")

    assert traces(logged) == []
    assert traces(logged, head) == [(Tampering.CUT_OFF, None)]


def test_a_chain_written_anew_is_shown_by_a_head_that_was_printed(logged: DutyBook) -> None:
    head = proof_of(logged).head
    tamper(logged, "UPDATE late_log SET overrun_seconds = 0")
    tamper(logged, "DELETE FROM late_log_chain")
    link_up(logged)

    assert traces(logged) == []
    assert traces(logged, head) == [(Tampering.CUT_OFF, None)]


def test_the_head_of_an_older_export_is_found_in_a_longer_chain(logged: DutyBook) -> None:
    head = proof_of(logged).head
    say(logged, AnswerKind.WAIVER, "核实后撤销")
    link_up(logged)

    proof = proof_of(logged, head)

    assert (proof.head_number, proof.count, proof.traces) == (4, 5, [])
