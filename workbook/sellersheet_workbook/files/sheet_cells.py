"""The cells of workbooks as the libraries read them.

What stands here runs in the guarded child (``guarded``): it loads no more than the reader that a
file needs, and gives back nothing but plain values. A book stays open between two questions
about it, since a library reads a sheet as a whole even where its first rows alone are wanted.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sellersheet_workbook.files.file_kind import OLE, check_extent
from sellersheet_workbook.files.xlsx_parts import usually_named
from sellersheet_workbook.problems import FileProblem

Row = list[Any]


class SheetCells(NamedTuple):
    """The rows from the first of the sheet on; of an .xls also what stands beside them.

    ``merged`` are areas as (top, left, bottom, right), ``formats`` the rows of numbers by
    column and code of their number format.
    """

    rows: list[Row]
    merged: list[tuple[int, int, int, int]]
    formats: dict[tuple[int, str], array[int]]


def sheets(path: Path) -> list[tuple[str, bool]]:
    """The names of the worksheets, and which are visible: what a reading begins with."""
    _book.clear()  # the file may have changed since
    return _opened(path).sheets()


def top(path: Path, name: str, count: int) -> list[Row]:
    """The first rows of a sheet; none where it is blank."""
    return _opened(path).top(name, count)


def cells(path: Path, name: str) -> SheetCells:
    """All cells of a sheet, days and times as such."""
    return _opened(path).cells(name)


# The one that was asked about last, by its path.
_book: dict[Path, _Calamine | _Xlrd] = {}


def _opened(path: Path) -> _Calamine | _Xlrd:
    if path not in _book:
        _book.clear()
        with path.open("rb") as file:
            old = file.read(len(OLE)) == OLE
        # By what the file is and not by its name.
        _book[path] = _Xlrd(path) if old else _Calamine(path)
    return _book[path]


class _Calamine:
    """The sheets of a workbook that the fast reader reads: .xlsx, .xlsm, .ods."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineError, CalamineWorkbook

        self.path = path
        self._sheets: dict[str, Any] = {}
        with _panic("damaged", path=path):
            try:
                # Opened as a stream, it goes by its content: an .xlsx named .xls opens too.
                with path.open("rb") as file:
                    self._book = CalamineWorkbook.from_filelike(usually_named(path) or file)
            except CalamineError as error:
                locked = "password" in f"{type(error).__name__} {error}".lower()
                raise FileProblem("password" if locked else "damaged", path=path) from error

    def sheets(self) -> list[tuple[str, bool]]:
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        return [
            (item.name, item.visible == SheetVisibleEnum.Visible)
            for item in self._book.sheets_metadata
            if item.typ == SheetTypeEnum.WorkSheet
        ]

    def top(self, name: str, count: int) -> list[Row]:
        sheet = self._sheet(name)
        return [] if sheet.start is None else self._rows(name, count)

    def cells(self, name: str) -> SheetCells:
        sheet = self._sheet(name)
        if sheet.start is None:
            return SheetCells([], [], {})
        rows = self._rows(name, None)
        above, left = sheet.start
        if left:
            rows = [[""] * left + row for row in rows]
        return SheetCells([*([[]] * above), *rows], [], {})

    def _sheet(self, name: str) -> Any:
        from python_calamine import CalamineError

        if name not in self._sheets:
            check_extent(self.path, name)
            with _panic("damaged", path=self.path):
                try:
                    self._sheets[name] = self._book.get_sheet_by_name(name)
                except CalamineError as error:
                    raise FileProblem("damaged", path=self.path) from error
        return self._sheets[name]

    def _rows(self, name: str, most: int | None) -> list[Row]:
        # The reader gives up so where a cell shown as a day holds a number far too large.
        with _panic("day_out_of_range", path=self.path, sheet=name):
            rows: list[Row] = self._sheet(name).to_python(skip_empty_area=True, nrows=most)
        return rows


@contextmanager
def _panic(code: str, **fields: Any) -> Iterator[None]:
    """A reader written in Rust that gives up is a FileProblem of this code."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise FileProblem(code, **fields) from None
        raise


class _Xlrd:
    """The sheets of an .xls file; each is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        import xlrd

        self.path = path
        self._cells: dict[str, SheetCells] = {}
        try:
            # A file that lies about itself is told in many ways, none of them documented.
            # Of its content: an open file could not be replaced on Windows.
            self._book = xlrd.open_workbook(
                file_contents=path.read_bytes(),
                formatting_info=True,
                on_demand=True,
                logfile=_Silent(),
            )
        except OSError:
            raise
        except Exception as error:
            locked = "encrypted" in str(error).lower()
            raise FileProblem("password" if locked else "damaged", path=path) from error

    def sheets(self) -> list[tuple[str, bool]]:
        visible = self._book._sheet_visibility
        return [(name, visible[at] == 0) for at, name in enumerate(self._book.sheet_names())]

    def top(self, name: str, count: int) -> list[Row]:
        return self.cells(name).rows[:count]

    def cells(self, name: str) -> SheetCells:
        if name not in self._cells:
            try:
                self._cells[name] = self._read(name)
            except Exception as error:
                raise FileProblem("damaged", path=self.path) from error
        return self._cells[name]

    def _read(self, name: str) -> SheetCells:
        sheet = self._book.sheet_by_name(name)
        known = _kinds(self._book.datemode)
        rows = [
            [known[kind](value) if kind in known else value for kind, value in
             zip(sheet.row_types(at), sheet.row_values(at), strict=True)]
            for at in range(sheet.nrows)
        ]  # fmt: skip
        merged = [(t, left, b - 1, r - 1) for t, b, left, r in sheet.merged_cells]
        return SheetCells(rows, merged, self._formats(sheet))

    def _formats(self, sheet: Any) -> dict[tuple[int, str], array[int]]:
        import xlrd

        codes = [self._book.format_map.get(style.format_key) for style in self._book.xf_list]
        meant = {at: code.format_str for at, code in enumerate(codes) if code is not None}
        plain = {at for at, code in meant.items() if code == "General"}
        found: dict[tuple[int, str], array[int]] = {}
        for at in range(sheet.nrows):
            for column, style in enumerate(sheet._cell_xf_indexes[at]):
                if style not in meant or style in plain:
                    continue
                if sheet.cell_type(at, column) == xlrd.XL_CELL_NUMBER:
                    found.setdefault((column, meant[style]), array("q")).append(at)
        return found


def _kinds(datemode: int) -> dict[int, Callable[[Any], Any]]:
    """What becomes of a cell's value by its kind; others stay as they are."""
    import xlrd

    def day(value: float) -> Any:
        try:
            found: dt.datetime = xlrd.xldate_as_datetime(value, datemode)
        except (ValueError, OverflowError):
            return value
        return found.date() if found.time() == dt.time() else found

    return {
        xlrd.XL_CELL_EMPTY: lambda _: "",
        xlrd.XL_CELL_BLANK: lambda _: "",
        xlrd.XL_CELL_BOOLEAN: bool,
        xlrd.XL_CELL_ERROR: lambda code: xlrd.error_text_from_code.get(code, "#VALUE!"),
        xlrd.XL_CELL_DATE: day,
    }


class _Silent:
    """What the reader says to itself is of no use to a seller."""

    def write(self, text: str) -> int:
        return len(text)
