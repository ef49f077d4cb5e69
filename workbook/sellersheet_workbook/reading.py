"""Reading a table from a file as it stands there: no cell is understood or changed."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, WorksheetNotFound

from sellersheet_workbook.file_kind import PARQUETS, TEXTS, check_kind
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.sheet_xml import declared_end, error_cells, merged_cells
from sellersheet_workbook.text_table import MOST_COLUMNS, TEXT, read_text_table

ORDER_SHEETS: Final = ("订单", "orders")
_MOST_CELLS: Final = 200_000_000
_INTEGERS: Final = {
    kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint32())
}
_DTYPES: Final = {**_INTEGERS, pa.string(): TEXT, pa.large_string(): TEXT}


@dataclass(frozen=True, slots=True)
class Read:
    """A table and where it stood.

    Row ``i`` of ``frame`` is row ``first_row + i`` of the sheet, counted from 1 as Excel
    does. Headers are kept, also empty (``""``) and repeated ones. ``ragged`` names the rows
    of a text file whose cells beyond the header were dropped. ``merged`` counts the cells
    that took the value of the merged cell they belong to.
    """

    frame: pd.DataFrame
    sheet: str | None = None
    encoding: str | None = None
    first_row: int = 2
    ragged: tuple[int, ...] = ()
    merged: int = 0


def read_frame(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    fill_merged: bool = False,
) -> Read:
    """The table of a .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .ods or .parquet file.

    Cells of text files are all text; cells of workbooks keep their types and an error
    cell is its code, like ``#N/A``; a blank cell is missing. Without ``sheet`` it is the
    sheet named 订单 or Orders, else the first that is not empty. Without ``encoding`` it
    is found out. With ``fill_merged`` a cell of an .xlsx that was merged downwards stands
    in each of its rows. What can't be read is a FileProblem.
    """
    file = Path(path)
    try:
        read = _read(file, sheet, encoding, fill_merged=fill_merged)
    except FileNotFoundError as error:
        raise FileProblem("missing", path=file) from error
    except PermissionError as error:
        raise FileProblem("no_permission", path=file) from error
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise FileProblem("unreadable", path=file, detail=detail) from error
    frame = _trimmed(read.frame)
    if frame.empty:
        raise FileProblem("only_header", path=file)
    return replace(read, frame=frame)


def sheet_names(path: str | os.PathLike[str]) -> list[str]:
    """The names of a workbook's sheets."""
    file = Path(path)
    check_kind(file)
    return list(open_workbook(file).sheet_names)


def _read(path: Path, sheet: str | None, encoding: str | None, *, fill_merged: bool) -> Read:
    check_kind(path)
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        table = read_text_table(path, encoding)
        return Read(table.frame, None, table.encoding, table.first_row, table.ragged)
    if suffix in PARQUETS:
        return Read(_parquet(path))
    try:
        return _workbook(path, sheet, fill_merged=fill_merged)
    except (CalamineError, zipfile.BadZipFile, ParseError) as error:
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


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook, whatever its extension says."""
    try:
        # Opened as a stream, it goes by its content: an .xlsx named .xls opens too.
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)
    except CalamineError as error:
        locked = "password" in f"{type(error).__name__} {error}".lower()
        raise FileProblem("password" if locked else "damaged", path=path) from error


def _workbook(path: Path, wanted: str | None, *, fill_merged: bool) -> Read:
    book = open_workbook(path)
    sheet = _sheet(path, book, wanted)
    if sheet.start is None:
        raise FileProblem("no_filled_sheet", path=path, sheets=sheet.name)
    top, left = sheet.start
    rows = sheet_rows(path, sheet)
    width = len(rows[0])
    if width > MOST_COLUMNS:
        raise FileProblem("too_wide", path=path, columns=f"{width:,}")
    if zipfile.is_zipfile(path):
        for row, column, code in error_cells(path, sheet.name):
            if 0 <= row - top < len(rows) and 0 <= column - left < width:
                rows[row - top][column - left] = code
    merged = _fill_merged(rows, path, sheet, (top, left)) if fill_merged else 0
    header = [_header(cell) for cell in rows[0]]
    columns: list[Sequence[Any]] = list(zip(*rows[1:], strict=True)) or [()] * width
    frame = pd.DataFrame({at: cell_column(cells) for at, cells in enumerate(columns)})
    frame.columns = pd.Index(header, dtype=object)
    return Read(frame, sheet.name, None, top + 2, merged=merged)


def sheet_rows(path: Path, sheet: CalamineSheet, *, whole: bool = False) -> list[list[Any]]:
    """The cells of a sheet; ``whole`` from its first cell on, also where that is empty."""
    try:
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=not whole)
    except CalamineError as error:
        raise FileProblem("damaged", path=path) from error
    except BaseException as error:
        # The reader gives up so where a cell shown as a day holds a number far too large.
        if type(error).__name__ == "PanicException":
            raise FileProblem("day_out_of_range", path=path, sheet=sheet.name) from None
        raise
    return rows


def _fill_merged(
    rows: list[list[Any]], path: Path, sheet: CalamineSheet, corner: tuple[int, int]
) -> int:
    """Merged cells repeated in the rows below their first, where there is something in them."""
    if not zipfile.is_zipfile(path):
        return 0
    filled = 0
    for first, at, last in merged_cells(path, sheet.name):
        top, column = first - corner[0], at - corner[1]
        if not (0 <= top < len(rows) and 0 <= column < len(rows[0])) or rows[top][column] == "":
            continue
        for row in rows[top + 1 : last - corner[0] + 1]:
            row[column] = rows[top][column]
            filled += 1
    return filled


def _sheet(path: Path, book: CalamineWorkbook, wanted: str | None) -> CalamineSheet:
    """The sheet asked for, else the orders, else the first that is not empty."""
    names = list(book.sheet_names)
    shown = "、".join(names)
    if wanted is not None:
        by_name = {name.strip().casefold(): name for name in names}
        name = by_name.get(wanted.strip().casefold())
        if name is None:
            raise FileProblem("no_sheet", path=path, sheet=wanted, sheets=shown)
        return _load(path, book, name)
    orders = [name for name in names if name.strip().casefold() in ORDER_SHEETS]
    for name in (*orders, *names):
        try:
            sheet = _load(path, book, name)
        except (WorksheetNotFound, CalamineError):
            if name == names[-1]:
                raise
            continue  # a chart sheet
        if sheet.start is not None:
            return sheet
    raise FileProblem("no_filled_sheet", path=path, sheets=shown)


def _load(path: Path, book: CalamineWorkbook, name: str) -> CalamineSheet:
    """The sheet; a FileProblem before opening one whose cells would fill the memory."""
    end = declared_end(path, name) if zipfile.is_zipfile(path) else None
    if end and end[0] * end[1] > _MOST_CELLS:
        area = f"{end[0]:,} × {end[1]:,}"
        raise FileProblem("stray_cells", path=path, sheet=name, area=area)
    return book.get_sheet_by_name(name)


def _header(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def cell_column(cells: Sequence[Any]) -> pd.Series[Any]:
    """A column of one type where all its cells are of one, else of objects."""
    values = [None if cell == "" else cell for cell in cells]
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {float}:
        return pd.Series(np.array(values, dtype=np.float64))
    if kinds <= {str}:
        return pd.Series(pa.array(values, pa.string()), dtype=TEXT)
    if kinds <= {dt.date, dt.datetime}:
        return pd.Series(np.array(values, dtype="datetime64[us]"))
    return pd.Series(values, dtype=object)


def _trimmed(frame: pd.DataFrame) -> pd.DataFrame:
    """Without blank rows at the end and without blank columns that have no header."""
    rows = len(frame)
    while rows and frame.iloc[rows - 1].isna().all():
        rows -= 1
    frame = frame.iloc[:rows]
    keep = [
        bool(str(name).strip()) or bool(frame.iloc[:, at].notna().any())
        for at, name in enumerate(frame.columns)
    ]
    return frame if all(keep) else frame.loc[:, keep]
