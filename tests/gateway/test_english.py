"""Is every sentence of the pages there in English too, and chosen as readers choose? 英文。"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import gateway
from gateway.language import CATALOGUE
from gateway.page_names import NAMES
from tests.builders import FIRE, OFFICER, TOWNSHIP
from tests.gateway.front_office import FrontOffice, receipt_uid

FOLDER = Path(gateway.__file__).parent
PLACE = re.compile(r"\{(\w+)\}")


def sentences() -> Iterator[tuple[str, str]]:
    """What is written for a reader: its kind, and the Chinese."""
    for path in sorted((FOLDER / "templates").glob("*.html")):
        yield from _extracted(path, "jinja2.ext:babel_extract", ("_",))
    for path in sorted(FOLDER.glob("*.py")):
        yield from _extracted(path, "python", ("said", "language"))
    for kind, words in NAMES.items():
        yield from ((kind, word) for word in words.values())


def _extracted(path: Path, method: str, marks: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        for _, sentence, _, _ in extract(method, file, keywords=dict.fromkeys(marks)):
            assert isinstance(sentence, str)
            yield "", sentence


def catalogue() -> dict[tuple[str, str], str]:
    with CATALOGUE.open("rb") as file:
        return {
            (each.context or "", str(each.id)): str(each.string)
            for each in read_po(file)
            if each.id
        }


def test_every_sentence_has_its_english() -> None:
    known = catalogue()

    assert [each for each in sentences() if not known.get(each)] == []


def test_the_catalogue_holds_nothing_that_no_page_says() -> None:
    assert set(catalogue()) - set(sentences()) == set()


def test_both_languages_fill_the_same_places() -> None:
    for (_, chinese), english in catalogue().items():
        assert set(PLACE.findall(chinese)) == set(PLACE.findall(english)), chinese


@pytest.mark.parametrize(
    ("headers", "address", "tag"),
    [
        ({}, "/sign-in", "zh-CN"),
        ({"accept-language": "en-GB,en;q=0.9"}, "/sign-in", "en"),
        ({"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, "/sign-in", "zh-CN"),
        ({"accept-language": "de,en;q=0.9"}, "/sign-in", "zh-CN"),
        ({"accept-language": "en"}, "/sign-in?lang=zh", "zh-CN"),
        ({}, "/sign-in?lang=en", "en"),
        ({"cookie": "jibao_lang=en"}, "/sign-in", "en"),
    ],
)
def test_the_reader_chooses_the_language(
    office: FrontOffice, headers: dict[str, str], address: str, tag: str
) -> None:
    page = office.visitor(**headers).read(address)

    assert f'<html lang="{tag}">' in page
    assert ("Sign in" if tag == "en" else "登录") in page


def test_the_choice_is_remembered(office: FrontOffice) -> None:
    visitor = office.visitor()
    visitor.read("/sign-in?lang=en")

    assert "Sign in" in visitor.read("/sign-in")


def test_every_page_can_be_read_in_english(office: FrontOffice) -> None:
    clerk, desk = office.visitor(f"unit:{TOWNSHIP}"), office.visitor(f"person:{OFFICER}")
    uid = receipt_uid(clerk.report(**FIRE, medium="phone"))
    case = desk.read("/board").partition("/cases/")[2][:36]
    for visitor in (clerk, desk):
        visitor.read("/report?lang=en")

    assert "What we owe" in clerk.read("/")
    assert "Received" in clerk.read(f"/receipts/{uid}")
    assert "To acknowledge" in desk.read("/board")
    assert "Why it was judged so" in desk.read(f"/cases/{case}")
    assert "Late log" in desk.read("/late-log")
