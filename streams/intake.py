"""What arrives becomes what the book knows. 接入。

`Intake.absorb` is the one path for every item, whether it came by HTTP, from the inbox or,
later, from a topic: remember the id, judge, place it in its case, close and open obligations,
write the alerts. One transaction for the whole batch; nothing is sent before it commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from sqlalchemy import Connection, RowMapping
from sqlalchemy.exc import DBAPIError

from ledger import submissions
from ledger.effects import Effects, Sending
from ledger.schema import inbox
from ledger.schema import submissions as table
from ledger.sheet import Sheet
from ledger.writer import Done, is_of_the_item
from rules.arrived import Arrived
from streams import joining
from streams.alerting import Cause, NewAlert, open_alert
from streams.casework import Casework
from streams.debts import Debts
from streams.desk import Desk
from streams.entries import entry_of
from streams.fulfilment import Fulfilling
from streams.known_later import count_from_known
from streams.predating import count_from_the_earliest
from streams.receipt import Placed, receipt_of, unjudged_receipt
from streams.repeats import again, apart, second_uid
from streams.supplements import Item, Supplementing
from streams.upward import open_upward
from vocabulary.arrival import Arrival, Conflict, Receipted
from vocabulary.judgement import JUDGEMENT, Judgement, Reason
from vocabulary.submission import Submission
from vocabulary.terms import Verdict

log = structlog.get_logger()

_SECOND = Reason(rule="second_body", sentence="同一编号先后报来两个不同内容，本件单独成件")
_AT_DOOR = Reason(rule="verdict_at_door", sentence="收件时已判为紧急，只有人可以降级")
_SLICE = 24  # inbox items a transaction: what an emergency may have to wait for


@dataclass(frozen=True)
class Intake:
    """The acts of intake, for the writer to do."""

    desk: Desk

    def absorb(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Done]:
        """Take items in. Each `Done` holds a `Receipted`, or a `Conflict` where a key was used.

        Idempotent by the item's id: a repeat gives the first answer again and changes nothing.
        """
        if not arrivals:
            return []
        sheet = Sheet(connection)
        judgements = {id(each): self._judge(each) for each in arrivals}
        joining.hold(connection, self.desk, judgements.values())
        kept = self._kept(connection, arrivals)
        casework = Casework.load(connection, self.desk, arrivals)
        debts = Debts(
            connection,
            self.desk,
            max(a.received_at for a in arrivals),
            frozenset(a.owing_unit_id for a in arrivals),
        )
        fulfilling = Fulfilling(debts)
        done = []
        copies = []
        for each in arrivals:
            arrival = apart(each, kept.get(each.uid))
            before = kept.get(arrival.uid)
            if before is not None:
                if arrival.inbox_key is not None and arrival.answered != before.receipt:
                    submissions.answer_with(connection, arrival.uid, arrival.answered)
                if arrival.was_answered and arrival.received_at < before.received_at:
                    copies.append(arrival)
                done.append(again(arrival, before))
                continue
            judgement = judgements[id(each)]
            if arrival is not each:
                judgement = replace(judgement, reasons=(*judgement.reasons, _SECOND))
            answer = self._take(sheet, casework, fulfilling, arrival, judgement)
            kept[arrival.uid] = submissions.Kept(
                arrival.body_hash, arrival.answered or answer.value.receipt, arrival.received_at
            )
            done.append(answer)
        sheet.flush()
        count_from_the_earliest(connection, self.desk, copies)
        return done

    def _kept(
        self, connection: Connection, arrivals: Sequence[Arrival]
    ) -> dict[UUID, submissions.Kept]:
        keyed = [a.uid for a in arrivals if a.is_keyed or a.was_answered]
        if not keyed:
            return {}
        at_the_door = [a.uid for a in arrivals if a.is_keyed and not a.was_answered]
        waiting = submissions.waiting(connection, at_the_door) if at_the_door else {}
        second = [second_uid(a) for a in arrivals if a.was_answered]
        return waiting | submissions.kept(connection, [*keyed, *second])

    def keep(self, connection: Connection, batches: Sequence[list[Arrival]]) -> list[Done]:
        """Keep whole batches in the inbox, unjudged. Each `Done` holds a list of answers."""
        sheet = Sheet(connection)
        done = []
        for batch in batches:
            kept = self._kept(connection, batch)
            answers: list[Receipted | Conflict] = []
            for arrival in batch:
                before = kept.get(arrival.uid)
                if before is None:
                    kept[arrival.uid] = submissions.Kept(
                        arrival.body_hash, arrival.answered or None, arrival.received_at
                    )
                    self._into_inbox(sheet, arrival)
                    answers.append(Receipted(arrival.answered or unjudged_receipt(arrival)))
                elif before.body_hash == arrival.body_hash:
                    answers.append(again(arrival, before).value)
                else:
                    answers.append(Conflict(arrival.uid))
            done.append(Done(answers, Effects(is_board_changed=False)))
        sheet.flush()
        return done

    def drain(self, connection: Connection, lanes: Sequence[str]) -> list[Done]:
        """Judge the next slice of a lane of the inbox. Each `Done` holds how many were judged."""
        return [self._drain(connection, lane) for lane in lanes]

    def drain_apart(self, connection: Connection, lanes: Sequence[str]) -> list[Done]:
        """Judge the next slice one by one: an item that cannot be taken in is set aside.

        It then holds up neither its lane nor the watermark, and someone at the desk is asked to
        look at it; its text stays in the inbox, whole.
        """
        return [self._drain_apart(connection, lane) for lane in lanes]

    def _drain(self, connection: Connection, lane: str) -> Done:
        rows = submissions.next_of_lane(connection, lane, _SLICE)
        results = self.absorb(connection, [_arrival_of(row) for row in rows])
        if rows:
            submissions.leave_inbox(connection, [row["id"] for row in rows])
        return Done(len(rows), together(results))

    def _drain_apart(self, connection: Connection, lane: str) -> Done:
        results: list[Done] = []
        rows = submissions.next_of_lane(connection, lane, _SLICE)
        for row in rows:
            try:
                with connection.begin_nested():
                    results += self.absorb(connection, [_arrival_of(row)])
                    submissions.leave_inbox(connection, [row["id"]])
            except DBAPIError as error:
                if not is_of_the_item(error):
                    raise
                results.append(self._set_aside(connection, row, error))
            except Exception as error:  # noqa: BLE001 (whatever it is, its neighbours go on)
                results.append(self._set_aside(connection, row, error))
        return Done(len(rows), together(results))

    def _set_aside(self, connection: Connection, row: RowMapping, error: Exception) -> Done:
        log.error("set_aside", kind=type(error).__name__)
        submissions.set_aside(connection, row["id"])
        return self._ask_to_look(connection, row)

    def _ask_to_look(self, connection: Connection, row: RowMapping) -> Done:
        sheet = Sheet(connection)
        new = NewAlert(
            parent=row["uid"],
            cause=Cause.SET_ASIDE,
            unit_id=row["unit_id"],
            severity=None,
            title=f"【关注】请过目：{self.desk.directory.unit_name(row['unit_id'])}有一件报送未能入账",
            summary="系统处理时出错，原文仍在收件箱，请联系报送单位核实。",
            is_drill=False,
            opened_at=row["received_at"],
        )
        sendings, owed = open_alert(sheet, self.desk, new)
        sheet.flush()
        return Done(None, Effects(sendings=tuple(sendings), next_step_at=owed.next_at))

    def _into_inbox(self, sheet: Sheet, arrival: Arrival) -> None:
        made = arrival.submission
        sheet.add(
            inbox,
            uid=arrival.uid,
            unit_id=arrival.unit_id,
            lane=self.desk.lane(made).value,
            received_at=arrival.received_at,
            body_hash=arrival.body_hash,
            content=arrival.as_json(),
            is_proven=arrival.is_proven,
            verdict_at_door=arrival.verdict_at_door and arrival.verdict_at_door.value,
            answered=arrival.answered or None,
            is_called_already=arrival.is_called_already,
        )
        sheet.wake("inbox")

    def _judge(self, arrival: Arrival) -> Judgement:
        judgement = self.desk.judge_or_ask(arrival.submission, arrival.received_at)
        is_lower = judgement.verdict is not Verdict.EMERGENCY
        if arrival.verdict_at_door is Verdict.EMERGENCY and is_lower:
            reasons = (_AT_DOOR, *judgement.reasons)
            return replace(judgement, verdict=Verdict.EMERGENCY, reasons=reasons)
        return judgement

    def _take(
        self,
        sheet: Sheet,
        casework: Casework,
        fulfilling: Fulfilling,
        arrival: Arrival,
        judgement: Judgement,
    ) -> Done:
        entry = entry_of(self.desk, arrival, judgement)
        found = casework.find(arrival, entry)
        met = fulfilling.met_by(arrival, judgement, found)
        paid = met[0]["case_uid"] if met else None
        placed, alert = casework.place(sheet, arrival, entry, found, paid)
        told = casework.entries.get(placed.case_key, []) if placed.case_key is not None else []
        item, debts = Item(arrival, judgement, placed, told), fulfilling.debts
        steps = [*count_from_known(debts, sheet, item, {owed["id"] for owed in met})]
        fulfilling.settle(sheet, arrival, judgement, placed, met)
        Supplementing(debts).settle(sheet, item)
        sendings: list[Sending] = []
        steps += [owed.next_at for owed in (*placed.owed, *placed.asked) if owed.next_at]
        if alert is not None:
            sendings, owed = open_alert(sheet, self.desk, alert)
            if owed.next_at:
                steps.append(owed.next_at)
            steps += open_upward(sheet, self.desk, arrival, alert, judgement, placed=placed)
        receipt = receipt_of(arrival, judgement, placed)
        key = _write_submission(sheet, arrival, judgement, placed, receipt)
        joining.ask(sheet, arrival, key, found, placed.case_key)
        return Done(
            Receipted(receipt),
            Effects(
                sendings=tuple(sendings),
                next_step_at=min(steps, default=None),
                is_board_changed=judgement.verdict is not Verdict.ROUTINE,
            ),
        )


def _arrival_of(row: RowMapping) -> Arrival:
    arrival = Arrival(
        uid=row["uid"],
        unit_id=row["unit_id"],
        submission=Submission.model_validate_json(row["content"]),
        body_hash=row["body_hash"],
        received_at=row["received_at"],
        inbox_key=row["id"],
        content=row["content"],
        verdict_at_door=row["verdict_at_door"] and Verdict(row["verdict_at_door"]),
        is_proven=row["is_proven"],
        is_called_already=row["is_called_already"],
    )
    return replace(arrival, answered=row["answered"] or unjudged_receipt(arrival))


def _write_submission(
    sheet: Sheet, arrival: Arrival, judgement: Judgement, placed: Placed, receipt: str
) -> int:
    made = arrival.submission
    clocks = Arrived.of(arrival, judgement.severity)
    return sheet.add(
        table,
        uid=arrival.uid,
        unit_id=arrival.unit_id,
        owing_unit_id=arrival.owing_unit_id,
        received_at=arrival.received_at,
        counted_at=clocks.counted_at,
        stage=made.stage.value,
        medium=made.medium.value,
        verdict=judgement.verdict.value,
        severity=judgement.severity and judgement.severity.value,
        case_id=placed.case_key,
        is_drill=made.is_drill,
        body_hash=arrival.body_hash,
        content=arrival.as_json(),
        judgement=JUDGEMENT.dump_json(judgement).decode("utf-8"),
        receipt=receipt,
        answered=arrival.answered or None,
        is_proven=arrival.is_proven,
    )


def together(results: Sequence[Done]) -> Effects:
    """Return the effects of several pieces of work as one."""
    effects = [done.effects for done in results if done.effects is not None]
    return Effects(
        sendings=tuple(sending for each in effects for sending in each.sendings),
        next_step_at=min((e.next_step_at for e in effects if e.next_step_at), default=None),
        is_board_changed=any(e.is_board_changed for e in effects),
    )
