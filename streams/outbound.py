"""What the book says of texts on their way. 发送台账。

Acts only: claim what is due, write what came of an attempt, decide what follows. The loop that
carries the texts is `streams.deliver`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from ledger import cases, deliveries, flags
from ledger.effects import Effects, Sending
from ledger.postgres import hold
from ledger.schema import deliveries as table
from ledger.schema import obligations
from ledger.sheet import Sheet
from ledger.writer import Done
from notifiers.directory import is_room
from rules import sending as rules
from streams import paging
from streams.desk import Desk
from vocabulary.facts import DeliveryFailed
from vocabulary.terms import DeliveryState, Duty, Fulfilment, Outcome

_PENDING = DeliveryState.PENDING.value


@dataclass(frozen=True, slots=True)
class Answered:
    """What an attempt came to. `is_silent` means: no answer yet, and it is time to go on."""

    sending: Sending
    outcome: Outcome
    reason: str
    at: datetime
    is_silent: bool = False


@dataclass(frozen=True)
class Outbound:
    """The acts of delivery, for the writer to do."""

    desk: Desk

    def claim(self, connection: Connection, asks: Sequence[tuple[datetime, int]]) -> list[Done]:
        """Write intents for what is due now. Each ask is (now, how many)."""
        if flags.is_muted(connection):
            return [Done(0) for _ in asks]
        done = []
        for now, limit in asks:
            sheet = Sheet(connection)
            due = deliveries.due(connection, now, limit)
            cut_short = deliveries.unanswered(connection, [row["id"] for row in due])
            sendings = []
            for row in due:
                attempt = cut_short.get(row["id"])
                if attempt is not None:
                    deliveries.settle(sheet, attempt, Outcome.UNKNOWN, "发送中断", now)
                is_repeat = row["is_repeat"] or attempt is not None
                sent = self._intend(
                    sheet, dict(row), now, place=row["channel"], is_repeat=is_repeat
                )
                sendings += [sent] if sent else []
            sheet.flush()
            effects = Effects(sendings=tuple(sendings), is_board_changed=bool(due))
            done.append(Done(len(due), effects))
        return done

    def free(self, connection: Connection, instants: Sequence[datetime]) -> list[Done]:
        """Let go now what was intended while the book was mute, rather than when its lease ends."""
        return [Done(deliveries.free_the_dead(connection, now, owner="")) for now in instants]

    def answer(self, connection: Connection, answers: Sequence[Answered]) -> list[Done]:
        """Write what attempts came to, and the intent that follows a failure."""
        sheet = Sheet(connection)
        rows = deliveries.by_keys(connection, [each.sending.delivery_id for each in answers])
        done = [self._answer(sheet, each, rows[each.sending.delivery_id]) for each in answers]
        sheet.flush()
        return done

    def _answer(self, sheet: Sheet, each: Answered, row: dict[str, Any]) -> Done:
        if not each.is_silent:
            deliveries.settle(sheet, each.sending.attempt_id, each.outcome, each.reason, each.at)
        if each.outcome is Outcome.DELIVERED:
            if row["state"] == _PENDING:
                _change(
                    sheet,
                    row,
                    state=DeliveryState.ACCEPTED.value,
                    accepted_at=each.at,
                    accepted_by=each.sending.channel_id,
                    next_at=None,
                )
            return Done(None, Effects())
        is_stale = (row["round"], row["channel"]) != (each.sending.round, each.sending.channel)
        if row["state"] != _PENDING or is_stale:
            return Done(None)
        return self._go_on(sheet, each, row)

    def _go_on(self, sheet: Sheet, each: Answered, row: dict[str, Any]) -> Done:
        move = rules.after(
            each.outcome,
            channel=row["channel"],
            channels=len(paging.channels_for(self.desk, row["cause"], row["recipient"])),
            round_number=row["round"],
            rule=self.desk.rulebook.delivery,
        )
        # What was not answered may have arrived all the same: from then on it says so.
        is_repeat = row["is_repeat"] or each.outcome is Outcome.UNKNOWN
        match move:
            case rules.NextChannel(channel):
                sent = self._intend(sheet, row, each.at, place=channel, is_repeat=is_repeat)
                return Done(None, Effects(sendings=(sent,) if sent else ()))
            case rules.NextRound(number, wait):
                _change(
                    sheet,
                    row,
                    round=number,
                    channel=0,
                    next_at=each.at + wait,
                    is_repeat=is_repeat or each.outcome is Outcome.UNREACHABLE,  # or cut off
                )
                return Done(None, Effects(next_step_at=self._call_next(sheet, row, each.at)))
            case _:
                _change(sheet, row, state=DeliveryState.FAILED.value, next_at=None)
                failed = DeliveryFailed(at=each.at, recipient=row["recipient"])
                cases.note(sheet, failed, row["case_id"])
                return Done(None, Effects(next_step_at=self._call_next(sheet, row, each.at)))

    def _call_next(self, sheet: Sheet, row: dict[str, Any], now: datetime) -> datetime | None:
        """Nobody could be reached this way: the ladder's next step comes now.

        Not for a room, where nobody must look, nor while another person of this alert was
        reached or is still being tried for the first time.
        """
        if row["cause"] not in (paging.CALL, paging.RING) or is_room(row["recipient"]):
            return None
        sheet.flush()  # the others of this alert may have failed in this very transaction
        hold(sheet.connection, f"alert {row['alert_id']}")  # or in another: one sees them all
        if any(
            other["id"] != row["id"] and _may_yet_hear(other)
            for other in deliveries.of_alert(sheet.connection, row["alert_id"])
        ):
            return None
        open_ones = sheet.connection.execute(
            select(obligations.c.id)
            .where(
                obligations.c.alert_id == row["alert_id"],
                obligations.c.duty == Duty.ACKNOWLEDGEMENT.value,
                obligations.c.fulfilment == Fulfilment.OPEN.value,
                obligations.c.next_at > now,
            )
            .with_for_update()
        ).scalars()
        keys = list(open_ones)
        for key in keys:
            sheet.change(obligations, key, next_at=now)
            sheet.wake("clock", now)
        return now if keys else None

    def _intend(
        self,
        sheet: Sheet,
        row: dict[str, Any],
        now: datetime,
        *,
        place: int,
        is_repeat: bool,
    ) -> Sending | None:
        channels = paging.channels_for(self.desk, row["cause"], row["recipient"])
        if place >= len(channels):  # the person or the channel is gone from the directory
            _change(sheet, row, state=DeliveryState.FAILED.value, next_at=None)
            return None
        turn = paging.Turn(channels[place], place, row["round"], is_repeat)
        sending = paging.intend(sheet, self.desk, row, turn, now)
        lease_until = now + self.desk.rulebook.delivery.lease
        _change(sheet, row, channel=place, next_at=lease_until, is_repeat=is_repeat)
        return sending


def _may_yet_hear(delivery: RowMapping) -> bool:
    if is_room(delivery["recipient"]):
        return False
    is_first_try = delivery["state"] == _PENDING and delivery["round"] == 0
    return is_first_try or bool(delivery["state"] == DeliveryState.ACCEPTED.value)


def _change(sheet: Sheet, row: dict[str, Any], **columns: Any) -> None:
    """Change a delivery in the book and in hand: a batch may answer it twice."""
    sheet.change(table, row["id"], **columns)
    row.update(columns)
