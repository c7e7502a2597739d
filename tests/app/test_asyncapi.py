"""Do the description of the topics and the code agree? 主题描述与代码。"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import jsonschema_rs
import orjson
import pytest

from app.asyncapi import as_printed, document, message_name
from app.settings import ROOT
from streams.topics import ALL
from streams.wire import Headers
from tests.app.commands import jibao
from tests.builders import FIRE, TOWNSHIP
from tests.streams.every_fact import EVERY_FACT, envelope_written, written
from vocabulary.facts import KINDS, AnyFact, SetAside
from vocabulary.record import Envelope
from vocabulary.submission import Submission

DESCRIPTION = document(version("jibao"))


def found_at(reference: str) -> Any:
    found: Any = DESCRIPTION
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def references(told: Any) -> Iterator[str]:
    match told:
        case dict():
            for name, value in told.items():
                if name == "$ref":
                    yield value
                else:
                    yield from references(value)
        case list():
            for value in told:
                yield from references(value)


def validator(schema: dict[str, Any]) -> Any:
    whole = schema | {"components": DESCRIPTION["components"]}
    return jsonschema_rs.validator_for(whole, validate_formats=True)


def message(name: str) -> dict[str, Any]:
    told: dict[str, Any] = found_at(f"#/components/messages/{name}")
    return told


def schemas_of_headers(name: str) -> list[dict[str, Any]]:
    told = message(name)
    return [told["headers"], *(found_at(each["$ref"])["headers"] for each in told["traits"])]


def assert_as_described(name: str, value: bytes, headers: Headers) -> None:
    said = {each: text.decode() for each, text in headers}
    described = schemas_of_headers(name)
    for schema in described:
        validator(schema).validate(said)
    assert set(said) <= {each for schema in described for each in schema["properties"]}
    if message(name)["contentType"] == "application/json":
        validator(message(name)["payload"]).validate(orjson.loads(value))


def test_the_document_that_is_kept_is_the_one_that_the_code_prints() -> None:
    kept = (ROOT / "docs" / "asyncapi.json").read_text("utf-8")

    assert kept == as_printed(), "print it anew: jibao asyncapi > docs/asyncapi.json"


def test_the_command_prints_it() -> None:
    assert orjson.loads(jibao("asyncapi").stdout) == DESCRIPTION


def test_every_topic_is_described_and_no_other() -> None:
    assert {channel["address"] for channel in DESCRIPTION["channels"].values()} == set(ALL)


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DESCRIPTION):
        assert found_at(reference)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_fact_is_a_message_of_its_topic(kind: type[AnyFact]) -> None:
    (channel,) = [c for c in DESCRIPTION["channels"].values() if c["address"] == kind.topic]

    assert message_name(kind) in channel["messages"]


@pytest.mark.parametrize("fact", EVERY_FACT, ids=lambda fact: fact.kind)
def test_what_the_relay_publishes_is_as_described(fact: AnyFact) -> None:
    assert_as_described(message_name(type(fact)), *written(fact))


def test_what_the_gateway_writes_is_as_described() -> None:
    assert_as_described(message_name(Envelope), *envelope_written())


@pytest.mark.parametrize(
    ("item", "is_one"),
    [
        ({"unit_id": TOWNSHIP, **FIRE}, True),
        ({"unit_id": TOWNSHIP, "stage": "nil"}, True),
        ({"unit_id": TOWNSHIP, **FIRE, "deaths": -1}, False),
        ({"unit_id": TOWNSHIP, **FIRE, "ocurred_at": "2026-11-24T03:02:00+08:00"}, False),
        ({"unit_id": TOWNSHIP, **FIRE, "known_at": "yesterday"}, False),
        ({"unit_id": TOWNSHIP, **FIRE, "stage": "rumour"}, False),
    ],
    ids=["a fire", "nil", "a negative count", "a misspelling", "no moment", "no stage"],
)
def test_a_foreign_client_can_check_its_item_before_it_sends_it(
    item: dict[str, Any], *, is_one: bool
) -> None:
    schema = validator(message(message_name(Submission))["payload"])

    assert schema.is_valid(item) is is_one


def test_the_record_that_was_set_aside_is_the_value_and_not_a_fact() -> None:
    told = message(message_name(SetAside))

    assert told["contentType"] == "application/octet-stream"
    assert told["payload"]["format"] == "binary"
