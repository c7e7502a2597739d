"""Is a file read as it is written: numbers where they are meant, else text? 读写如一。"""

from pathlib import Path

import pytest

from rulebook.lines import UnreadableError, read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("16:30", "16:30"),
        ("2026-02-30", "2026-02-30"),
        ("no", "no"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ('"12"', "12"),
        ("12", 12),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("~", None),
        ("", None),
        ("{a: [1, {b: 二}]}", {"a": [1, {"b": "二"}]}),
    ],
)
def test_only_what_yaml_1_2_calls_a_number_is_one(
    tmp_path: Path, written: str, meant: object
) -> None:
    (tmp_path / "page.yaml").write_text(f"value: {written}\n", "utf-8")

    plain, _ = read(tmp_path / "page.yaml")

    assert repr(plain) == repr({"value": meant})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a: 1\n? [b, c]\n: 2\n", 2, id="a key that is a list"),
        pytest.param("a: 1\n---\nb: 2\n", 2, id="a second page in one file"),
        pytest.param("a: 1\nb: *nothing\n", 2, id="a name for nothing"),
        pytest.param("a:\n\t- 1\n", 2, id="a tabulator"),
    ],
)
def test_what_no_page_is_made_of_is_told_by_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "page.yaml").write_text(text, "utf-8")

    with pytest.raises(UnreadableError) as raised:
        read(tmp_path / "page.yaml")

    assert (raised.value.mistake.file, raised.value.mistake.line) == ("page.yaml", line)


def test_the_line_of_a_missing_key_is_that_of_its_nearest_parent(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text("a:\n  - b: 1\n  - c: 2\n", "utf-8")

    _, locate = read(tmp_path / "page.yaml")

    assert [locate(keys) for keys in ((), ("a",), ("a", 1), ("a", 1, "d"), ("a", 7))] == [
        1,
        1,
        3,
        3,
        1,
    ]
