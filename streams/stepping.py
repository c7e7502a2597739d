"""Do the steps that have come: marks in the book, texts to people. 梯级执行。"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ledger import cases, obligations
from ledger.effects import Sending
from ledger.schema import alerts
from ledger.schema import obligations as table
from ledger.sheet import Sheet
from notifiers import wording
from rules import ladder, timeliness
from rules.obligations import of_alert
from rules.rulebook import Ladder, Step
from rules.timeliness import Finding, Outage, Window
from streams import paging
from streams.desk import Desk
from streams.noticing import Notices
from vocabulary.china_time import spoken
from vocabulary.facts import LadderClimbed
from vocabulary.identity import derived_uid
from vocabulary.terms import Duty, Role, Severity, StepKind, Timeliness, Verdict

_INSTANT = timedelta(microseconds=1)
_REMEMBERED = timedelta(days=400)


@dataclass
class Stepping:
    """The steps of one instant, on one sheet."""

    sheet: Sheet
    desk: Desk
    now: datetime
    judged_until: datetime
    sendings: list[Sending] = field(default_factory=list)

    @cached_property
    def notices(self) -> Notices:
        """What those steps say to units and desks."""
        return Notices(self.sheet, self.desk, self.now)

    @cached_property
    def outages(self) -> tuple[Outage, ...]:
        """Our own outages."""
        return obligations.outages_since(self.sheet.connection, self.now - _REMEMBERED)

    def step(self, rows: Sequence[dict[str, Any]]) -> list[Sending]:
        """Do the steps of these obligations. Returns what must be sent after the commit."""
        pages = [row for row in rows if not Duty(row["duty"]).is_report]
        alerts_by_key = self._alerts_of(pages)
        for row in pages:
            self._page_on(row, alerts_by_key.get(row["alert_id"]))
        for row in rows:
            if Duty(row["duty"]).is_report:
                self._report(row)
        return self.sendings + self.notices.write()

    def _alerts_of(self, pages: list[dict[str, Any]]) -> dict[int, Any]:
        if not pages:
            return {}
        keys = [row["alert_id"] for row in pages]
        found = self.sheet.connection.execute(select(alerts).where(alerts.c.id.in_(keys)))
        return {row["id"]: row for row in found.mappings()}

    # The desk's own obligations: acknowledge, look.

    def _page_on(self, row: dict[str, Any], alert: Any) -> None:
        steps, place = ladder.steps_of_now(
            self._ladder_of(row), row["due_at"], row["step"], self.now, called_for=row["next_at"]
        )
        columns: dict[str, Any] = {"step": place.step, "next_at": place.next_at}
        if self.now >= row["due_at"]:
            columns["timeliness"] = Timeliness.OVERDUE.value
        self.sheet.change(table, row["id"], **columns)
        if alert is None or not steps:
            return
        if any(step.kind is StepKind.PAGE_UNSEEN for step in steps):
            self._turn_into_page(row, alert, steps)
        else:
            self._climb(row, alert, steps)

    def _climb(self, row: dict[str, Any], alert: Any, steps: tuple[Step, ...]) -> None:
        waited = self.now - alert["opened_at"]
        called = self.desk.directory.recipients(
            (Role.DUTY_OFFICER,), self.desk.room_of(alert["unit_id"]), alert["opened_at"]
        )
        names = tuple(self.desk.directory.name(person) for person in called)
        climbed = LadderClimbed(at=self.now, to=ladder.posts(steps))
        cases.note(self.sheet, climbed, row["case_id"])
        self._call(
            row,
            alert,
            ladder.posts(steps),
            lambda recipient: wording.climbed(
                alert["title"],
                alert["summary"],
                called=names,
                waited=waited,
                link=self.desk.links.to_acknowledge(alert["uid"], recipient),
            ),
        )

    def _turn_into_page(self, row: dict[str, Any], alert: Any, steps: tuple[Step, ...]) -> None:
        """Nobody looked at an attention in time: from now on it calls like an emergency."""
        waited = self.now - alert["opened_at"]
        self.sheet.change(alerts, alert["id"], level=Verdict.EMERGENCY.value, cause="unseen")
        room = self.desk.room_of(alert["unit_id"])
        owed = of_alert(self.desk.rulebook, Duty.ACKNOWLEDGEMENT, room, self.now, None)
        obligations.add(
            self.sheet,
            owed,
            derived_uid(alert["uid"], Duty.ACKNOWLEDGEMENT.value),
            is_drill=alert["is_drill"],
            case_key=alert["case_id"],
            alert_key=alert["id"],
        )
        self._call(
            row,
            alert,
            ladder.posts(steps),
            lambda recipient: wording.unseen(
                alert["title"],
                alert["summary"],
                waited=waited,
                link=self.desk.links.to_acknowledge(alert["uid"], recipient),
            ),
        )

    def _call(
        self,
        row: dict[str, Any],
        alert: Any,
        posts: tuple[Role, ...],
        text: Any,
    ) -> None:
        about = paging.About(
            self._moment_of(row["uid"]),
            paging.RING,
            paging.ALERT,
            self.now,
            alert_key=alert["id"],
            obligation_key=row["id"],
            case_key=alert["case_id"],
        )
        room = self.desk.room_of(alert["unit_id"])
        people = self.desk.directory.recipients(posts, room, self.now)
        self.sendings += paging.write(self.sheet, self.desk, about, people, text)

    # What units owe.

    def _report(self, row: dict[str, Any]) -> None:
        its_ladder = self._ladder_of(row)
        window = Window(row["counted_from"], row["due_at"], ladder.cutoff(its_ladder))
        seen = self._seen(window.due_at)
        is_before_due = seen <= window.due_at
        due_at = window.due_at if is_before_due else self._extended(window)
        if due_at is None:
            self._mark_unknown(row)
            return
        steps, place = ladder.steps_of_now(its_ladder, due_at, row["step"], seen)
        columns: dict[str, Any] = {"step": place.step, "next_at": place.next_at}
        finding = timeliness.judge_unreceived(
            window, seen, self.outages if not is_before_due else ()
        )
        if finding.timeliness.value != row["timeliness"]:
            columns["timeliness"] = finding.timeliness.value
            if not row["is_drill"] and finding.timeliness is not Timeliness.PENDING:
                moved = f"（因本系统中断，时限顺延至{spoken(due_at)}）"
                note = "未收到" + (moved if due_at != window.due_at else "")
                obligations.log(
                    self.sheet, row["id"], finding, at=self.now, received_at=None, note=note
                )
        self.sheet.change(table, row["id"], **columns)
        for step in steps:
            if step.kind is not StepKind.NUDGE or self.now < due_at:
                self.notices.gather(step, row, due_at)

    def _seen(self, due_at: datetime) -> datetime:
        """Return up to which instant a report is known not to have come; a nudge needs no more."""
        return min(self.now, max(self.judged_until, due_at) - _INSTANT)

    def _extended(self, window: Window) -> datetime | None:
        return timeliness.extended_due(window, self.outages)

    def _mark_unknown(self, row: dict[str, Any]) -> None:
        """Our outage covered its due instant: still owed, never called late."""
        finding = Finding(Timeliness.UNKNOWN)
        self.sheet.change(
            table, row["id"], timeliness=finding.timeliness.value, step=99, next_at=None
        )
        if not row["is_drill"]:
            obligations.log(
                self.sheet,
                row["id"],
                finding,
                at=self.now,
                received_at=None,
                note="到期时本系统中断，不作认定，事项仍须报送",
            )
        step = Step(StepKind.OVERDUE, timedelta(0), (Role.CLERK, Role.DUTY_OFFICER))
        self.notices.gather(step, row, row["due_at"], is_counted=False)

    def _ladder_of(self, row: dict[str, Any]) -> Ladder:
        severity = row["severity"] and Severity(row["severity"])
        return self.desk.rulebook.ladder_of(Duty(row["duty"]), row["owed_to"], severity)

    def _moment_of(self, uid: UUID) -> UUID:
        return derived_uid(uid, self.now.isoformat())
