"""Records as they lie on the log: of our own gateway, and of any Kafka client. 日志记录造数。"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from ledger.log_schema import quarantine
from streams.records import Batch, Records
from streams.wire import Keys, sealed
from tests.builders import FIRE, HOUR, NEIGHBOUR, NIGHT, TOWNSHIP, an_arrival
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Arrival
from vocabulary.record import Envelope, Record
from vocabulary.terms import Verdict

SET_ASIDE = quarantine
OWN_TOPIC = "county.hospital.reports"
ITS_KEY = b"the township's own"
KEYS = Keys(
    house=b"the house's own",
    units={TOWNSHIP: ITS_KEY},
    own_topics={OWN_TOPIC: NEIGHBOUR},
)
BARE = {"unit_id": TOWNSHIP, **FIRE}
EVENT = {"ce_specversion": b"1.0", "ce_id": b"17", "ce_source": b"/oa", "ce_type": b"oa.report"}


def a_record(
    value: Any = BARE,
    *,
    offset: int = 5,
    topic: str = "",
    headers: Mapping[str, bytes] | None = None,
) -> Record:
    """A record of a foreign client; a value that is not bytes is written as JSON."""
    return Record(
        topic=topic or "jibao.express.v1",
        partition=1,
        offset=offset,
        at=NIGHT,
        value=value if isinstance(value, bytes) else orjson.dumps(value),
        headers=headers or {},
    )


def an_envelope(arrival: Arrival | None = None, **fields: Any) -> Envelope:
    """An item as the gateway hands it on; without one it is a fire."""
    made = arrival or an_arrival()
    told: dict[str, Any] = {
        "uid": made.uid,
        "unit_id": made.unit_id,
        "received_at": made.received_at,
        "submission": made.submission,
        "rulebook": "digest",
        "verdict": Verdict.EMERGENCY,
        "receipt": '{"verdict":"emergency"}',
    }
    return Envelope(**(told | fields))


def of_the_gateway(envelope: Envelope, *, offset: int = 5, at: timedelta = HOUR) -> Record:
    """The record that the gateway wrote; the broker appended it at its own time."""
    value, headers = sealed(envelope, KEYS)
    return replace(a_record(value, offset=offset), at=NIGHT + at, headers=dict(headers))


def signed(value: bytes, key: bytes, unit: str = TOWNSHIP) -> bytes:
    """The header by which a unit proves that a value is its own."""
    return f"{unit}={hmac.new(key, value, hashlib.sha256).hexdigest()}".encode()


def absorbed(
    room: DutyBook,
    *records: Record,
    now: datetime = NIGHT,
    unfit: str | None = None,
    called: Iterable[UUID] = (),
) -> int:
    """Take records in, in one transaction. Returns how many were items."""
    batch = Batch(records, now, unfit, frozenset(called))
    (count,) = room.do(Records(room.desk, KEYS).absorb, [batch])
    return int(count)
