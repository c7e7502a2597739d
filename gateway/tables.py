"""A table to take away: CSV and XLSX, in which no cell can be a formula. 导出表格。"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from vocabulary.china_time import BEIJING

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the system's own code page
_INSTANT_SHOWN = "yyyy-mm-dd hh:mm:ss"
_LENGTH_SHOWN = "[h]:mm:ss"
_CELL_MAX = 32_767  # letters in one cell, as Excel takes them
_CUT = f"……（Excel 一格至多 {_CELL_MAX} 字，以下从略，全文见 CSV）"
_WIDTH = 18

Cell = str | int | float | datetime | timedelta | None


@dataclass(frozen=True)
class TakenAway:
    """One table, and beside it what proves it: pairs of a name and what it says. 导出件。"""

    name: str
    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    proof: Sequence[tuple[str, Cell]]


def wanted(request: Request) -> str | None:
    """Return `CSV` or `XLSX` where the caller asks for a table, else None."""
    accepted = request.headers.get("accept", "")
    return next((kind for kind in (XLSX, CSV) if kind in accepted), None)


def answer(table: TakenAway, kind: str) -> Response:
    """Return the table as a file of that kind."""
    if kind == XLSX:
        content, ending, written = as_xlsx(table), "xlsx", XLSX
    else:
        content, ending, written = as_csv(table).encode(), "csv", "text/csv; charset=utf-8"
    headers = {"content-disposition": f'attachment; filename="{table.name}.{ending}"'}
    return Response(content, media_type=written, headers=headers)


def as_csv(table: TakenAway) -> str:
    """Return the table as Excel opens it in Chinese; its last lines are the proof."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow([harmless(_written(cell)) for cell in row])
    for name, told in table.proof:
        writer.writerow([f"#{name}", harmless(_written(told))])
    return _BYTE_ORDER_MARK + sheet.getvalue()


def as_xlsx(table: TakenAway) -> bytes:
    """Return the table as a workbook: instants are dates, lengths are lengths, text is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title)
    sheet.freeze_panes = "B2"
    for number in range(len(table.headings)):
        sheet.column_dimensions[_letters(number)].width = _WIDTH
    sheet.append([_cell(sheet, heading, is_bold=True) for heading in table.headings])
    for row in table.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    proof = book.create_sheet("校验")
    proof.column_dimensions["B"].width = 4 * _WIDTH
    for name, told in table.proof:
        proof.append([_cell(proof, name, is_bold=True), _cell(proof, told)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and never runs: a formula gets a quote before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
        case _:
            return str(cell)


def _cell(sheet: Any, told: Cell, *, is_bold: bool = False) -> Any:
    match told:
        case datetime():  # a spreadsheet knows no zones: it is Beijing's
            made = WriteOnlyCell(sheet, told.astimezone(BEIJING).replace(tzinfo=None))
            made.number_format = _INSTANT_SHOWN
        case timedelta():
            made = WriteOnlyCell(sheet, told)
            made.number_format = _LENGTH_SHOWN
        case str():
            made = WriteOnlyCell(sheet, _fitting(ILLEGAL_CHARACTERS_RE.sub("", told)))
            made.data_type = "s"  # what begins with = is text too
        case _:
            made = WriteOnlyCell(sheet, told)
    if is_bold:
        made.font = Font(bold=True)
    return made


def _fitting(text: str) -> str:
    """Return what a cell of a workbook takes; where that is not all of it, its end says so."""
    return text if len(text) <= _CELL_MAX else text[: _CELL_MAX - len(_CUT)] + _CUT


def _letters(number: int) -> str:
    """Return a column's name: A to Z, then AA."""
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)
