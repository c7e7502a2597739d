"""What would have been under another rulebook? 推演。

The past of a book is lived again twice on scratch books in memory, under the rulebook of today
and under the one asked about, and the two are compared: who would have been late, which items
would have been judged otherwise, which alerts opened. The book itself is only read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping

from ledger import past as written
from ledger.book import Book, scratch_book
from notifiers.directory import Directory
from notifiers.links import Links
from rules.county import County
from rules.rulebook import Rulebook
from rules.timeliness import Outage
from rules.triage import Judge
from streams.desk import Desk
from streams.living_again import LivingAgain, Past
from vocabulary.arrival import Arrival
from vocabulary.hand import Hand
from vocabulary.judgement import Judgement
from vocabulary.submission import Submission
from vocabulary.terms import Duty, Timeliness

_BEFORE = timedelta(days=7)  # cases and debts that reach into the period
_AFTER = timedelta(days=2)  # what was due in the period is decided by then
_LATE = (Timeliness.LATE.value, Timeliness.OVERDUE.value, Timeliness.MISSING.value)
_WORDS = ("title", "body", "place", "reporter", "recorder", "case_id", "solicitation_id")

Found = dict[str, Any]


class NothingLivedError(LookupError):
    """The book has no past in that period."""


@dataclass(frozen=True)
class Reading:
    """A past as it was read, and what of it could not be."""

    past: Past
    classified: int
    unreadable: int


def read_past(
    connection: Connection, judges: Iterable[Judge], since: datetime, until: datetime
) -> Reading:
    """Read what reaches into [since, until), and what decides it afterwards.

    An item that bears a classified mark under either law is left out, and one that is not
    readable any more.

    Raises:
        NothingLivedError: this house did not live then.
    """
    life = written.lived(connection)
    if life is None or life[0] >= until or life[1] <= since:
        raise NothingLivedError
    founded_at, seen_at = life
    first, last = max(since - _BEFORE, founded_at), min(until + _AFTER, seen_at)
    judges = tuple(judges)
    arrivals: list[Arrival] = []
    left_out: Counter[str] = Counter()
    for row in written.received(connection, first, last):
        arrival = _arrival_of(row)
        if arrival is None:
            left_out["unreadable"] += 1
        elif any(_is_classified(judge, arrival.submission) for judge in judges):
            left_out["classified"] += 1
        else:
            arrivals.append(arrival)
    hands = [
        Hand(row["uid"], row["acknowledged_by"], row["acknowledged_at"])
        for row in written.taken_in_hand(connection, first, last)
    ]
    spans = [Outage(r["from_at"], r["to_at"]) for r in written.outages_in(connection, first, last)]
    ordered = sorted(hands, key=lambda hand: hand.at)
    past = Past(first, last, founded_at, arrivals, ordered, spans)
    return Reading(past, left_out["classified"], left_out["unreadable"])


def _arrival_of(row: RowMapping) -> Arrival | None:
    try:
        made = Submission.model_validate_json(row["content"])
    except ValidationError:
        return None
    return Arrival(
        uid=row["uid"],
        unit_id=row["unit_id"],
        submission=made,
        body_hash=row["body_hash"],
        received_at=row["received_at"],
        content=row["content"],
        is_proven=row["is_proven"],
    )


def _is_classified(judge: Judge, made: Submission) -> bool:
    said = (getattr(made, name) for name in _WORDS)
    return any(judge.is_classified(text) for text in said if text)


def a_desk(law: Rulebook, county: County) -> Desk:
    """Return a duty room that decides and carries nothing; its links lead nowhere."""
    return Desk(
        county=county,
        rulebook=law,
        judge=Judge(law, county),
        directory=Directory(county),
        links=Links(public_url="", secret_key="replay", valid=law.delivery.link_valid),  # noqa: S106
        owner="replay",
        carries=False,
    )


def compare(
    reading: Reading,
    desks: tuple[Desk, Desk],
    since: datetime,
    until: datetime,
    on_items: Callable[[int], None] = lambda _: None,
) -> Found:
    """Live the past under both laws and return what differs in [since, until).

    Items and alerts are of the period in which they came; what is owed is of the period in which
    it was due, under either law.
    """
    books: list[Book] = []
    refused = []
    try:
        for desk in desks:
            books.append(scratch_book())
            life = LivingAgain(books[-1], desk, reading.past, on_items)
            life.live()
            refused.append(life.refused)
        with books[0].read() as before, books[1].read() as after:
            found = _differences(before, after, since, until)
    finally:
        for book in books:
            book.close()
    left_out = {
        "classified": reading.classified,
        "unreadable": reading.unreadable,
        "stumbled_over": max(refused),
    }
    laws = {"before": desks[0].rulebook.digest, "after": desks[1].rulebook.digest}
    return {"from": since.isoformat(), "to": until.isoformat(), "rulebooks": laws} | {
        "left_out": left_out,
        **found,
    }


def _differences(before: Connection, after: Connection, since: datetime, until: datetime) -> Found:
    items = written.judged(before, since, until), written.judged(after, since, until)
    alerts = written.opened_alerts(before, since, until), written.opened_alerts(after, since, until)
    owed = written.owed(before), written.owed(after)
    late = list(_owed_otherwise(*owed, since, until))
    return {
        "totals": {
            "items": len(items[0]),
            "verdicts": _both(items, lambda each: each[1].verdict.value),
            "alerts": [len(each) for each in alerts],
            "timeliness": [
                dict(
                    sorted(
                        Counter(
                            row["timeliness"] for row in each.values() if _is_of(row, since, until)
                        ).items()
                    )
                )
                for each in owed
            ],
        },
        "late": late,
        "items": list(_judged_otherwise(*items)),
        "alerts": list(_alerted_otherwise(*alerts)),
    }


def _both(pair: tuple[dict[str, Any], ...], word: Callable[[Any], str]) -> list[dict[str, int]]:
    return [dict(sorted(Counter(word(row) for row in each.values()).items())) for each in pair]


def _is_of(row: Found, since: datetime, until: datetime) -> bool:
    return Duty(row["duty"]).is_report and since <= row["due_at"] < until


def _owed_otherwise(
    before: dict[str, Found], after: dict[str, Found], since: datetime, until: datetime
) -> Iterator[Found]:
    """Yield what stands otherwise: `change` is late, cleared, otherwise late, or another due."""
    for uid in dict.fromkeys((*before, *after)):
        pair = before.get(uid), after.get(uid)
        known = next(row for row in pair if row is not None)
        if not any(row is not None and _is_of(row, since, until) for row in pair):
            continue
        stands = tuple(_standing(row) for row in pair)
        if stands[0] == stands[1]:
            continue
        yield {
            "obligation_id": uid,
            "unit_id": known["owed_by"],
            "kind": known["duty"],
            "case_title": known["case_title"],
            "change": _change(*pair),
            "before": stands[0],
            "after": stands[1],
        }


def _standing(row: Found | None) -> Found | None:
    if row is None:
        return None
    is_late = row["timeliness"] in _LATE
    return {
        "due_at": row["due_at"].isoformat(),
        "limit_minutes": row["limit_seconds"] // 60,
        "fulfilment": row["fulfilment"],
        "timeliness": row["timeliness"],
        "overrun_seconds": (row["overrun_seconds"] or 0) if is_late else 0,
        "source": row["source"],
    }


def _change(before: Found | None, after: Found | None) -> str:
    was, would_be = (row is not None and row["timeliness"] in _LATE for row in (before, after))
    if was != would_be:
        return "newly_late" if would_be else "no_longer_late"
    return "otherwise_late" if was else "another_due"


def _judged_otherwise(before: Found, after: Found) -> Iterator[Found]:
    for uid, (row, judgement) in before.items():
        if uid not in after:
            continue
        was, would_be = _verdict(judgement), _verdict(after[uid][1])
        if was != would_be:
            yield {
                "submission_id": uid,
                "unit_id": row["owing_unit_id"],
                "received_at": row["received_at"].isoformat(),
                "title": Submission.model_validate_json(row["content"]).title,
                "before": was,
                "after": would_be,
            }


def _verdict(judgement: Judgement) -> Found:
    return {
        "verdict": judgement.verdict.value,
        "severity": judgement.severity and judgement.severity.value,
        "subtype": judgement.subtype,
        "code": judgement.code,
    }


def _alerted_otherwise(before: dict[str, Found], after: dict[str, Found]) -> Iterator[Found]:
    for uid in dict.fromkeys((*before, *after)):
        pair = before.get(uid), after.get(uid)
        known = next(row for row in pair if row is not None)
        was, would_be = (
            row and {name: row[name] for name in ("level", "cause", "severity")} for row in pair
        )
        if was != would_be:
            yield {
                "alert_id": uid,
                "unit_id": known["unit_id"],
                "opened_at": known["opened_at"].isoformat(),
                "title": known["title"],
                "before": was,
                "after": would_be,
            }
