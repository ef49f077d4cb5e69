"""Reading a table from a file as it stands there: no cell is understood or changed."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from sellersheet.intake import layout
from sellersheet.intake.grid import SEARCHED, Beside, Grid, grid_of_frame, grid_of_rows
from sellersheet.intake.headers import MOST_COLUMNS, holds, score
from sellersheet.intake.vocabulary import header_text
from sellersheet_workbook.files.file_kind import PARQUETS, TEXTS, check_kind, opening, unpacked_mb
from sellersheet_workbook.files.guarded import guarded_read
from sellersheet_workbook.files.ods_xml import ods_facts
from sellersheet_workbook.files.parquet_table import read_parquet
from sellersheet_workbook.files.sheet_cells import SheetCells
from sellersheet_workbook.files.sheet_xml import SheetFacts, sheet_facts, shown_by
from sellersheet_workbook.files.text_table import read_text_grid
from sellersheet_workbook.problems import FileProblem

# What the sheet of a table is usually called, as its name is compared.
SHEETS: Final = {
    "orders": ("订单", "orders"),
    "bill": ("账单", "费用账单", "账单明细", "bill"),
    "rates": ("费率", "rates"),
}
# How what reads the parts of a workbook says that they are not what they should be.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, ParseError, EOFError, NotImplementedError),
    *(ValueError, LookupError, OverflowError, RecursionError, struct.error),
)
_CELLS: Final = "sellersheet_workbook.files.sheet_cells"
# What the reader may take at least, and for each MB that the file unpacks to.
_SECONDS, _SECONDS_PER_MB = 8.0, 1.0
_MEGABYTES, _MEGABYTES_PER_MB = 768, 16


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
    with opening(file):
        found = _read(file, table, tuple(sheets), encoding)
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
    return [name for name, _ in Sheets(file).sheets]


def _read(path: Path, table: str, sheets: tuple[str, ...], encoding: str | None) -> list[Grid]:
    check_kind(path)
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        return [read_text_grid(path, encoding)]
    if suffix in PARQUETS:
        return [grid_of_frame(read_parquet(path))]
    with damage_told(path):
        return _workbook(path, table, sheets)


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """What the parts of a workbook raise where they are not what they should be: a FileProblem."""
    try:
        yield
    except _DAMAGE as error:
        raise FileProblem("damaged", path=path) from error


class Sheets:
    """The sheets of a workbook, of which the cells are read by a guarded child."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zipped = zipfile.is_zipfile(path)
        self._ods = _facts_of_ods(path) if self._zipped else None
        self.sheets: list[tuple[str, bool]] = self._ask("sheets")

    def top(self, name: str) -> list[list[Any]]:
        """The first rows of a sheet; none where it is blank."""
        rows: list[list[Any]] = self._ask("top", name, SEARCHED)
        return rows

    def rows(self, name: str) -> tuple[list[list[Any]], SheetFacts]:
        """All cells from the first row and column on, and what stands beside them."""
        found: SheetCells = self._ask("cells", name)
        if self._ods is not None:
            return found.rows, self._ods.get(name, SheetFacts())
        if self._zipped:
            with damage_told(self.path):
                return found.rows, sheet_facts(self.path, name)
        return found.rows, SheetFacts(merged=found.merged, shown=shown_by(found.formats))

    def _ask(self, question: str, *given: Any) -> Any:
        size = unpacked_mb(self.path)
        return guarded_read(
            f"{_CELLS}:{question}", self.path, *given,
            seconds=_SECONDS + _SECONDS_PER_MB * size,
            megabytes=int(_MEGABYTES + _MEGABYTES_PER_MB * size),
        )  # fmt: skip


def _facts_of_ods(path: Path) -> dict[str, SheetFacts] | None:
    """None of any other file."""
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist():
            return None
    return ods_facts(path)


def _workbook(path: Path, table: str, wanted: tuple[str, ...]) -> list[Grid]:
    book = Sheets(path)
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
    raise FileProblem("no_filled_sheet", path=path, sheets=list(known))


def _holding(book: Sheets, table: str) -> list[str]:
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
        raise FileProblem("no_sheet", path=path, sheet=wanted, sheets=list(names))
    return name


def _grid(path: Path, book: Sheets, name: str, others: Sequence[str]) -> Grid:
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
