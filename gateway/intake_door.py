"""The one door by which items come in over HTTP: the API, a batch, a form. 收件口。

Here an item gets its id, its hour and its lane's first reading; a classified mark is looked
for before anything is stored.
"""

import hashlib
import os
from dataclasses import dataclass, field
from itertools import count

from gateway.house import House
from gateway.identity import Principal
from vocabulary.arrival import Answer, Arrival, Marked, hash_of_written, written
from vocabulary.china_time import to_microseconds
from vocabulary.identity import minted_uid, submission_uid
from vocabulary.submission import Submission

# Every field in which a sender may write what they like.
_WORDS = (
    "title",
    "body",
    "place",
    "reporter",
    "recorder",
    "case_id",
    "solicitation_id",
    "on_behalf_of",
    "unit_id",
)


class ClassifiedError(ValueError):
    """The item bears a classified mark: it is not stored, and the officer gets a stub. 涉密。"""

    def __init__(self, marked: Marked) -> None:
        """Hold who and when, and nothing of what was said."""
        super().__init__("classified")
        self.marked = marked


class NotYoursError(PermissionError):
    """Only the duty desk speaks for another unit. 无权代报。"""


class NoSuchUnitError(LookupError):
    """The unit spoken for is not in this county. 单位不存在。"""


@dataclass
class Door:
    """Makes arrivals out of submissions and hands them in."""

    house: House
    _run: int = field(default_factory=lambda: int.from_bytes(os.urandom(4), "big"))
    _numbers: "count[int]" = field(default_factory=count)

    async def take(self, principal: Principal, submission: Submission, key: str | None) -> Answer:
        """Hand one item in and return its answer once it is durable.

        Raises:
            ClassifiedError: it bears a classified mark.
            NotYoursError, NoSuchUnitError: it speaks for a unit it may not, or that is not there.
            BookAwayError: it could not be kept.
        """
        try:
            arrival = self.arrival(principal, submission, key)
        except ClassifiedError as error:
            await self.house.mark_classified(error.marked)
            raise
        return await self.house.submit(arrival)

    def arrival(self, principal: Principal, submission: Submission, key: str | None) -> Arrival:
        """Make the envelope of one item; raises as `take` does, but for the book.

        Nothing is awaited between an item's hour and its being in flight, or the clock might
        pass that hour before it.
        """
        received_at = self.house.now()
        if self._is_classified(submission):
            digest = hashlib.sha256(submission.model_dump_json().encode()).digest()
            raise ClassifiedError(Marked(principal.unit_id, received_at, digest))
        self._check_spoken_for(principal, submission)
        if key is None:
            self_made = minted_uid(to_microseconds(received_at), self._run, next(self._numbers))
        content = written(submission)
        return Arrival(
            uid=submission_uid(principal.unit_id, key) if key is not None else self_made,
            unit_id=principal.unit_id,
            submission=submission,
            body_hash=hash_of_written(content),
            received_at=received_at,
            is_keyed=key is not None,
            content=content,
        )

    def _is_classified(self, submission: Submission) -> bool:
        said = (getattr(submission, name) for name in _WORDS)
        return any(self.house.judge.is_classified(text) for text in said if text)

    def _check_spoken_for(self, principal: Principal, submission: Submission) -> None:
        named = submission.unit_id
        if named is not None and named != principal.unit_id:
            raise NotYoursError(named)
        if submission.on_behalf_of is None:
            return
        if not principal.is_desk:
            raise NotYoursError(submission.on_behalf_of)
        if submission.on_behalf_of not in self.house.county.units:
            raise NoSuchUnitError(submission.on_behalf_of)
