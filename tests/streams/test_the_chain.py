"""Is each row of the late log chained once, in its order, so that anyone can add it up? 台账链。"""

import json
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from ledger import chain as chaining
from ledger.late_log_schema import answers, chain
from ledger.schema import late_log, obligations
from tests.builders import HOUR, MINUTE, NIGHT, TOWNSHIP, a_call
from tests.streams.a_chained_log import LATER, link_up, proof_of, say
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, the_report
from vocabulary.terms import AnswerKind


def test_entries_and_answers_are_chained_once_in_their_order(logged: DutyBook) -> None:
    with logged.book.read() as connection:
        links = connection.execute(select(chain).order_by(chain.c.number)).all()
    entries = [row["id"] for row in logged.rows(late_log)]
    said = [row["id"] for row in logged.rows(answers)]

    assert [(link.number, link.kind, link.row_id) for link in links] == [
        *((n, "entry", key) for n, key in enumerate(entries, 1)),
        *((n, "answer", key) for n, key in enumerate(said, len(entries) + 1)),
    ]
    assert link_up(logged) == 0
    assert proof_of(logged).traces == []


def test_an_empty_book_verifies(room: DutyBook) -> None:
    proof = proof_of(room, chaining.START)

    assert (proof.count, proof.head, proof.head_number) == (0, chaining.START, 0)
    assert proof.traces == []


def test_a_stranger_can_do_the_sum_with_what_the_manual_says(logged: DutyBook) -> None:
    with logged.book.read() as connection:
        links = connection.execute(select(chain).order_by(chain.c.number)).all()
    head = sha256(b"jibao/late-log/1").digest()

    for link in links:
        head = sha256(head + link.content.encode("utf-8")).digest()
        assert head == link.hash

    told = json.loads(links[0].content)
    assert (told["owed_by"], told["duty"], told["kind"]) == (
        TOWNSHIP,
        "written_first_report",
        "entry",
    )


def test_a_link_says_all_that_the_row_says_and_whose_it_was(logged: DutyBook) -> None:
    with logged.book.read() as connection:
        told = json.loads(
            connection.execute(select(chain.c.content).where(chain.c.kind == "answer")).scalar()
            or ""
        )

    assert told["said_by"] == f"unit:{TOWNSHIP}"
    assert told["reason"] == "电话不通"
    assert told["answer"] == "rebuttal"


def test_a_row_just_written_waits_and_accuses_nobody(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))

    proof = proof_of(owing, at=DUE + 30 * timedelta(seconds=1))

    assert (proof.waiting, proof.traces) == (1, [])


def test_a_report_judged_long_after_it_came_accuses_nobody_before_its_link(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE))
    link_up(owing, DUE + MINUTE)
    owing.absorb(the_report(owing, DUE + 10 * MINUTE))

    proof = proof_of(owing, at=DUE + 15 * MINUTE)

    assert (proof.waiting, proof.traces) == (1, [])


def test_what_stood_in_the_book_before_the_chain_is_chained_at_the_first_look(
    room: DutyBook,
) -> None:
    for number in range(7):
        room.take(a_call(str(number), at=NIGHT - number * MINUTE))
    room.fire(just_after(DUE + HOUR))
    count = len(room.rows(late_log))

    assert link_up(room) == count > 0
    assert proof_of(room).traces == []


def test_a_long_log_is_chained_by_portions(owing: DutyBook) -> None:
    key = owing.rows(obligations)[0]["id"]
    with owing.book.writing.begin() as connection:
        rows = [
            {
                "id": number,
                "obligation_id": key,
                "at": LATER,
                "timeliness": "overdue",
                "overrun_seconds": number,
                "note": "",
            }
            for number in range(1_000, 1_450)
        ]
        connection.execute(late_log.insert(), rows)

    assert [link_up(owing) for _ in range(4)] == [200, 200, 50, 0]
    assert proof_of(owing).traces == []


def test_the_same_words_again_are_one_answer(logged: DutyBook) -> None:
    rebuttal, finding = logged.rows(answers)

    assert say(logged)["answer_id"] == str(rebuttal["uid"])
    assert say(logged, AnswerKind.FINDING, "申辩不成立")["answer_id"] == str(finding["uid"])
    assert len(logged.rows(answers)) == 2
    assert say(logged, reason="另有说明")["answer_id"] != str(rebuttal["uid"])


def test_the_same_words_after_another_ruling_are_a_new_ruling_and_hold(logged: DutyBook) -> None:
    for _ in range(2):
        say(logged, AnswerKind.WAIVER, "核实后撤销")
        assert logged.late_log()[0]["standing"] == "waived"
        say(logged, AnswerKind.FINDING, "申辩不成立")
        assert logged.late_log()[0]["standing"] == "found"

    assert len(logged.rows(answers)) == 6
    assert len({row["uid"] for row in logged.rows(answers)}) == 6
    assert link_up(logged) == 4
    assert proof_of(logged).traces == []


def test_a_rebuttal_said_again_after_another_is_a_new_one(logged: DutyBook) -> None:
    first = logged.rows(answers)[0]
    say(logged, reason="另有说明")

    assert say(logged)["answer_id"] != str(first["uid"])
