"""A case that a person acts on: theirs, there, and open where it must be. 受理案卷。"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger import cases
from streams.desk import Desk
from vocabulary.case_act import By, Refusal


class RefusedError(Exception):
    """The act cannot be done; nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def held_case(connection: Connection, desk: Desk, uid: UUID, by: By) -> dict[str, Any]:
    """Return a case, held until the transaction ends; to a person of another desk it is not there.

    Raises:
        RefusedError: there is none, for this person.
    """
    row = cases.held(connection, [uid]).get(uid)
    if row is None:
        raise RefusedError(Refusal.NOT_FOUND)
    person = desk.county.people.get(by.person_id)
    desks = desk.county.desks_of(row["unit_id"])
    if person is not None and all(person.unit_id != each.unit_id for each in desks):
        raise RefusedError(Refusal.NOT_FOUND)
    return row


def held_open_case(connection: Connection, desk: Desk, uid: UUID, by: By) -> dict[str, Any]:
    """Return a case that is not closed, held until the transaction ends.

    Raises:
        RefusedError: there is none for this person, or it is closed or merged.
    """
    row = held_case(connection, desk, uid, by)
    if row["merged_into"] is not None:
        raise RefusedError(Refusal.MERGED)
    if row["closed_at"] is not None:
        raise RefusedError(Refusal.CLOSED)
    return row
