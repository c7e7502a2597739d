"""One record of the log, and what it may turn out to be. 日志记录。"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from vocabulary.submission import Submission
from vocabulary.terms import Verdict


class Envelope(BaseModel):
    """An item as the gateway hands it on: judged once, to be judged again. 信封。

    `received_at` was set once, before any path forked. `verdict` may be raised by the worker and
    is never lowered; `receipt` is what the sender was told, and rests in the book with the item.
    `rulebook` is the digest of the law the gateway judged by.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    uid: UUID
    unit_id: str
    received_at: AwareDatetime
    submission: Submission
    rulebook: str
    verdict: Verdict
    receipt: str
    is_keyed: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """One record, as any client library gives it; `at` is the broker's own time of appending.

    Where the topic keeps the sender's time instead, `is_dated_by_broker` is False: nobody dates
    their own report, so that it counts from when it is read.
    """

    topic: str
    partition: int
    offset: int
    at: datetime
    value: bytes
    key: bytes | None = None
    headers: Mapping[str, bytes] = field(default_factory=dict)
    is_dated_by_broker: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no item of this county; `unit_id` is its sender where known. 不可读。"""

    record: Record
    reason: str
    unit_id: str | None = None
    is_classified: bool = False
