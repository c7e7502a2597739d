"""What proves a foreign sender is read from a file that holds keys. 外部来源文件。"""

from pathlib import Path

import pytest

from app.parts.senders import read_keys
from rulebook.county import CountyError


def test_without_a_file_only_our_own_gateway_can_prove_itself() -> None:
    keys = read_keys(None, "house")

    assert (keys.house, dict(keys.units), dict(keys.own_topics)) == (b"house", {}, {})


def test_a_unit_has_a_key_or_a_topic_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "senders.yaml"
    file.write_text("keys: {weijian: k1}\ntopics: {hospital.reports: weijian}\n")

    keys = read_keys(file, "house")

    assert dict(keys.units) == {"weijian": b"k1"}
    assert dict(keys.own_topics) == {"hospital.reports": "weijian"}


def test_an_empty_file_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "senders.yaml"
    file.write_text("# nobody yet\n")

    assert dict(read_keys(file, "house").units) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("keys: [", "YAML 格式有误", id="no YAML"),
        pytest.param("keyz: {a: topsecret}", "keyz", id="a word misspelled"),
        pytest.param("keys: {a: {b: topsecret}}", "keys.a", id="a key that is none"),
    ],
)
def test_a_mistake_is_told_by_file_and_without_a_word_of_its_secrets(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "senders.yaml"
    file.write_text(text)

    with pytest.raises(CountyError, match=said) as raised:
        read_keys(file, "house")

    assert "senders.yaml" in str(raised.value)
    assert "topsecret" not in str(raised.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CountyError, match="没有这个文件"):
        read_keys(tmp_path / "none.yaml", "house")
