"""What comes twice: a repeat of one item, or another body under its key. 重复来件。"""

from dataclasses import replace
from uuid import UUID

from ledger import submissions
from ledger.writer import Done
from streams.receipt import unjudged_receipt
from vocabulary.arrival import Arrival, Conflict, Receipted
from vocabulary.identity import derived_uid


def apart(arrival: Arrival, before: submissions.Kept | None) -> Arrival:
    """Two bodies took one key while neither could see the other: the second has its own id."""
    is_second = before is not None and arrival.body_hash != before.body_hash
    if not arrival.was_answered or not is_second:
        return arrival
    return replace(arrival, uid=second_uid(arrival))


def second_uid(arrival: Arrival) -> UUID:
    """Return the id of another body under the same key: its own, and the same at each replay."""
    return derived_uid(arrival.uid, arrival.body_hash.hex())


def again(arrival: Arrival, before: submissions.Kept) -> Done:
    """Answer a repeat with the first receipt; another body under its key is a conflict."""
    if arrival.body_hash != before.body_hash:
        return Done(Conflict(arrival.uid))
    first = replace(arrival, received_at=before.received_at)
    return Done(Receipted(before.receipt or unjudged_receipt(first), is_repeat=True))
