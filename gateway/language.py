"""Chinese first, English by choice. 语言。

Chinese is the source: what stands in templates and code is what is shown, unless the reader
chose English. The English catalogue is a PO file, read at the start; nothing is compiled.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from starlette.requests import Request

from gateway.page_names import NAMES

COOKIE = "jibao_lang"
CHINESE, ENGLISH = "zh-CN", "en"
CATALOGUE = Path(__file__).parent / "locale" / "en.po"


def said(sentence: str) -> str:
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return sentence


@dataclass(frozen=True)
class Language:
    """One language: sentences and the names of words."""

    tag: str
    _sentences: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, sentence: str, **values: Any) -> str:
        """Return the sentence in this language, with the values in their places."""
        told = self._sentences.get(("", sentence), sentence)
        return told.format(**values) if values else told

    def name(self, kind: str, word: str | None) -> str:
        """Return how a word such as `late` is written; `kind` is a key of `NAMES`."""
        if word is None:
            return ""
        chinese = NAMES[kind].get(word)
        if chinese is None:
            return word
        return self._sentences.get((kind, chinese), chinese)

    @property
    def is_english(self) -> bool:
        """Whether this is English."""
        return self.tag == ENGLISH


@lru_cache(maxsize=1)
def english() -> Language:
    """Return English, read once."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return Language(
        ENGLISH,
        {
            (entry.context or "", str(entry.id)): str(entry.string)
            for entry in catalogue
            if entry.id and entry.string
        },
    )


CHINESE_LANGUAGE = Language(CHINESE)
_BY_TAG: dict[str, Callable[[], Language]] = {
    "zh": lambda: CHINESE_LANGUAGE,
    "en": english,
}


def chosen(request: Request) -> Language:
    """Return the reader's language: asked for in the address, kept in a cookie, or preferred."""
    for said_so in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if said_so and said_so[:2].lower() in _BY_TAG:
            return _BY_TAG[said_so[:2].lower()]()
    preferred = request.headers.get("accept-language", "")[:2].lower()
    return _BY_TAG.get(preferred, _BY_TAG["zh"])()
