"""Is what was ever written on the log still read, and is today's writing the same? 金样。

`tests/golden` has one file for each version of each message, and none is ever changed: what needs
other fields becomes a new version beside the old one, and both are read.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.wire import Headers, read
from tests.streams.every_fact import ENVELOPE, EVERY_FACT, KEYS, envelope_written, written
from vocabulary.arrival import Arrival, hash_of
from vocabulary.facts import FACT, KINDS
from vocabulary.record import Record

GOLDEN = Path(__file__).parent.parent / "golden"
FILES = sorted(GOLDEN.glob("*.json"))
FACTS = [path for path in FILES if "submission.received" not in path.name]
ENVELOPES = [path for path in FILES if "submission.received" in path.name]
BY_TYPE = {f"cn.jibao.{fact.kind}.v1": fact for fact in EVERY_FACT}

each_fact = pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
each_envelope = pytest.mark.parametrize("path", ENVELOPES, ids=lambda path: path.stem)


def golden(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = orjson.loads(path.read_bytes())
    return kept


def as_kept(value: bytes, headers: Headers) -> dict[str, Any]:
    """A record as a golden file has it; bytes that are no JSON are told by their hex."""
    try:
        told = orjson.loads(value)
    except orjson.JSONDecodeError:
        told = {"hex": value.hex()}
    return {"headers": {name: said.decode() for name, said in headers}, "value": told}


def test_every_message_of_the_house_has_a_golden_file() -> None:
    types = {f"cn.jibao.{kind.model_fields['kind'].default}.v1" for kind in KINDS}

    assert set(BY_TYPE) == types
    assert types | {"cn.jibao.submission.received.v1"} <= {path.stem for path in FILES}


@pytest.mark.parametrize("kind", sorted(BY_TYPE))
def test_a_fact_is_written_as_it_always_was(kind: str) -> None:
    value, headers = written(BY_TYPE[kind])
    kept = golden(GOLDEN / f"{kind}.json")

    assert as_kept(value, headers) == kept
    if "hex" not in kept["value"]:
        assert value == orjson.dumps(kept["value"]), "fields in another order are other bytes"


def test_an_envelope_is_written_as_it_always_was() -> None:
    value, headers = envelope_written()
    kept = golden(GOLDEN / "cn.jibao.submission.received.v1.json")

    assert as_kept(value, headers) == kept
    assert value == orjson.dumps(kept["value"]), "its seal is of these very bytes"


@each_fact
def test_every_fact_ever_written_is_still_read(path: Path) -> None:
    kept = golden(path)
    if "hex" in kept["value"]:  # of a record that was set aside the value is the record
        assert kept["headers"]["jibao-origin"]
        return

    fact = FACT.validate_python(kept["value"])

    assert f"cn.jibao.{fact.kind}" == path.stem.rpartition(".v")[0]
    if path.stem in BY_TYPE:
        assert fact == BY_TYPE[path.stem]


@each_envelope
def test_every_envelope_ever_written_is_still_read_and_its_seal_still_holds(path: Path) -> None:
    kept = golden(path)
    headers = {name: said.encode() for name, said in kept["headers"].items()}
    at = datetime.fromisoformat(kept["headers"]["ce_time"])
    record = Record("jibao.express.v1", 0, 7, at, orjson.dumps(kept["value"]), None, headers)

    found = read(record, KEYS)

    assert isinstance(found, Arrival)
    assert found.is_proven
    assert found.received_at == at
    if path.stem == "cn.jibao.submission.received.v1":
        assert found.submission == ENVELOPE.submission
        assert found.body_hash == hash_of(ENVELOPE.submission)
        assert (found.uid, found.unit_id) == (ENVELOPE.uid, ENVELOPE.unit_id)
        assert (found.answered, found.is_keyed) == (ENVELOPE.receipt, False)
        assert found.verdict_at_door is ENVELOPE.verdict
