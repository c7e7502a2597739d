"""What must hold after each happening, whatever the weather was. 见证。

The witness reads the book alone, and of the rest only what truly happened: when a unit first
tried, when the house did not listen. Each promise is a function named for it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, select

from ledger.schema import alerts, cases, deliveries, late_log, obligations, outages, submissions
from streams import paging
from tests.builders import HOUR, SECOND, the_law
from tests.simulation.house import BEAT, House
from tests.simulation.units import IN_FLIGHT_MOST, Units
from vocabulary.terms import (
    DeliveryState,
    Duty,
    Fulfilment,
    Severity,
    StepKind,
    Timeliness,
    Verdict,
)

_STATEMENTS = (
    "CREATE TEMP TABLE moved (id, duty, was_fulfilment, was_timeliness, fulfilment, timeliness)",
    """CREATE TEMP TRIGGER an_obligation_moves AFTER UPDATE OF fulfilment, timeliness ON obligations
    WHEN (old.fulfilment, old.timeliness) <> (new.fulfilment, new.timeliness)
    BEGIN INSERT INTO moved VALUES (new.id, new.duty, old.fulfilment, old.timeliness,
                                    new.fulfilment, new.timeliness); END""",
    """CREATE TEMP TRIGGER the_log_never_shrinks BEFORE DELETE ON late_log
    BEGIN SELECT RAISE(ABORT, 'an entry of the late log was removed'); END""",
    """CREATE TEMP TRIGGER the_log_never_changes
    BEFORE UPDATE OF obligation_id, at, timeliness, overrun_seconds, received_at, note ON late_log
    BEGIN SELECT RAISE(ABORT, 'an entry of the late log was changed'); END""",
)
_OPEN, _MET, _WAIVED = (each.value for each in Fulfilment)
_UNRECEIVED = ("pending", "overdue", "missing", "unknown")
_RECEIVED = ("on_time", "late", "unknown")
_LATE = (Timeliness.LATE.value, Timeliness.OVERDUE.value, Timeliness.MISSING.value)
_FORWARD = {  # of what has not come: never back
    "pending": ("overdue", "missing", "unknown"),
    "overdue": ("missing",),
    "missing": (),
    "unknown": (),
}
_UNHEARD = BEAT + IN_FLIGHT_MOST  # before a death: after the last heartbeat, or on its way


@dataclass
class Witness:
    """Looks at the book after each happening, and at all of it in the end."""

    house: House
    units: Units
    _logged: int = 0
    _written: int = 0
    _texts: set[tuple[int, str, str]] = field(default_factory=set)
    _spans_told: list[int] = field(default_factory=list)  # how many outages, and until when
    _spans: list[tuple[datetime, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.house.book.writing.begin() as connection:
            for statement in _STATEMENTS:
                connection.exec_driver_sql(statement)

    def look(self, now: datetime) -> None:
        """See what is new since the last look."""
        ((has_moved, logged, written, *spans),) = self.house.glance(_NEWEST)
        if has_moved:
            self._see_moves()
        if (logged, written) == (self._logged, self._written):
            return
        with self.house.book.read() as connection:
            if spans != self._spans_told:
                self._spans_told, self._spans = spans, _spans(connection)
            if logged != self._logged:
                self._see_log(connection, now)
            if written != self._written:
                self._see_texts(connection)

    def look_at_the_end(self, now: datetime) -> None:
        """See the whole book, when all that was due is decided."""
        with self.house.book.read() as connection:
            spans = _spans(connection)
            for row in connection.execute(select(obligations)).mappings():
                self._obligation_has_ended(row, spans, now)
            self._what_was_accepted_is_kept(connection)
            self._each_emergency_was_called_out(connection)
            self._each_alert_has_ended(connection, now)
            self._each_text_has_ended(connection, now)
        self._outages_are_true(spans)

    # After each happening.

    def _see_moves(self) -> None:
        moves = self.house.glance("DELETE FROM moved RETURNING *")
        for _, duty, was_fulfilment, was_timeliness, fulfilment, timeliness in moves:
            told = (duty, was_fulfilment, was_timeliness, fulfilment, timeliness)
            if fulfilment == _WAIVED or (was_fulfilment, fulfilment) == (_WAIVED, _OPEN):
                continue  # a person closed its case, or took that back
            assert timeliness in (_UNRECEIVED if fulfilment == _OPEN else _RECEIVED), told
            if not Duty(duty).is_report:
                continue  # what is taken in hand may be given back
            assert was_fulfilment == _OPEN, told
            assert fulfilment != _OPEN or timeliness in _FORWARD[was_timeliness], told

    def _see_log(self, connection: Connection, now: datetime) -> None:
        query = _LOG.where(late_log.c.id > self._logged)
        for row in connection.execute(query).mappings():
            self._logged = row["id"]
            told = dict(row)
            assert row["at"] <= now + SECOND, told
            assert not row["is_drill"], told
            if row["timeliness"] not in _LATE:
                continue
            due_at = _moved_due(row, self._spans)
            assert due_at is not None, ("due in an outage", told)
            assert not self._was_down_at(due_at), ("due when nobody listened", told)
            over = timedelta(seconds=row["overrun_seconds"])
            assert over <= (row["received_at"] or row["at"]) - due_at, told

    def _see_texts(self, connection: Connection) -> None:
        query = _TEXTS.where(deliveries.c.id > self._written)
        for row in connection.execute(query).mappings():
            self._written = row["id"]
            if row["cause"] not in set(StepKind):
                continue
            told = dict(row)
            due_at = _moved_due(row, self._spans) or row["due_at"]
            step = _step(row)
            assert row["created_at"] >= row["due_at"] + step, ("before its step", told)
            assert step >= 0 * SECOND or row["created_at"] < due_at, ("a late nudge", told)
            text = (row["obligation_id"], row["cause"], row["recipient"])
            assert text not in self._texts, ("twice", told)
            self._texts.add(text)

    # In the end.

    def _obligation_has_ended(
        self, row: RowMapping, spans: list[tuple[datetime, datetime]], now: datetime
    ) -> None:
        told, timeliness = dict(row), row["timeliness"]
        due_at = _moved_due(row, spans)
        if row["fulfilment"] == _OPEN and (due_at or row["due_at"]) + HOUR < now:
            assert timeliness != Timeliness.PENDING.value, told
            assert row["next_at"] is None, told
        if row["fulfilment"] == _MET:
            assert row["next_at"] is None, told
        if row["fulfilment"] == _MET and Duty(row["duty"]).is_report:
            known = [span for span in spans if span[0] < row["fulfilled_at"]]
            due_at = _moved_due(row, known)
            is_in_time = due_at is not None and row["fulfilled_at"] <= due_at
            if timeliness == Timeliness.LATE.value:
                assert not is_in_time, told
                tried_at = self.units.first_tried.get(row["fulfilled_by"] or "")
                assert tried_at is None or tried_at > row["due_at"], ("tried in time", told)
            if timeliness == Timeliness.ON_TIME.value:
                assert is_in_time or row["fulfilled_at"] <= row["due_at"], told
        if timeliness == Timeliness.UNKNOWN.value:
            assert due_at is None, ("no outage", told)

    def _what_was_accepted_is_kept(self, connection: Connection) -> None:
        query = select(submissions.c.uid, submissions.c.answered, submissions.c.receipt)
        kept = {
            str(uid): answered or receipt for uid, answered, receipt in connection.execute(query)
        }
        assert {uid: kept.get(uid) for uid in self.units.told} == self.units.told

    def _each_emergency_was_called_out(self, connection: Connection) -> None:
        alerted = set(connection.execute(select(alerts.c.case_id)).scalars())
        emergencies = select(cases.c.id).where(cases.c.verdict == Verdict.EMERGENCY.value)
        assert set(connection.execute(emergencies).scalars()) <= alerted
        of_no_case = select(submissions.c.uid).where(
            submissions.c.verdict == Verdict.EMERGENCY.value, submissions.c.case_id.is_(None)
        )
        assert connection.execute(of_no_case).all() == []

    def _each_alert_has_ended(self, connection: Connection, now: datetime) -> None:
        """Acknowledged, or at the top of its ladder with an open row."""
        owed = connection.execute(_OWED_FOR_ALERTS).mappings().all()
        for row in owed:
            if row["acknowledged_at"] is not None:
                assert row["fulfilment"] == _MET, dict(row)
            elif row["opened_at"] + HOUR < now:
                assert (row["fulfilment"], row["next_at"]) == (_OPEN, None), dict(row)
                rule = the_law().obligations[Duty(row["duty"])]
                assert row["step"] >= len(rule.ladder.steps), dict(row)

    def _each_text_has_ended(self, connection: Connection, now: datetime) -> None:
        pending = select(deliveries).where(
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.created_at < now - HOUR,
        )
        assert connection.execute(pending).mappings().all() == []
        called = select(deliveries.c.alert_id).where(deliveries.c.rank == paging.ALERT)
        calling = select(alerts.c.id).where(alerts.c.level == Verdict.EMERGENCY.value)
        calls = set(connection.execute(called).scalars())
        assert set(connection.execute(calling).scalars()) <= calls

    def _outages_are_true(self, spans: list[tuple[datetime, datetime]]) -> None:
        """An outage in the book is one that was, but for what a death took with it."""
        for start, end in spans:
            assert any(s - _UNHEARD <= start and end <= e + SECOND for s, e in self.house.spells), (
                start,
                end,
            )

    def _was_down_at(self, instant: datetime) -> bool:
        return any(start <= instant < end for start, end in self.house.spells)


_NEWEST = (
    "SELECT EXISTS (SELECT 1 FROM moved),"
    " coalesce((SELECT max(id) FROM late_log), 0),"
    " coalesce((SELECT max(id) FROM deliveries), 0),"
    " (SELECT count(*) FROM outages), (SELECT max(to_at) FROM outages)"
)
_SPANS = select(outages.c.from_at, outages.c.to_at).order_by(outages.c.from_at)
_LOG = (
    select(
        late_log,
        obligations.c.counted_from,
        obligations.c.due_at,
        obligations.c.duty,
        obligations.c.is_drill,
    )
    .select_from(late_log.join(obligations, obligations.c.id == late_log.c.obligation_id))
    .order_by(late_log.c.id)
)
_TEXTS = (
    select(
        deliveries.c.id,
        deliveries.c.obligation_id,
        deliveries.c.cause,
        deliveries.c.recipient,
        deliveries.c.created_at,
        obligations.c.counted_from,
        obligations.c.due_at,
        obligations.c.duty,
        obligations.c.owed_to,
        obligations.c.severity,
    )
    .select_from(deliveries.join(obligations, obligations.c.id == deliveries.c.obligation_id))
    .order_by(deliveries.c.id)
)
_OWED_FOR_ALERTS = select(obligations, alerts.c.acknowledged_at, alerts.c.opened_at).select_from(
    obligations.join(alerts, alerts.c.id == obligations.c.alert_id)
)


def _step(text: RowMapping) -> timedelta:
    severity = text["severity"] and Severity(text["severity"])
    steps = the_law().ladder_of(Duty(text["duty"]), text["owed_to"], severity).steps
    return min(step.after for step in steps if step.kind is StepKind(text["cause"]))


def _spans(connection: Connection) -> list[tuple[datetime, datetime]]:
    return [(start, end) for start, end in connection.execute(_SPANS)]


def _moved_due(row: RowMapping, spans: list[tuple[datetime, datetime]]) -> datetime | None:
    """The due instant after our own outages, told anew: None where one lies over it."""
    due_at: datetime = row["due_at"]
    for start, end in spans:
        if row["counted_from"] < end and start <= due_at:
            if end > due_at:
                return None
            due_at += end - max(start, row["counted_from"])
    return due_at
