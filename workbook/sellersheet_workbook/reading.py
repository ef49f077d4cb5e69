"""Reading a table from a file as it stands there: no cell is understood or changed."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sellersheet.intake import layout
from sellersheet.intake.grid import SEARCHED, TEXT, Beside, Grid, grid_of_frame, grid_of_rows
from sellersheet.intake.headers import MOST_COLUMNS, holds, score
from sellersheet.intake.vocabulary import header_text
from sellersheet_workbook.file_kind import OLE, PARQUETS, TEXTS, check_kind
from sellersheet_workbook.ods_xml import ods_facts
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.sheet_xml import SheetFacts, declared_end, sheet_facts, usually_named
from sellersheet_workbook.text_table import read_text_grid
from sellersheet_workbook.xls_book import XlsBook

# What the sheet of a table is usually called, as its name is compared.
SHEETS: Final = {
    "orders": ("订单", "orders"),
    "bill": ("账单", "费用账单", "账单明细", "bill"),
    "rates": ("费率", "rates"),
}
# How the readers say that a file is not what it should be.
_DAMAGE: Final = (
    *(CalamineError, zipfile.BadZipFile, zlib.error, ParseError, EOFError),
    *(NotImplementedError, UnicodeDecodeError, KeyError),
)
_MOST_CELLS: Final = 200_000_000
_INTEGERS: Final = {
    kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint32())
}
_DTYPES: Final = {
    **_INTEGERS, pa.bool_(): pd.BooleanDtype(), pa.string(): TEXT, pa.large_string(): TEXT,
}  # fmt: skip


def read_grid(
    path: str | os.PathLike[str],
    table: str = "orders",
    *,
    sheet: str | None = None,
    encoding: str | None = None,
) -> Grid:
    """The cells of a .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .ods or .parquet file as they stand.

    Cells of text files are all text; cells of workbooks keep their types and an error
    cell is its code, like ``#N/A``; a blank cell is missing. Without ``sheet`` it is the
    sheet of the table's usual name, else the first visible one that holds such a table, else
    the first that is not empty; the others that hold one are named in the grid. Without
    ``encoding`` it is found out. What can't be read is a FileProblem.
    """
    return read_grids(path, table, sheets=(sheet,) if sheet else (), encoding=encoding)[0]


def read_grids(
    path: str | os.PathLike[str],
    table: str = "orders",
    *,
    sheets: Sequence[str] = (),
    encoding: str | None = None,
) -> list[Grid]:
    """The same for several sheets: those named, or with ``*`` all that hold such a table."""
    file = Path(path)
    try:
        found = _read(file, table, tuple(sheets), encoding)
    except FileNotFoundError as error:
        raise FileProblem("missing", path=file) from error
    except PermissionError as error:
        raise FileProblem("no_permission", path=file) from error
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise FileProblem("unreadable", path=file, detail=detail) from error
    for grid in found:
        if not any(any(header_text(cell) for cell in row) for row in grid.top):
            raise FileProblem("empty", path=file)
        filled = sum(any(header_text(cell) for cell in row) for row in grid.top)
        if filled == 1 and len(grid.top) < SEARCHED:
            raise FileProblem("only_header", path=file)
    return found


def sheet_names(path: str | os.PathLike[str]) -> list[str]:
    """The names of a workbook's sheets."""
    file = Path(path)
    check_kind(file)
    return [name for name, _ in open_sheets(file).sheets]


def _read(path: Path, table: str, sheets: tuple[str, ...], encoding: str | None) -> list[Grid]:
    check_kind(path)
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        return [read_text_grid(path, encoding)]
    if suffix in PARQUETS:
        return [grid_of_frame(_parquet(path))]
    try:
        return _workbook(path, table, sheets)
    except _DAMAGE as error:
        raise FileProblem("damaged", path=path) from error


def _parquet(path: Path) -> pd.DataFrame:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None):  # the system's own word, not that of the file's pages
            raise
        raise FileProblem("damaged", path=path) from error
    return arrow_frame(table)


def arrow_frame(table: pa.Table) -> pd.DataFrame:
    """A table of a Parquet file as a frame, its cells as they are."""
    table = table.replace_schema_metadata(None)
    for at, field in enumerate(table.schema):
        plain = field.type
        if pa.types.is_dictionary(plain):
            plain = plain.value_type
        if pa.types.is_decimal(plain):
            plain = pa.float64()
        if pa.types.is_date(plain):
            plain = pa.timestamp("ms")
        if plain != field.type:
            table = table.set_column(at, field.name, table.column(at).cast(plain))
    frame: pd.DataFrame = table.to_pandas(types_mapper=_DTYPES.get)
    return frame


class _Calamine:
    """The sheets of a workbook that the fast reader reads: .xlsx, .xlsm, .ods."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zipped = zipfile.is_zipfile(path)
        try:
            # Opened as a stream, it goes by its content: an .xlsx named .xls opens too.
            with path.open("rb") as file:
                self._book = CalamineWorkbook.from_filelike(usually_named(path) or file)
        except CalamineError as error:
            locked = "password" in f"{type(error).__name__} {error}".lower()
            raise FileProblem("password" if locked else "damaged", path=path) from error

    @property
    def sheets(self) -> list[tuple[str, bool]]:
        """The names of the worksheets, and which are visible."""
        return [
            (item.name, item.visible == SheetVisibleEnum.Visible)
            for item in self._book.sheets_metadata
            if item.typ == SheetTypeEnum.WorkSheet
        ]

    def top(self, name: str) -> list[list[Any]]:
        """The first rows of a sheet; none where it is blank."""
        sheet = self._sheet(name)
        return [] if sheet.start is None else self._cells(sheet, name, SEARCHED)

    def rows(self, name: str) -> tuple[list[list[Any]], SheetFacts]:
        """All cells from the first that holds anything on, and what stands beside them."""
        sheet = self._sheet(name)
        if sheet.start is None:
            return [], SheetFacts()
        rows = self._cells(sheet, name, None)
        facts = SheetFacts()
        if self._zipped:
            facts = (ods_facts if _is_ods(self.path) else sheet_facts)(self.path, name)
        top, left = sheet.start
        if left:
            rows = [[""] * left + row for row in rows]
        return [*([[]] * top), *rows], facts

    def _sheet(self, name: str) -> CalamineSheet:
        """The sheet; a FileProblem before opening one whose cells would fill the memory."""
        end = declared_end(self.path, name) if self._zipped else None
        if end and end[0] * end[1] > _MOST_CELLS:
            area = f"{end[0]:,} × {end[1]:,}"
            raise FileProblem("stray_cells", path=self.path, sheet=name, area=area)
        return self._book.get_sheet_by_name(name)

    def _cells(self, sheet: CalamineSheet, name: str, most: int | None) -> list[list[Any]]:
        try:
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=True, nrows=most)
        except CalamineError as error:
            raise FileProblem("damaged", path=self.path) from error
        except BaseException as error:
            # The reader gives up so where a cell shown as a day holds a number far too large.
            if type(error).__name__ == "PanicException":
                raise FileProblem("day_out_of_range", path=self.path, sheet=name) from None
            raise
        return rows


def _is_ods(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "content.xml" in archive.namelist()


def open_sheets(path: Path) -> _Calamine | XlsBook:
    """The workbook's sheets, by what the file is and not by its name."""
    with path.open("rb") as file:
        old = file.read(len(OLE)) == OLE
    return XlsBook(path) if old else _Calamine(path)


def _workbook(path: Path, table: str, wanted: tuple[str, ...]) -> list[Grid]:
    book = open_sheets(path)
    known = [name for name, _ in book.sheets]
    if wanted and wanted != ("*",):
        names = [_named(path, known, name) for name in wanted]
        return [_grid(path, book, name, ()) for name in names]
    usual = [name for name in known if name.strip().casefold() in SHEETS.get(table, ())]
    held = _holding(book, table)
    if wanted:
        return [_grid(path, book, name, ()) for name in held or known[:1]]
    visible = [name for name, shown in book.sheets if shown]
    for name in (*held, *usual, *visible, *known):
        if book.top(name):
            others = [other for other in (held or known) if other != name]
            return [_grid(path, book, name, others)]
    raise FileProblem("no_filled_sheet", path=path, sheets="、".join(known))


def _holding(book: _Calamine | XlsBook, table: str) -> list[str]:
    """The visible sheets that hold such a table, the one of its usual name first."""
    usual = SHEETS.get(table, ())
    found = []
    for name, visible in book.sheets:
        if not visible:
            continue
        grid = grid_of_rows(book.top(name))
        at = layout.find(grid, lambda labels: score(labels, table)) if grid.top else None
        if at is not None and holds(at.labels, table):
            found.append(name)
    return sorted(found, key=lambda name: name.strip().casefold() not in usual)


def _named(path: Path, names: Sequence[str], wanted: str) -> str:
    by_name = {name.strip().casefold(): name for name in names}
    name = by_name.get(wanted.strip().casefold())
    if name is None:
        raise FileProblem("no_sheet", path=path, sheet=wanted, sheets="、".join(names))
    return name


def _grid(path: Path, book: _Calamine | XlsBook, name: str, others: Sequence[str]) -> Grid:
    rows, facts = book.rows(name)
    width = max(map(len, rows), default=0)
    if width > MOST_COLUMNS:
        raise FileProblem("too_wide", path=path, columns=f"{width:,}")
    for row, column, code in facts.errors:
        if row < len(rows) and column < MOST_COLUMNS:
            line = rows[row] = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
            line[column] = code
        elif row < len(rows) + SEARCHED and column < MOST_COLUMNS:
            rows += [[] for _ in range(row - len(rows))]
            rows.append([*[""] * column, code])
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise FileProblem("no_filled_sheet", path=path, sheets=name)
    beside = Beside(facts.uncached, facts.shown, facts.merged, facts.totals)
    return grid_of_rows(rows, beside=beside, sheet=name, others=tuple(others))
