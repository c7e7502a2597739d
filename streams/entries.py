"""An item as its case's fold takes it. 案卷条目的由来。"""

from datetime import datetime

from sqlalchemy import RowMapping

from rules.arrived import happened_at
from rules.case import Entry
from rules.joining import Traits, landmarks_of
from streams.desk import Desk
from vocabulary.arrival import Arrival
from vocabulary.judgement import JUDGEMENT, Judgement
from vocabulary.submission import Submission
from vocabulary.terms import Stage, Verdict

_LONGEST = 2_000  # letters of a text that are looked at for landmarks


def entry_of(desk: Desk, arrival: Arrival, judgement: Judgement) -> Entry:
    """Return an item that has just arrived."""
    made = arrival.submission
    return Entry(
        uid=arrival.uid,
        received_at=arrival.received_at,
        unit_id=arrival.owing_unit_id,
        title=_headline(made),
        stage=made.stage,
        judgement=judgement,
        place=made.place,
        occurred_at=happened_at(made, judgement),
        is_drill=made.is_drill,
        traits=_traits(desk, made, judgement, arrival.owing_unit_id, arrival.received_at),
        is_proven=arrival.is_proven,
        is_unclear=_is_unclear(desk, made),
    )


def entry_of_row(desk: Desk, row: RowMapping) -> Entry:
    """Return an item that rests in the book."""
    made = Submission.model_validate_json(row["content"])
    judgement = JUDGEMENT.validate_json(row["judgement"])
    return Entry(
        uid=row["uid"],
        received_at=row["received_at"],
        unit_id=row["owing_unit_id"],
        title=_headline(made),
        stage=Stage(row["stage"]),
        judgement=judgement,
        place=made.place,
        occurred_at=happened_at(made, judgement),
        is_drill=row["is_drill"],
        traits=_traits(desk, made, judgement, row["owing_unit_id"], row["received_at"]),
        is_proven=row["is_proven"],
        is_unclear=_is_unclear(desk, made),
    )


def _traits(
    desk: Desk, made: Submission, judgement: Judgement, unit_id: str, received_at: datetime
) -> Traits | None:
    """By what its incident is known again; a routine item is about none, unless it follows one."""
    if judgement.verdict is Verdict.ROUTINE and made.stage is Stage.FIRST:
        return None
    beside = desk.judge.places_in(made.place) if made.place else ()
    told = (*judgement.places, *beside)
    units = desk.county.units
    text = f"{made.title}\n{made.place or ''}\n{made.body[:_LONGEST]}"
    return Traits(
        unit_id=unit_id,
        code=judgement.code,
        villages=frozenset(p.name for p in told if p.name in units[p.unit_id].places),
        landmarks=landmarks_of(text, desk.rulebook.joining),
        territories=frozenset(p.unit_id for p in told),
        at=happened_at(made, judgement) or received_at,
    )


def _is_unclear(desk: Desk, made: Submission) -> bool:
    words = desk.rulebook.asking_back.not_known_yet
    return any(word in text for text in (made.title, made.body) for word in words)


def _headline(made: Submission) -> str:
    return made.title or made.body[:40]
