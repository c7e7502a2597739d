"""The late log as a supervisor reads it: who, how late, under which article. 迟报台账查询。

The log is append-only. What holds of an obligation is its newest entry; the earlier ones stay
beside it as its history, and what people said to it as its answers. Drills never came onto it.
Periods are taken by the due instant, so that a later correction does not move a row from one
month to the next.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, and_, func, select

from ledger import answers, evidence
from ledger.evidence import Report
from ledger.schema import cases, late_log, obligations
from rules import lapses
from rules.doubts import DoubtRule, believed_known_at, believed_occurred_at, doubts
from rules.hops import HopStretch, Run, hops, overran
from rules.stretches import Way, stretches
from vocabulary.doubt import Doubt
from vocabulary.terms import AnswerKind, Clock, Duty, Fulfilment, Lapse, LapseStanding, Timeliness

ROWS_MAX = 5_000
_ENTRY = ("at", "timeliness", "overrun_seconds", "received_at", "note")
_OWED = (
    "owed_to",
    "opened_by",
    "case_title",
    "severity",
    "clock",
    "counted_from",
    "is_assumed",
    "limit_seconds",
    "due_at",
    "fulfilment",
    "source",
    "confidence",
)
_SUSPECTED = [word.value for word in Timeliness if lapses.suspected(word) is not None]
_SECOND = timedelta(seconds=1)
_UNTOLD = Way(None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; None is any. 查询条件。

    `since` and `until` are half-open and of the due instant. `lapse` is a word of Timeliness,
    which the newest entry says, or of Lapse, which a supervisor found (`late` is both).
    """

    since: datetime | None = None
    until: datetime | None = None
    unit_id: str | None = None
    lapse: str | None = None
    duty: str | None = None
    severity: str | None = None
    standing: str | None = None


def entries(
    connection: Connection,
    wanted: Wanted | None = None,
    *,
    limit: int = ROWS_MAX,
    doubting: DoubtRule | None = None,
) -> list[dict[str, Any]]:
    """Return the newest entry of each obligation on the log, latest due first.

    Returns:
        One dict a row. `history` holds the earlier entries and `answers` what was said to them,
        oldest first; `evidence` is the id of the submission that met the obligation, or None.
        The unit's own moments are as its report told them, and `doubts` says, where it is known
        what is `doubting`, which contradict; `link` is the newest entry's place
        on the chain, None for the second until it has one.
    """
    query = _narrowed(_newest(), wanted or Wanted())
    ordered = query.order_by(obligations.c.due_at.desc(), late_log.c.id.desc()).limit(limit)
    return _told(connection, connection.execute(ordered).mappings().all(), doubting)


def one(
    connection: Connection, uid: UUID, doubting: DoubtRule | None = None
) -> dict[str, Any] | None:
    """Return the row of one obligation, or None where it is not on the log."""
    query = _newest().where(obligations.c.uid == uid)
    rows = _told(connection, connection.execute(query).mappings().all(), doubting)
    return rows[0] if rows else None


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    rulings = answers.rulings()
    query = query.outerjoin(rulings, rulings.c.obligation_id == obligations.c.id)
    equal = {
        obligations.c.owed_by: wanted.unit_id,
        obligations.c.duty: wanted.duty,
        obligations.c.severity: wanted.severity,
    }
    for column, value in equal.items():
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(obligations.c.due_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(obligations.c.due_at < wanted.until)
    if wanted.lapse is not None:
        is_found = and_(rulings.c.kind == AnswerKind.FINDING.value, rulings.c.lapse == wanted.lapse)
        is_said = late_log.c.timeliness == wanted.lapse
        if wanted.lapse not in [word.value for word in Lapse]:
            is_found = is_said
        query = query.where(is_said | is_found)
    if wanted.standing is not None:
        query = query.where(_stands(rulings, LapseStanding(wanted.standing)))
    return query


def _stands(rulings: Any, standing: LapseStanding) -> Any:
    is_suspected = and_(
        late_log.c.timeliness.in_(_SUSPECTED),
        obligations.c.fulfilment != Fulfilment.WAIVED.value,
    )
    return {
        LapseStanding.FOUND: rulings.c.kind == AnswerKind.FINDING.value,
        LapseStanding.WAIVED: rulings.c.kind == AnswerKind.WAIVER.value,
        LapseStanding.SUSPECTED: and_(rulings.c.kind.is_(None), is_suspected),
        LapseStanding.NONE: and_(rulings.c.kind.is_(None), ~is_suspected),
    }[standing]


def _newest() -> Select[Any]:
    others = late_log.alias("others")
    newest = (
        select(func.max(others.c.id))
        .where(others.c.obligation_id == late_log.c.obligation_id)
        .scalar_subquery()
    )
    owed = [column for column in obligations.c if column.name not in ("id", "timeliness")]
    return (
        select(
            *(late_log.c[name] for name in _ENTRY),
            late_log.c.id.label("entry_id"),
            late_log.c.obligation_id.label("id"),
            *owed,
            cases.c.uid.label("case_uid"),
            cases.c.title.label("case_title"),
            cases.c.occurred_at.label("case_occurred_at"),
        )
        .select_from(
            late_log.join(obligations, obligations.c.id == late_log.c.obligation_id).outerjoin(
                cases, cases.c.id == obligations.c.case_id
            )
        )
        .where(late_log.c.id == newest, obligations.c.is_drill.is_(False))
    )


def _told(
    connection: Connection, rows: Sequence[RowMapping], doubting: DoubtRule | None
) -> list[dict[str, Any]]:
    keys = [row["id"] for row in rows]
    histories = _histories(connection, rows)
    said = answers.of_obligations(connection, keys)
    reports = evidence.reports_of(connection, rows)
    origins = evidence.origins_of(connection, rows)
    notices = evidence.notices_of(connection, keys)
    links = evidence.links_of(connection, [row["entry_id"] for row in rows])
    return [
        _entry(row)
        | _standing(row, said.get(row["id"], []))
        | _way(row, reports.get(row["id"]))
        | _passage(row, reports.get(row["id"]), origins.get(row["id"]))
        | {
            "doubts": _doubts(reports.get(row["id"]), doubting),
            "notices": notices.get(row["id"], []),
            "link": links.get(row["entry_id"]),
            "history": histories.get(row["id"], []),
        }
        for row in rows
    ]


def _histories(
    connection: Connection, rows: Sequence[RowMapping]
) -> dict[int, list[dict[str, Any]]]:
    """Return the entries before the newest, by obligation, oldest first; asked in portions."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    newest = {row["id"]: row["entry_id"] for row in rows}
    for portion in answers.portions(list(newest)):
        query = select(late_log).where(late_log.c.obligation_id.in_(portion))
        for row in connection.execute(query.order_by(late_log.c.id)).mappings():
            if row["id"] != newest[row["obligation_id"]]:
                entry = {name: row[name] for name in _ENTRY}
                found[row["obligation_id"]].append(entry)
    return found


def _entry(row: RowMapping) -> dict[str, Any]:
    return {
        "id": str(row["uid"]),
        "obligation_id": str(row["uid"]),
        "unit_id": row["owed_by"],
        "kind": row["duty"],
        "case_id": row["case_uid"] and str(row["case_uid"]),
        **{name: row[name] for name in (*_OWED, *_ENTRY)},
        "evidence": row["fulfilled_by"],
    }


def _standing(row: RowMapping, said: list[dict[str, Any]]) -> dict[str, Any]:
    """Say whether a person has found or waived it, or the clock alone suspects it, and of what."""
    ruling = answers.ruling(said)
    timeliness, fulfilment = Timeliness(row["timeliness"]), Fulfilment(row["fulfilment"])
    ruled = AnswerKind(ruling["kind"]) if ruling else None
    standing = lapses.standing(timeliness, fulfilment, ruled)
    lapse = ruling["lapse"] if ruling else lapses.suspected(timeliness, fulfilment)
    return {"standing": standing.value, "lapse": lapse, "answers": said}


def _way(row: RowMapping, report: Report | None) -> dict[str, Any]:
    way = report.way if report else _UNTOLD
    return {
        "occurred_at": way.occurred_at or row["case_occurred_at"],
        "known_at": way.known_at,
        "drafted_at": way.drafted_at,
        "approved_at": way.approved_at,
        "report": report
        and {"submission_id": str(report.uid), "title": report.title, "text": report.text},
        "stretches": {
            word.value: None if length is None else int(length.total_seconds())
            for word, length in stretches(way).items()
        },
    }


def _doubts(report: Report | None, doubting: DoubtRule | None) -> list[Doubt]:
    if report is None or doubting is None:
        return []
    return list(doubts(report.way, doubting, report.heard_at))


def _believed(report: Report | None) -> Way:
    """The moments that the hops are measured by."""
    if report is None:
        return _UNTOLD
    known_at = believed_known_at(report.way, report.heard_at)
    return replace(report.way, occurred_at=believed_occurred_at(report.way), known_at=known_at)


def _passage(
    row: RowMapping, report: Report | None, origin: tuple[str, Report] | None
) -> dict[str, Any]:
    """Say in whose hands it lay for how long, and whose stretch overran."""
    timeliness = Timeliness(row["timeliness"])
    run = Run(
        duty=Duty(row["duty"]),
        unit_id=row["owed_by"],
        clock=Clock(row["clock"]),
        counted_from=row["counted_from"],
        limit=timedelta(seconds=row["limit_seconds"]),
        until=row["fulfilled_at"] or row["at"],
        is_late=lapses.suspected(timeliness) is not None,
    )
    sender, measured = origin or (None, report)
    found = hops(run, _believed(measured), sender)
    return {"hops": [_hop(each) for each in found], "overran": list(overran(found))}


def _hop(each: HopStretch) -> dict[str, Any]:
    return {
        "hop": each.hop.value,
        "unit_id": each.unit_id,
        "seconds": None if each.length is None else int(each.length / _SECOND),
        "limit_seconds": each.limit and int(each.limit / _SECOND),
        "is_over": each.is_over,
    }
