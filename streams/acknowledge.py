"""A person takes an alert in hand, or gives it back. 签收。

An acknowledgement stops the ladder, cancels the calls not yet made and tells those already
called. It never stops the clock of a report: the unit owes what it owed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select, tuple_

from ledger import cases, deliveries
from ledger.effects import Effects, Sending
from ledger.schema import alerts, obligations, submissions
from ledger.schema import deliveries as deliveries_table
from ledger.sheet import Sheet
from ledger.writer import Done
from notifiers import wording
from rules import ladder, timeliness
from rules.timeliness import Window
from streams import paging
from streams.desk import Desk
from vocabulary.facts import Acknowledged, TakenBack
from vocabulary.hand import Hand, Standing
from vocabulary.identity import derived_uid
from vocabulary.message import Message
from vocabulary.terms import DeliveryState, Duty, Fulfilment, Severity, Timeliness, Verdict


@dataclass(frozen=True)
class Acknowledging:
    """The acts of acknowledgement, for the writer to do. `Done` holds a `Standing` or None."""

    desk: Desk

    def acknowledge(self, connection: Connection, hands: Sequence[Hand]) -> list[Done]:
        """Take alerts in hand; the first hand counts and a second changes nothing."""
        return [self._each(connection, hand, self._take) for hand in hands]

    def take_back(self, connection: Connection, hands: Sequence[Hand]) -> list[Done]:
        """Give alerts back: the ladder goes on at the step of now."""
        return [self._each(connection, hand, self._give_back) for hand in hands]

    def _each(self, connection: Connection, hand: Hand, act: Any) -> Done:
        row = (
            connection.execute(
                select(alerts).where(alerts.c.uid == hand.alert_uid).with_for_update()
            )
            .mappings()
            .first()
        )
        if row is None or not self._is_theirs(hand, row):
            return Done(None)
        sheet = Sheet(connection)
        done: Done = act(sheet, hand, row)
        sheet.flush()
        return done

    def _is_theirs(self, hand: Hand, alert: RowMapping) -> bool:
        """An alert belongs to its unit's desk and those above: to all others it is not there."""
        person = self.desk.county.people.get(hand.person_id)
        desks = self.desk.county.desks_of(alert["unit_id"])
        return person is None or any(person.unit_id == desk.unit_id for desk in desks)

    def _take(self, sheet: Sheet, hand: Hand, alert: RowMapping) -> Done:
        if alert["acknowledged_at"] is not None:
            return Done(_standing(alert, is_change=False))
        called = self._stop_calling(sheet, hand, alert)
        for earlier in _earlier_of_case(sheet.connection, alert):
            if not self._is_theirs(hand, earlier):
                continue
            called = [*called, *self._stop_calling(sheet, hand, earlier)]
        _mark_seen(sheet.connection, alert, hand)
        text = wording.stood_down(
            alert["title"], by=self.desk.directory.name(hand.person_id), acknowledged_at=hand.at
        )
        sendings = self._tell(sheet, alert, hand, called, "taken", lambda _: text)
        return Done(
            Standing(alert["uid"], hand.at, hand.person_id, is_change=True),
            Effects(sendings=tuple(sendings)),
        )

    def _stop_calling(self, sheet: Sheet, hand: Hand, alert: RowMapping) -> Sequence[RowMapping]:
        """Take one alert in hand; returns its calls, those not yet made being cancelled."""
        key = alert["id"]
        sheet.change(alerts, key, acknowledged_at=hand.at, acknowledged_by=hand.person_id)
        called = deliveries.held_of_alert(sheet.connection, key)
        for owed in _owed_for(sheet.connection, key, Fulfilment.OPEN):
            self._meet(sheet, owed, hand)
        for delivery in called:
            is_pending = delivery["state"] == DeliveryState.PENDING.value
            if is_pending and delivery["rank"] == paging.ALERT:
                cancelled = DeliveryState.CANCELLED.value
                sheet.change(deliveries_table, delivery["id"], state=cancelled, next_at=None)
        told = Acknowledged(at=hand.at, alert=alert["uid"], by=hand.person_id)
        cases.note(sheet, told, alert["case_id"])
        return called

    def _meet(self, sheet: Sheet, owed: RowMapping, hand: Hand) -> None:
        rule = self.desk.rulebook.obligations[Duty(owed["duty"])]
        window = Window(owed["counted_from"], owed["due_at"], ladder.cutoff(rule.ladder))
        finding = timeliness.judge_received(window, hand.at)
        sheet.change(
            obligations,
            owed["id"],
            fulfilment=Fulfilment.MET.value,
            timeliness=finding.timeliness.value,
            fulfilled_at=hand.at,
            fulfilled_by=hand.person_id,
            next_at=None,
        )

    def _give_back(self, sheet: Sheet, hand: Hand, alert: RowMapping) -> Done:
        if alert["acknowledged_at"] is None:
            return Done(_standing(alert, is_change=False))
        sheet.change(alerts, alert["id"], acknowledged_at=None, acknowledged_by=None)
        steps = []
        for owed in _owed_for(sheet.connection, alert["id"], Fulfilment.MET):
            rule = self.desk.rulebook.obligations[Duty(owed["duty"])]
            place = ladder.resume(rule.ladder, owed["due_at"], hand.at)
            if owed["duty"] == Duty.LOOK.value and alert["level"] == Verdict.EMERGENCY.value:
                place = ladder.top(rule.ladder)  # it pages already, by an acknowledgement's ladder
            steps.append(place.next_at)
            is_over = owed["due_at"] <= hand.at  # also where no step comes to say so
            sheet.change(
                obligations,
                owed["id"],
                fulfilment=Fulfilment.OPEN.value,
                timeliness=(Timeliness.OVERDUE if is_over else Timeliness.PENDING).value,
                fulfilled_at=None,
                fulfilled_by=None,
                step=place.step,
                next_at=place.next_at,
            )
        for step_at in steps:
            sheet.wake("clock", step_at)
        told = TakenBack(at=hand.at, alert=alert["uid"], by=hand.person_id)
        cases.note(sheet, told, alert["case_id"])
        called = deliveries.of_alert(sheet.connection, alert["id"])
        by = self.desk.directory.name(hand.person_id)
        sendings = self._tell(
            sheet,
            alert,
            hand,
            called,
            "given_back",
            lambda recipient: wording.taken_back(
                alert["title"],
                alert["summary"],
                by=by,
                link=self.desk.links.to_acknowledge(alert["uid"], recipient),
            ),
        )
        return Done(
            Standing(alert["uid"], None, None, is_change=True),
            Effects(
                sendings=tuple(sendings), next_step_at=min((s for s in steps if s), default=None)
            ),
        )

    def _tell(  # noqa: PLR0917
        self,
        sheet: Sheet,
        alert: RowMapping,
        hand: Hand,
        called: Sequence[RowMapping],
        act: str,
        text: Callable[[str], Message],
    ) -> list[Sending]:
        """Tell those already called, once for this hand; the hand's own person knows."""
        told = dict.fromkeys(d["recipient"] for d in called if d["rank"] == paging.ALERT)
        told.pop(hand.person_id, None)
        about = paging.About(
            derived_uid(alert["uid"], act, hand.at.isoformat()),
            "hand",
            paging.NOTICE,
            hand.at,
            alert_key=alert["id"],
            case_key=alert["case_id"],
        )
        return paging.write(sheet, self.desk, about, told, text)


def _earlier_of_case(connection: Connection, alert: RowMapping) -> Sequence[RowMapping]:
    """The case's other alerts up to this one: whoever has the newest in hand has them all.

    A later one stays open, and a graver one: it may tell of what the hand has not seen.
    """
    if alert["case_id"] is None:
        return []
    query = select(alerts).where(
        alerts.c.case_id == alert["case_id"],
        tuple_(alerts.c.opened_at, alerts.c.id) < (alert["opened_at"], alert["id"]),
        alerts.c.acknowledged_at.is_(None),
    )
    rows = connection.execute(query.order_by(alerts.c.id).with_for_update()).mappings()
    return [row for row in rows if _rank(row) <= _rank(alert)]


def _rank(alert: RowMapping) -> int:
    return Severity(alert["severity"]).rank if alert["severity"] is not None else -1


def _owed_for(
    connection: Connection, alert_key: int, fulfilment: Fulfilment
) -> Sequence[RowMapping]:
    return (
        connection.execute(
            select(obligations)
            .where(
                obligations.c.alert_id == alert_key, obligations.c.fulfilment == fulfilment.value
            )
            .with_for_update()
        )
        .mappings()
        .all()
    )


def _mark_seen(connection: Connection, alert: RowMapping, hand: Hand) -> None:
    if alert["case_id"] is None:
        return
    connection.execute(
        submissions.update()
        .where(submissions.c.case_id == alert["case_id"], submissions.c.seen_at.is_(None))
        .values(seen_at=hand.at, seen_by=hand.person_id)
    )


def _standing(alert: RowMapping, *, is_change: bool) -> Standing:
    return Standing(
        alert["uid"], alert["acknowledged_at"], alert["acknowledged_by"], is_change=is_change
    )
