"""One item at the door, and what it is answered. 到件与回执。"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vocabulary.submission import Submission
from vocabulary.terms import Verdict


@dataclass(frozen=True, slots=True)
class Arrival:
    """One item at the door. `received_at` was set once, before any path forked.

    `is_keyed` is False where the id was minted at the door, so that nothing can rest under it;
    `inbox_key` is the inbox row of one that waited there. `content` is the item as JSON where it
    was written already: it is written once, for its hash and for the book. `answered` is the
    receipt given at the door where that came before the judging: it stays the answer, and
    `verdict_at_door` is what was read there: it may be raised, and only a person lowers it.

    `is_from_log` marks one that the log brought; `is_proven` is False where its sender could not be
    told from another. `is_called_already`: the book was away for so long that the officer was
    called from memory, so that the page from the book may repeat.
    """

    uid: UUID
    unit_id: str
    submission: Submission
    body_hash: bytes
    received_at: datetime
    inbox_key: int | None = None
    is_keyed: bool = True
    content: str = ""
    answered: str = ""
    verdict_at_door: Verdict | None = None
    is_from_log: bool = False
    is_proven: bool = True
    is_called_already: bool = False

    def as_json(self) -> str:
        """Return the item as it rests in the book."""
        return self.content or written(self.submission)

    @property
    def was_answered(self) -> bool:
        """Whether a receipt was given before the book was asked: it cannot be taken back."""
        return self.is_from_log or self.inbox_key is not None

    @property
    def owing_unit_id(self) -> str:
        """The unit whose report it is: the caller's where the desk logged a call."""
        return self.submission.on_behalf_of or self.unit_id


@dataclass(frozen=True, slots=True)
class Receipted:
    """It is kept; `receipt` is the frozen answer in JSON. 已收。"""

    receipt: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another body already rests under this key; nothing was kept of this one. 同键异文。"""

    submission_uid: UUID


Answer = Receipted | Conflict


@dataclass(frozen=True, slots=True)
class Marked:
    """An item that bore a classified mark: who and when, and nothing of what it said. 涉密提示。

    `digest` is a hash, so that the same item sent again does not call twice.
    """

    unit_id: str
    received_at: datetime
    digest: bytes


def written(submission: Submission) -> str:
    """Return an item as JSON: what was stated, and nothing that was not."""
    return submission.model_dump_json(exclude_defaults=True)


def hash_of(submission: Submission) -> bytes:
    """Return the hash that tells one body from another under the same key."""
    return hash_of_written(written(submission))


def hash_of_written(content: str) -> bytes:
    """Return the hash of an item that is already written."""
    return hashlib.sha256(content.encode()).digest()
