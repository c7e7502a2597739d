"""The topics described as AsyncAPI 3, out of the models that write and read them. 主题描述。

`jibao asyncapi` prints it; `docs/asyncapi.json` is what it printed last. Settings change the
partitions and copies of a topic, so these are not told here.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from rules.lane import Lane
from streams.relay import SOURCE as BOOK
from streams.topics import LANE_TOPICS, TopicRule, config_of
from streams.wire import ENVELOPE_TYPE, JSON, OCTETS, SEAL, SIGNATURE
from streams.wire import SOURCE as GATEWAY
from vocabulary.facts import ALERTS, FACTS, KINDS, NOTICES, QUARANTINE, Fact, SetAside
from vocabulary.record import Envelope
from vocabulary.submission import Submission

_BINDING = "0.5.0"
_TEXT = {"type": "string"}
_HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ABOUT = {
    LANE_TOPICS[Lane.EXPRESS]: "Items that may be emergencies. Keyed by unit.",
    LANE_TOPICS[Lane.SUBMISSIONS]: "All other items. Keyed by unit.",
    ALERTS: "What is done about alerts. Keyed by case.",
    NOTICES: "What units were told of what they owe. Keyed by case.",
    FACTS: "What happened to cases. Keyed by case.",
    QUARANTINE: "Records that could not be taken in, whole; of classified ones only the hash.",
}


def document(release: str) -> dict[str, Any]:
    """Return the description, for a release of the house."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "急报 jibao",
            "version": release,
            "description": "A county duty room on Kafka: items in, copies of what happened out.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "channels": {_name(topic): _channel(topic) for topic in _ABOUT},
        "operations": {_name(topic): _operation(topic) for topic in _ABOUT},
        "components": {
            "messages": _messages(),
            "messageTraits": {"cloudEvent": {"headers": _cloud_event()}},
            "schemas": _schemas(),
        },
    }


def as_printed() -> str:
    """Return the description of this version as JSON."""
    told = orjson.dumps(document(version("jibao")), option=orjson.OPT_INDENT_2)
    return told.decode() + "\n"


def message_name(model: type[BaseModel]) -> str:
    """Return what a model's message is called here."""
    return model.__name__[0].lower() + model.__name__[1:]


def _name(topic: str) -> str:
    return topic.removeprefix("jibao.").removesuffix(".v1")


def _messages_of(topic: str) -> tuple[type[BaseModel], ...]:
    if topic in LANE_TOPICS.values():
        return (Envelope, Submission)
    return tuple(kind for kind in KINDS if kind.topic == topic)


def _channel(topic: str) -> dict[str, Any]:
    kept = config_of(topic, TopicRule())
    return {
        "address": topic,
        "description": _ABOUT[topic],
        "messages": {
            message_name(model): _ref("messages", message_name(model))
            for model in _messages_of(topic)
        },
        "bindings": {
            "kafka": {
                "topic": topic,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "max.message.bytes": int(kept["max.message.bytes"]),
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _operation(topic: str) -> dict[str, Any]:
    is_in = topic in LANE_TOPICS.values()
    lanes = {name: lane for lane, name in LANE_TOPICS.items()}
    group = {"type": "string", "const": f"jibao-{lanes[topic].value}"} if is_in else None
    kafka = {"groupId": group, "bindingVersion": _BINDING} if group else None
    return {
        "action": "receive" if is_in else "send",
        "channel": {"$ref": f"#/channels/{_name(topic)}"},
        "summary": "Judge an item" if is_in else "Publish, at least once, in order per case",
        "messages": [
            {"$ref": f"#/channels/{_name(topic)}/messages/{message_name(model)}"}
            for model in _messages_of(topic)
        ],
    } | ({"bindings": {"kafka": kafka}} if kafka else {})


def _messages() -> dict[str, Any]:
    facts = {message_name(kind): _fact(kind) for kind in KINDS if kind is not SetAside}
    return {
        message_name(Envelope): _message(
            Envelope,
            "An item that our own gateway took, and the receipt it gave",
            _headers(ENVELOPE_TYPE, GATEWAY, {SEAL: _HEX, "ce_subject": _TEXT}),
            key="the unit",
        ),
        message_name(Submission): _message(
            Submission,
            "An item of any Kafka client: bare, or as the data of a CloudEvent of either mode",
            _foreign_headers(),
            key="the unit",
        )
        | {"traits": []},
        **facts,
        message_name(SetAside): _set_aside(),
    }


def _fact(kind: type[Fact]) -> dict[str, Any]:
    name: str = kind.model_fields["kind"].default
    told = (kind.__doc__ or "").split("\n", maxsplit=1)[0]
    return _message(
        kind, told, _headers(f"cn.jibao.{name}.v1", BOOK, {}), key="the case; else empty"
    )


def _message(
    model: type[BaseModel], summary: str, headers: dict[str, Any], *, key: str
) -> dict[str, Any]:
    return {
        "name": message_name(model),
        "summary": summary,
        "contentType": JSON,
        "headers": headers,
        "payload": _ref("schemas", model.__name__),
        "traits": [_ref("messageTraits", "cloudEvent")],
        "bindings": {"kafka": {"key": _TEXT | {"description": key}, "bindingVersion": _BINDING}},
    }


def _set_aside() -> dict[str, Any]:
    """The record itself is the value, so that its model is told by headers."""
    told = {
        "jibao-quarantine-id": _TEXT | {"format": "uuid"},
        "jibao-reason": _TEXT | {"description": "Why; one sentence in Chinese, UTF-8."},
        "jibao-origin": _TEXT | {"description": "topic/partition/offset"},
        "jibao-sha256": _HEX,
    }
    headers = _headers("cn.jibao.set_aside.v1", BOOK, told, OCTETS)
    summary = (SetAside.__doc__ or "").split("\n", maxsplit=1)[0]
    whole = {"type": "string", "format": "binary", "description": "Empty: only the hash is told."}
    message = _message(SetAside, summary, headers, key="empty")
    return message | {"contentType": OCTETS, "payload": whole}


def _cloud_event() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"],
        "properties": {
            "ce_specversion": {"type": "string", "const": "1.0"},
            "ce_id": _TEXT | {"format": "uuid", "description": "The same at every repeat."},
            "ce_source": _TEXT,
            "ce_type": _TEXT,
            "ce_time": _TEXT | {"format": "date-time"},
            "content-type": _TEXT,
        },
    }


def _headers(
    kind: str, source: str, more: Mapping[str, Any], media_type: str = JSON
) -> dict[str, Any]:
    """Return what the headers say beside what every CloudEvent of ours says."""
    return {
        "type": "object",
        "required": list(more),
        "properties": {
            "ce_type": {"type": "string", "const": kind},
            "ce_source": {"type": "string", "const": source},
            "content-type": {"type": "string", "const": media_type},
            **more,
        },
    }


def _foreign_headers() -> dict[str, Any]:
    proof = "unit=hex HMAC-SHA256 of the value, under the unit's key; without it: unproven"
    return {
        "type": "object",
        "properties": {
            SIGNATURE: _TEXT | {"description": proof},
            "content-type": _TEXT | {"description": "application/cloudevents+json: structured."},
            "ce_id": _TEXT | {"description": "With ce_source, the item's own number."},
            "ce_source": _TEXT,
        },
    }


def _schemas() -> dict[str, Any]:
    facts = [kind for kind in KINDS if kind is not SetAside]
    models: list[type[BaseModel]] = [Envelope, Submission, *facts]
    _, found = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _ref(kind: str, name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/{kind}/{name}"}
