"""The receipt: what was received, how it was judged, what is owed by when. 回执。

It is frozen with the item: a repeat is answered with the same words.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson

from rules.obligations import Obligation
from vocabulary.arrival import Arrival
from vocabulary.china_time import BEIJING
from vocabulary.judgement import Judgement


@dataclass(slots=True)
class Placed:
    """Where an item ended up, and what that made owed. 归案。"""

    case_key: int | None = None
    case_uid: UUID | None = None
    is_joined: bool = False  # to a case that was there before
    owed: list[Obligation] = field(default_factory=list)
    asked: list[Obligation] = field(default_factory=list)  # of others: not on its receipt
    told_by: frozenset[str] = frozenset()  # the units whose items the case holds
    closed_at: datetime | None = None  # the case
    maybe_uid: UUID | None = None  # the case that a person is asked about


def receipt_of(arrival: Arrival, judgement: Judgement, placed: Placed) -> str:
    """Write the receipt: what was received, how it was judged, what is owed by when."""
    return _dump(
        {
            "submission_id": str(arrival.uid),
            "received_at": arrival.received_at.astimezone(BEIJING),
            "verdict": judgement.verdict.value,
            "severity": judgement.severity and judgement.severity.value,
            "case_id": placed.case_uid and str(placed.case_uid),
            "obligations": [
                {
                    "kind": owed.duty.value,
                    "due_at": owed.due_at.astimezone(BEIJING),
                    "fulfilment": owed.fulfilment.value,
                    "timeliness": owed.timeliness.value,
                    "source": owed.source,
                }
                for owed in placed.owed
            ],
            "missing_elements": _asked_back(judgement, placed),
        }
    )


def _asked_back(judgement: Judgement, placed: Placed) -> list[str]:
    """What the sender should still tell; when it knew, where a clock had to assume it."""
    when_known = ["known_at"] if any(owed.is_assumed for owed in placed.owed) else []
    return [*judgement.missing_elements, *when_known]


def unjudged_receipt(arrival: Arrival) -> str:
    """Write the receipt of an item that is durable in the inbox and not yet judged."""
    return _dump(
        {
            "submission_id": str(arrival.uid),
            "received_at": arrival.received_at.astimezone(BEIJING),
            "verdict": None,
            "severity": None,
            "case_id": None,
            "obligations": [],
            "missing_elements": [],
        }
    )


def by_inbox(receipt: str) -> str:
    """Return a receipt that says: the log was away, and the inbox took the item."""
    return _dump(orjson.loads(receipt) | {"path": "inbox"})


def _dump(content: dict[str, object]) -> str:
    return orjson.dumps(content).decode("utf-8")
