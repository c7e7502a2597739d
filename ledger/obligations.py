"""Obligations: written, found by unit and by instant, closed. 应报事项。"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, and_, bindparam, or_, select

from ledger.columns import Instant, Uid
from ledger.schema import cases, late_log, obligations, outages
from ledger.sheet import Sheet
from rules.obligations import Obligation
from rules.timeliness import Finding, Outage
from vocabulary.terms import Duty, Fulfilment, Timeliness

_ON_LOG = (Timeliness.OVERDUE.value, Timeliness.MISSING.value, Timeliness.UNKNOWN.value)
_REPORTS = [duty.value for duty in Duty if duty.is_report]


def add(
    sheet: Sheet,
    owed: Obligation,
    uid: UUID,
    *,
    is_drill: bool,
    case_key: int | None = None,
    alert_key: int | None = None,
) -> dict[str, Any]:
    """Write an obligation. Returns its row."""
    row = {
        "uid": uid,
        "duty": owed.duty.value,
        "owed_by": owed.owed_by,
        "owed_to": owed.owed_to,
        "case_id": case_key,
        "alert_id": alert_key,
        "opened_by": owed.opened_by,
        "clock": owed.clock.value,
        "counted_from": owed.counted_from,
        "is_assumed": owed.is_assumed,
        "limit_seconds": int(owed.limit.total_seconds()),
        "due_at": owed.due_at,
        "source": owed.source,
        "confidence": owed.confidence,
        "severity": owed.severity and owed.severity.value,
        "is_drill": is_drill,
        "fulfilment": owed.fulfilment.value,
        "timeliness": owed.timeliness.value,
        "fulfilled_at": owed.fulfilled_at,
        "step": owed.step,
        "next_at": owed.next_at,
    }
    key = sheet.add(obligations, **row)
    if owed.next_at is not None:
        sheet.wake("clock", owed.next_at)
    if owed.timeliness is Timeliness.LATE and not is_drill:
        finding = Finding(owed.timeliness, owed.overrun)
        at = owed.fulfilled_at or owed.due_at
        log(sheet, key, finding, at=at, received_at=at, note="收到时已超时限")
    return row | {"id": key}


def is_there(sheet: Sheet, uid: UUID) -> bool:
    """Say whether an obligation of this id is in the book, or on this sheet."""
    if sheet.holds(obligations, uid):
        return True
    query = select(obligations.c.id).where(obligations.c.uid == uid)
    return sheet.connection.execute(query).first() is not None


def meet(
    sheet: Sheet, owed: dict[str, Any], finding: Finding, counted_at: datetime, by: str
) -> None:
    """Close an obligation by a report, and correct the late log if it was on it."""
    key = owed["id"]
    sheet.change(
        obligations,
        key,
        fulfilment=Fulfilment.MET.value,
        timeliness=finding.timeliness.value,
        fulfilled_at=counted_at,
        fulfilled_by=by,
        next_at=None,
    )
    was_on_log = owed["timeliness"] in _ON_LOG
    if not owed["is_drill"] and (was_on_log or finding.timeliness is Timeliness.LATE):
        log(sheet, key, finding, at=counted_at, received_at=counted_at, note=f"已由 {by} 补报")


def log(
    sheet: Sheet,
    key: int,
    finding: Finding,
    *,
    at: datetime,
    received_at: datetime | None,
    note: str,
) -> None:
    """Append to the late log; nothing on it is ever changed."""
    sheet.add(
        late_log,
        obligation_id=key,
        at=at,
        timeliness=finding.timeliness.value,
        overrun_seconds=int(finding.overrun / timedelta(seconds=1)),
        received_at=received_at,
        note=note,
    )


_OPEN_OF = (
    select(
        obligations,
        cases.c.code.label("case_code"),
        cases.c.uid.label("case_uid"),
        cases.c.closed_at.label("case_closed_at"),
        cases.c.occurred_at.label("case_occurred_at"),
        cases.c.opened_at.label("case_opened_at"),
    )
    .select_from(obligations.outerjoin(cases, cases.c.id == obligations.c.case_id))
    .where(
        obligations.c.owed_by == bindparam("unit_id"),
        obligations.c.duty == bindparam("duty"),
        obligations.c.fulfilment == Fulfilment.OPEN.value,
        obligations.c.is_drill == bindparam("is_drill"),
    )
    .limit(bindparam("most"))
    .with_for_update(of=obligations)
)
_OLDEST_OF_CASE = _OPEN_OF.where(cases.c.uid == bindparam("case_uid", type_=Uid)).order_by(
    obligations.c.due_at
)
_OLDEST_OF_CODE = _OPEN_OF.where(cases.c.code == bindparam("code")).order_by(obligations.c.due_at)
_NEWEST_BEGUN = _OPEN_OF.where(
    obligations.c.counted_from <= bindparam("begun_by", type_=Instant)
).order_by(obligations.c.due_at.desc())


def open_of(
    connection: Connection,
    unit_id: str,
    duty: Duty,
    *,
    is_drill: bool,
    case_uid: UUID | None = None,
    code: str | None = None,
    most: int,
) -> list[dict[str, Any]]:
    """Return what a unit owes of one kind for one case, or for cases of one code, oldest first.

    Narrowed in the question itself: a unit in a storm may owe thousands.
    """
    asked: dict[str, Any] = {
        "unit_id": unit_id,
        "duty": duty.value,
        "is_drill": is_drill,
        "most": most,
    }
    if case_uid is not None:
        query, asked["case_uid"] = _OLDEST_OF_CASE, case_uid
    else:
        query, asked["code"] = _OLDEST_OF_CODE, code
    return [dict(row) for row in connection.execute(query, asked).mappings()]


_OWING = (
    select(obligations.c.owed_by)
    .where(
        obligations.c.owed_by.in_(bindparam("unit_ids", expanding=True)),
        obligations.c.duty == bindparam("duty"),
        obligations.c.fulfilment == Fulfilment.OPEN.value,
    )
    .distinct()
)


def owing(connection: Connection, unit_ids: Collection[str], duty: Duty) -> frozenset[str]:
    """Return which of these units owe anything of this kind; most of them owe nothing."""
    asked = {"unit_ids": sorted(unit_ids), "duty": duty.value}
    return frozenset(connection.execute(_OWING, asked).scalars())


def newest_begun(
    connection: Connection, unit_id: str, duty: Duty, begun_by: datetime, most: int
) -> list[dict[str, Any]]:
    """Return the periodic reports a unit owes whose time had begun by then, newest first."""
    asked = {
        "unit_id": unit_id,
        "duty": duty.value,
        "is_drill": False,
        "begun_by": begun_by,
        "most": most,
    }
    return [dict(row) for row in connection.execute(_NEWEST_BEGUN, asked).mappings()]


_NEXT_STEP = (
    select(obligations.c.next_at)
    .where(obligations.c.next_at > bindparam("after", type_=Instant))
    .order_by(obligations.c.next_at)
    .limit(1)
)
_NOW = bindparam("now", type_=Instant)
_HELD = select(obligations.c.id).where(obligations.c.next_at <= _NOW).limit(1)
_DUE_FOR_STEP = (
    select(obligations, cases.c.title.label("case_title"), cases.c.uid.label("case_uid"))
    .select_from(obligations.outerjoin(cases, cases.c.id == obligations.c.case_id))
    .where(
        obligations.c.next_at.is_not(None),
        obligations.c.next_at <= _NOW,
        # A step before the due instant (a nudge) and the desk's own steps wait for nothing.
        or_(
            obligations.c.next_at < bindparam("judged_until", type_=Instant),
            and_(*(obligations.c.duty != each for each in _REPORTS)),  # quicker bound than a list
            obligations.c.next_at < obligations.c.due_at,
        ),
    )
    .order_by(obligations.c.next_at, obligations.c.id)  # a list of many is told in one order
    .limit(bindparam("most"))
    .with_for_update(of=obligations, skip_locked=True)
)


def next_step_at(connection: Connection, after: datetime) -> datetime | None:
    """Return the clock's next instant later than `after`."""
    return connection.execute(_NEXT_STEP, {"after": after}).scalar()


def is_any_held(connection: Connection, now: datetime) -> bool:
    """Say whether a step has come that was not done, because intake has not yet passed it."""
    return connection.execute(_HELD, {"now": now}).first() is not None


def due_for_step(
    connection: Connection, now: datetime, judged_until: datetime, limit: int
) -> list[dict[str, Any]]:
    """Return obligations whose step has come, except reports that intake has not yet passed.

    Args:
        now: the clock's instant; a step on this very instant has come.
        judged_until: all that was received up to this instant has been judged.
        limit: how many at most.
    """
    asked = {"now": now, "judged_until": judged_until, "most": limit}
    return [dict(row) for row in connection.execute(_DUE_FOR_STEP, asked).mappings()]


def outages_since(connection: Connection, since: datetime) -> tuple[Outage, ...]:
    """Return our own outages that ended after `since`."""
    query = select(outages.c.from_at, outages.c.to_at).where(outages.c.to_at > since)
    return tuple(Outage(starts, ends) for starts, ends in connection.execute(query))


def find(
    connection: Connection,
    *,
    unit_id: str | None = None,
    duty: str | None = None,
    fulfilment: str | None = None,
    timeliness: str | None = None,
    due_before: datetime | None = None,
    case_key: int | None = None,
    limit: int = 500,
) -> Sequence[RowMapping]:
    """Return obligations by what is asked, soonest due first, with the case's id and title."""
    query = select(
        obligations, cases.c.uid.label("case_uid"), cases.c.title.label("case_title")
    ).select_from(obligations.outerjoin(cases, cases.c.id == obligations.c.case_id))
    wanted = {
        obligations.c.owed_by: unit_id,
        obligations.c.duty: duty,
        obligations.c.fulfilment: fulfilment,
        obligations.c.timeliness: timeliness,
        obligations.c.case_id: case_key,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if due_before is not None:
        query = query.where(obligations.c.due_at < due_before)
    return connection.execute(query.order_by(obligations.c.due_at).limit(limit)).mappings().all()
