"""Read the whole rulebook, or say everything that is wrong with it. 载入规章。"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from rulebook.building import Book, build
from rulebook.lines import Locate, Mistake, UnreadableError, mistakes_of, read
from rules.rulebook import Rulebook

FOLDER = Path(__file__).parent


class RulebookError(ValueError):
    """The rulebook cannot be used; `mistakes` are all its mistakes, by file and line."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        """Say them all, one a line."""
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def load(folder: Path = FOLDER) -> Rulebook:
    """Return the rulebook that the folder holds. 载入规章。

    Raises:
        RulebookError: with every mistake, since half a law is no law.
    """
    data: dict[str, object] = {}
    locate: dict[str, Locate] = {}
    mistakes: list[Mistake] = []
    for page in Book.model_fields:
        try:
            data[page], locate[page] = read(folder / f"{page}.yaml")
        except UnreadableError as error:
            mistakes.append(error.mistake)
    for page, written in data.items():
        mistakes += _mistakes_of(page, written, locate[page])
    if mistakes:
        raise RulebookError(tuple(sorted(mistakes)))

    book = Book.model_validate(data)
    mistakes += _words_written_twice(book, locate)
    if mistakes:
        raise RulebookError(tuple(sorted(mistakes)))
    return build(book, _digest(folder))


def _mistakes_of(page: str, data: object, locate: Locate) -> tuple[Mistake, ...]:
    model = Book.model_fields[page].annotation
    assert model is not None
    try:
        model.model_validate(data)
    except ValidationError as error:
        return mistakes_of(error, f"{page}.yaml", locate)
    return ()


def _words_written_twice(book: Book, locate: dict[str, Locate]) -> Iterator[Mistake]:
    """A word that did two things would do one of them by chance. One sub-type more is no harm."""
    seen: dict[str, tuple[str, str, int]] = {}
    pages = (("lexicon", book.lexicon.places()), ("routine_context", book.routine_context.places()))
    for page, places in pages:
        for word, role, keys in places:
            line = locate[page](keys)
            role_before, page_before, line_before = seen.setdefault(word, (role, page, line))
            is_first = (page_before, line_before, role_before) == (page, line, role)
            if role_before != role or (role not in {"strong", "weak"} and not is_first):
                told = f"“{word}”已写在 {page_before}.yaml 第 {line_before} 行，只能写在一处"
                yield Mistake(f"{page}.yaml", line, told)


def _digest(folder: Path) -> str:
    """Return the hash of the files as they are, so that another text has another name."""
    whole = sha256()
    for page in sorted(Book.model_fields):
        whole.update((folder / f"{page}.yaml").read_bytes())
    return whole.hexdigest()
