"""Read the whole rulebook, or say everything that is wrong with it. 载入规章。"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rulebook.building import Book, build
from rulebook.grade_tables import GradingPage
from rulebook.law_tables import Limit
from rulebook.lines import Key, Locate, Mistake, UnreadableError, mistakes_of, read
from rules.rulebook import Rulebook

FOLDER = Path(__file__).parent
GRADING = "grading"
_PAGES: dict[str, Any] = {name: field.annotation for name, field in Book.model_fields.items()}


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
    data: dict[str, Any] = {GRADING: {}}
    locate: dict[str, Locate] = {}
    mistakes: list[Mistake] = []
    for page, path in _files(folder):
        try:
            written, locate[page] = read(path)
        except UnreadableError as error:
            mistakes.append(replace(error.mistake, file=f"{page}.yaml"))
            continue
        mistakes += _mistakes_of(page, written, locate[page])
        shelf, _, name = page.rpartition("/")
        (data[shelf] if shelf else data)[name] = written
    if mistakes:
        raise RulebookError(tuple(sorted(mistakes)))

    book = Book.model_validate(data)
    mistakes += _words_written_twice(book, locate)
    mistakes += _unknown_codes(book, locate)
    mistakes += _unknown_subjects(book, locate)
    if mistakes:
        raise RulebookError(tuple(sorted(mistakes)))
    return build(book, _digest(folder))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each page's name and file; the grading tables stand in a folder of their own."""
    for page in Book.model_fields:
        if page != GRADING:
            yield page, folder / f"{page}.yaml"
    tables = sorted((folder / GRADING).glob("*.yaml"))
    for path in tables or [folder / GRADING / "accidents.yaml"]:
        yield f"{GRADING}/{path.stem}", path


def _mistakes_of(page: str, data: object, locate: Locate) -> tuple[Mistake, ...]:
    model = _PAGES.get(page, GradingPage)
    try:
        model.model_validate(data)
    except ValidationError as error:
        return mistakes_of(error, f"{page}.yaml", locate)
    return ()


def _words_written_twice(book: Book, locate: dict[str, Locate]) -> Iterator[Mistake]:
    """A word that did two things would do one of them by chance. One sub-type more is no harm."""
    seen: dict[str, tuple[str, str, Sequence[Key]]] = {}
    pages = (("lexicon", book.lexicon.places()), ("routine_context", book.routine_context.places()))
    for page, places in pages:
        for word, role, keys in places:
            role_before, page_before, keys_before = seen.setdefault(word, (role, page, keys))
            if keys_before is keys:
                continue
            line, line_before = locate[page](keys), locate[page_before](keys_before)
            is_first = (page_before, line_before, role_before) == (page, line, role)
            if role_before != role or (role not in {"strong", "weak"} and not is_first):
                told = f"“{word}”已写在 {page_before}.yaml 第 {line_before} 行，只能写在一处"
                yield Mistake(f"{page}.yaml", line, told)


def _unknown_codes(book: Book, locate: dict[str, Locate]) -> Iterator[Mistake]:
    """A ladder for a code that does not exist would never grade anything, and nobody would know."""
    known = {code: each.category for each in book.subtypes.classes for code in each.codes()}
    for number, subtype in enumerate(book.lexicon.subtypes):
        line = locate["lexicon"](("subtypes", number, "code"))
        if subtype.code not in known:
            yield Mistake("lexicon.yaml", line, f"subtypes.yaml 里没有代码 {subtype.code}")
        elif known[subtype.code] is not subtype.category:
            yield Mistake("lexicon.yaml", line, f"{subtype.code} 的大类与 subtypes.yaml 不一致")
    for page, keys, codes in _codes(book):
        for at, code in enumerate(codes):
            if not any(each.startswith(code) for each in known):
                line = locate[page]((*keys, at))
                yield Mistake(f"{page}.yaml", line, f"subtypes.yaml 里没有代码 {code}")


def _unknown_subjects(book: Book, locate: dict[str, Locate]) -> Iterator[Mistake]:
    """A frame of a subject that nobody wrote down would never be met."""
    for number, frame in enumerate(book.eyewitness.frames):
        for at, name in enumerate(frame.of):
            if name not in book.eyewitness.subjects:
                line = locate["eyewitness"](("frames", number, "of", at))
                yield Mistake("eyewitness.yaml", line, f"subjects 里没有：{name}")


def _codes(book: Book) -> Iterator[tuple[str, tuple[str | int, ...], tuple[str, ...]]]:
    for name, page in book.grading.items():
        for number, ladder in enumerate(page.ladders):
            yield f"{GRADING}/{name}", ("ladders", number, "codes"), ladder.codes
    for page_name, keys, limit in _limits(book):
        yield page_name, (*keys, "codes"), limit.codes
    for number, each in enumerate(book.subtypes.classes):
        yield "subtypes", ("classes", number, "instead_of"), each.instead_of
    for number, frame in enumerate(book.eyewitness.frames):
        if frame.code is not None:
            yield "eyewitness", ("frames", number, "code"), (frame.code,)
    for number, floor in enumerate(book.floors.floors):
        yield "floors", ("floors", number, "codes"), floor.codes
    for number, escalator in enumerate(book.escalators.escalators):
        yield "escalators", ("escalators", number, "codes"), escalator.codes


def _limits(book: Book) -> Iterator[tuple[str, tuple[str | int, ...], Limit]]:
    first, upward = book.first_report, book.upward.recipients
    pages: list[tuple[str, tuple[str | int, ...], dict[str, tuple[Limit, ...]]]] = [
        ("first_report", ("phone", "profiles"), first.phone.profiles),
        ("first_report", ("written", "profiles"), first.written.profiles),
        ("follow_up", ("profiles",), book.follow_up.profiles),
        *(("upward", ("recipients", n, "profiles"), r.profiles) for n, r in enumerate(upward)),
    ]
    for page, keys, profiles in pages:
        for profile, limits in profiles.items():
            for number, limit in enumerate(limits):
                yield page, (*keys, profile, number), limit


def _digest(folder: Path) -> str:
    """Return the hash of the files as they are, so that another text has another name."""
    whole = sha256()
    for page, path in sorted(_files(folder)):
        whole.update(page.encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()
