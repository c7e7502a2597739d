"""How an item travels on the log. 线上格式。

CloudEvents 1.0: our own gateway writes binary mode, and both modes and a bare submission are
read, so that any Kafka client can submit. What cannot be read is a value that says why.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, from_structured, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError
from pydantic_core import from_json

from vocabulary.arrival import Arrival, hash_of
from vocabulary.identity import submission_uid
from vocabulary.record import Envelope, Record, Unreadable
from vocabulary.submission import Submission

ENVELOPE_TYPE = "cn.jibao.submission.received.v1"
SOURCE = "/jibao/gateway"
JSON = "application/json"
OCTETS = "application/octet-stream"
STRUCTURED = "application/cloudevents+json"
SEAL = "jibao-seal"  # HMAC-SHA256 of the value under the house's key: our own gateway's word
SIGNATURE = "jibao-signature"  # unit=HMAC-SHA256 of the value under that unit's key

_FORMAT = JSONFormat()
_A_NAME = re.compile("[a-z_]{1,32}")  # of a field; whatever else a stranger wrote is not repeated
_BROKEN_EVENT = "不是完整的 CloudEvents 1.0 事件（specversion、id、source、type）"
Headers = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Keys:
    """What proves a sender. 来源凭据。

    `units` are the keys that foreign senders sign with, by unit; `own_topics` are topics that one
    unit alone may write to, by the broker's own rules.
    """

    house: bytes
    units: Mapping[str, bytes] = field(default_factory=dict)
    own_topics: Mapping[str, str] = field(default_factory=dict)

    def seal(self, value: bytes) -> bytes:
        """Return the gateway's proof for a value."""
        return _digest(self.house, value).encode()


def headers_of(attributes: Mapping[str, Any], media_type: str = JSON) -> Headers:
    """Return the headers of a CloudEvent in binary mode.

    Args:
        attributes: `id`, `source`, `type`, `time`, and what else the event bears.
        media_type: of the data.
    """
    event = CloudEvent({"specversion": "1.0", "datacontenttype": media_type, **attributes})
    return list(to_binary(event, _FORMAT).headers.items())


def sealed(envelope: Envelope, keys: Keys) -> tuple[bytes, Headers]:
    """Return an envelope as the value and the headers of a record."""
    value = envelope.model_dump_json(exclude_defaults=True).encode()
    headers = headers_of(
        {
            "id": str(envelope.uid),
            "source": SOURCE,
            "type": ENVELOPE_TYPE,
            "time": envelope.received_at,
            "subject": envelope.unit_id,
        }
    )
    return value, [*headers, (SEAL, keys.seal(value))]


def read(record: Record, keys: Keys) -> Arrival | Unreadable:
    """Return the item that a record holds, or why it holds none."""
    try:
        if _is_ours(record, keys):
            return _arrival_of(Envelope.model_validate_json(record.value))
        return _foreign(record, keys)
    except ValidationError as error:
        return Unreadable(record, _what_is_wrong(error), _proven_unit(record, keys))
    except Exception:  # noqa: BLE001 (whatever a stranger's bytes do to a parser, it is their fault)
        told = _BROKEN_EVENT if _is_json(record.value) else "不是有效的 JSON（UTF-8）"
        return Unreadable(record, told, _proven_unit(record, keys))


def _is_json(value: bytes) -> bool:
    try:
        from_json(value)
    except ValueError:
        return False
    return True


def _what_is_wrong(error: ValidationError) -> str:
    named = {".".join(str(part) for part in each["loc"]) or "title" for each in error.errors()}
    fields = sorted(name for name in named if _A_NAME.fullmatch(name.rpartition(".")[2]))
    strange = ["有不认识的字段"] if len(fields) < len(named) else []
    return f"内容有误：{'、'.join([*fields, *strange])}"


def _is_ours(record: Record, keys: Keys) -> bool:
    seal = record.headers.get(SEAL)
    is_typed = record.headers.get("ce_type") == ENVELOPE_TYPE.encode()
    return seal is not None and is_typed and hmac.compare_digest(seal, keys.seal(record.value))


def _arrival_of(envelope: Envelope) -> Arrival:
    return Arrival(
        uid=envelope.uid,
        unit_id=envelope.unit_id,
        submission=envelope.submission,
        body_hash=hash_of(envelope.submission),
        received_at=envelope.received_at,
        is_keyed=envelope.is_keyed,
        verdict_at_door=envelope.verdict,
        answered=envelope.receipt,
        is_from_log=True,
    )


def _foreign(record: Record, keys: Keys) -> Arrival | Unreadable:
    source, event_id, data = _unwrapped(record)
    proven = _proven_unit(record, keys)
    if not isinstance(data, dict):
        return Unreadable(record, "应为 JSON 对象", proven)
    submission = Submission.model_validate(data)
    unit_id = proven or submission.unit_id
    if unit_id is None:
        return Unreadable(record, "没有报送单位（unit_id），也未能证明来源")
    if submission.on_behalf_of is not None:
        return Unreadable(record, "代报只能由县值班室经网关报送", proven)
    named = submission.model_copy(update={"unit_id": unit_id})
    told_by = "kafka" if proven else "kafka, unproven"  # a stranger cannot take a sender's ids
    return Arrival(
        uid=submission_uid(unit_id, f"{told_by}\n{_name_of(record, source, event_id)}"),
        unit_id=unit_id,
        submission=named,
        body_hash=hash_of(named),
        received_at=record.at,
        is_from_log=True,
        is_proven=proven is not None,
    )


def _name_of(record: Record, source: str, event_id: str) -> str:
    """What its sender calls the item; a bare one is told from others by its place on the log."""
    place = f"{record.topic}/{record.partition}/{record.offset}"
    return f"{source}\n{event_id}" if event_id else place


def _unwrapped(record: Record) -> tuple[str, str, Any]:
    """Return source, id and data: of structured mode, of binary mode, or of a bare submission."""
    message = KafkaMessage(headers=dict(record.headers), key=None, value=record.value)
    media_type = record.headers.get("content-type", b"").split(b";")[0].strip()
    if media_type == STRUCTURED.encode():
        event = from_structured(message, _FORMAT)
    elif any(name.startswith("ce_") for name in record.headers):
        event = from_binary(message, _FORMAT)
    else:
        content = from_json(record.value)
        if not (isinstance(content, dict) and "specversion" in content):
            return "", "", content
        event = from_structured(message, _FORMAT)
    data = event.get_data()
    return (
        event.get_source(),
        event.get_id(),
        from_json(data) if isinstance(data, str | bytes) else data,
    )


def _proven_unit(record: Record, keys: Keys) -> str | None:
    """Return the unit that certainly sent a record, if it can be told."""
    if record.topic in keys.own_topics:
        return keys.own_topics[record.topic]
    said, _, digest = record.headers.get(SIGNATURE, b"").partition(b"=")
    unit_id = said.decode("utf-8", "replace")
    key = keys.units.get(unit_id)
    if key is None or not hmac.compare_digest(_digest(key, record.value).encode(), digest):
        return None
    return unit_id


def _digest(key: bytes, value: bytes) -> str:
    return hmac.new(key, value, hashlib.sha256).hexdigest()
