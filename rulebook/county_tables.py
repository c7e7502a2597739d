"""The tables of a county as they are written, each entry with its line. 县情各表。

Shape only: whether the names in one table exist in another is asked by `rulebook.county`.
An entry of bad shape is set aside and the rest is read, so that all mistakes are told at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    model_validator,
)

from rulebook.lines import Key, Locate, Mistake, UnreadableError, mistakes_of, read
from vocabulary.terms import Calendar, Role, UnitKind

Name = Annotated[str, Field(min_length=1, max_length=100)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


_DAY = r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class PeriodEntry(_Entry):
    """A span of days, of each year (05-15) or of one (2027-03-03). 时段。"""

    name: Name
    calendar: Literal[Calendar.FLOOD_SEASON, Calendar.KEY_PERIOD]
    starts: Annotated[str, Field(pattern=_DAY)]
    ends: Annotated[str, Field(pattern=_DAY)]

    @model_validator(mode="after")
    def _both_of_one_kind(self) -> Self:
        if len(self.starts) != len(self.ends):
            raise ValueError("starts 和 ends 须都写年份，或都不写")
        if len(self.starts) > len("05-15") and self.starts > self.ends:
            raise ValueError("starts 须不晚于 ends")
        return self


class CountyEntry(_Entry):
    """county.yaml. 县情总表。"""

    id: Id
    name: Name
    duty_phone: Name
    secrecy_phone: Name
    profile: Id
    upward_profile: Id | None = None
    variables: dict[str, str] = {}
    periods: tuple[PeriodEntry, ...] = ()


class KindEntry(_Entry):
    """A kind of channel, of which addresses are made. 渠道种类。"""

    id: Id
    url: Name
    rings: bool = False
    room: bool = False


class RoomEntry(_Entry):
    """A group's bot. 群机器人。"""

    kind: Id
    key: Name


class UnitEntry(_Entry):
    """A unit. 单位。"""

    id: Id
    name: Name
    kind: UnitKind
    superior: Id | None = None
    rooms: tuple[RoomEntry, ...] = ()
    places: tuple[Name, ...] = ()


class PersonEntry(_Entry):
    """A person. 人员。"""

    id: Id
    name: Name
    unit: Id
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    title: str = ""
    mobile: Name
    channels: Annotated[tuple[Id, ...], Field(min_length=1)]


class RotationEntry(_Entry):
    """A rotation. 轮值。"""

    role: Role
    starts_on: date
    handover: time
    people: Annotated[tuple[Id, ...], Field(min_length=1)]
    shift_days: PositiveInt = 1


class SubstitutionEntry(_Entry):
    """A substitution. 替班。"""

    role: Role
    starts: AwareDatetime
    ends: AwareDatetime
    person: Id
    approved_by: Id


EntryT = TypeVar("EntryT", bound=_Entry)


@dataclass(frozen=True, slots=True)
class Row(Generic[EntryT]):
    """One entry and the way back to its lines."""

    entry: EntryT
    file: str
    path: tuple[Key, ...]
    locate: Locate

    def mistake(self, sentence: str, *keys: Key) -> Mistake:
        """Return a mistake at the entry, or at what the keys lead to in it."""
        return Mistake(self.file, self.locate((*self.path, *keys)), sentence)


@dataclass(frozen=True, slots=True)
class Table(Generic[EntryT]):
    """One list of a file: its good entries, its bad ones told in `mistakes`.

    `named` holds the ids of all entries, the bad ones too. `is_lost` is a list that could not
    be read at all. `begins` finds the line where the list begins.
    """

    file: str
    begins: Callable[[], int] = lambda: 1
    rows: tuple[Row[EntryT], ...] = ()
    named: frozenset[str] = frozenset()
    mistakes: tuple[Mistake, ...] = ()
    is_lost: bool = False

    @property
    def line(self) -> int:
        """The line where the list begins."""
        return self.begins()

    def may_have(self, name: str) -> bool:
        """Whoever names an entry that was told to be bad is not blamed for it too."""
        return self.is_lost or name in self.named


@dataclass(frozen=True, slots=True)
class File:
    """One file as plain data: `None` when it could not be read, as `mistakes` tells."""

    file: str
    data: Mapping[str, object] | None
    locate: Locate
    mistakes: tuple[Mistake, ...]

    def row(self, entry: type[EntryT]) -> Row[EntryT] | tuple[Mistake, ...]:
        """Return the whole file as one entry."""
        if self.data is None:
            return self.mistakes
        try:
            return Row(entry.model_validate(self.data), self.file, (), self.locate)
        except ValidationError as error:
            return mistakes_of(error, self.file, self.locate)

    def texts(self, key: str) -> Mapping[str, str] | None:
        """Return the texts under `key`, even if another line is bad; `None` if unreadable."""
        written = None if self.data is None else self.data.get(key, {})
        if not isinstance(written, dict):
            return None
        return {name: text for name, text in written.items() if isinstance(text, str)}

    def table(self, entry: type[EntryT], key: str) -> Table[EntryT]:
        """Return the list under `key`; one that is absent is empty."""
        if self.data is None:
            return Table(self.file, mistakes=self.mistakes, is_lost=True)
        written = self.data.get(key) or []

        def begins() -> int:
            return self.locate((key,))

        if not isinstance(written, list):
            wrong = Mistake(self.file, begins(), f"“{key}”须为列表，每项以“- ”开头")
            return Table(self.file, begins, mistakes=(*self.mistakes, wrong), is_lost=True)
        rows: list[Row[EntryT]] = []
        mistakes = list(self.mistakes)
        for number, each in enumerate(written):
            try:
                model = entry.model_validate(each)
                rows.append(Row(model, self.file, (key, number), self.locate))
            except ValidationError as error:
                mistakes += mistakes_of(error, self.file, self._within(key, number))
        return Table(
            file=self.file,
            begins=begins,
            rows=tuple(rows),
            named=frozenset(_ids(written)),
            mistakes=tuple(mistakes),
        )

    def _within(self, *path: Key) -> Locate:
        return lambda keys: self.locate((*path, *keys))


def open_file(path: Path, lists: tuple[str, ...] = ()) -> File:
    """Return the file, never raising for its contents.

    Args:
        path: a YAML file.
        lists: the lists it may hold; any other key is a mistake. Empty: not asked.
    """
    try:
        data, locate = read(path)
    except UnreadableError as error:
        return File(path.name, None, lambda _: 1, (error.mistake,))
    if not isinstance(data, dict):
        wrong = Mistake(path.name, 1, "文件须为“名称: 值”的形式")
        return File(path.name, None, locate, (wrong,))
    unknown = (key for key in data if lists and key not in lists)
    mistakes = (Mistake(path.name, locate((k,)), f"不认识“{k}”，请核对拼写") for k in unknown)
    return File(path.name, data, locate, tuple(mistakes))


def _ids(written: list[object]) -> Iterator[str]:
    return (str(each["id"]) for each in written if isinstance(each, dict) and "id" in each)
