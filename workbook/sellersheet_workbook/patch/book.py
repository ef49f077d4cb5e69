"""A workbook file edited in place: only the cells that change are written anew.

Every other part of the file is carried over as the bytes that it is. Text is written into
the cells themselves, so the shared strings stay as they are; a day goes as a number into a
cell whose format shows days and as text into any other; no format is ever added.

Where the book has formulas, Excel is asked to calculate all of them when it opens it. Until
then their saved results are the old ones, and LibreOffice shows those unless it is set to
recalculate on load or told to (Ctrl+Shift+F9). Pivot tables keep their copy of the data
until they are refreshed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet_workbook.patch import saving
from sellersheet_workbook.patch.areas import LAST_ROW, Area
from sellersheet_workbook.patch.arrays import (
    Repair,
    arrays_in,
    is_filled,
    occupied_in,
    reads,
    repaired,
    repairs,
)
from sellersheet_workbook.patch.filling import CellValues, Filling
from sellersheet_workbook.patch.header_rows import HeaderRow, header_rows, plain_table
from sellersheet_workbook.patch.package import Package
from sellersheet_workbook.patch.sheet import SheetName, SheetPart
from sellersheet_workbook.patch.sheet_index import KEY
from sellersheet_workbook.patch.table_part import (
    BookTable,
    added_headers,
    check_room,
    formula_columns,
    positions,
    read_table,
    resize,
    table_values,
    without_formulas,
)
from sellersheet_workbook.patch.workbook_part import GENERAL, WorkbookPart

Values: TypeAlias = "pd.Series[Any] | npt.NDArray[Any] | Sequence[Any]"


def open_book(path: str | os.PathLike[str]) -> EditableBook:
    """The .xlsx or .xlsm file at ``path``; an EditProblem or FileProblem if it can't be edited."""
    return EditableBook(Path(path))


class EditableBook:
    """Changes are kept in memory until ``save``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._package = Package(path)
        self._workbook = WorkbookPart(self._package)
        self._filling = Filling(self._package, self._workbook)
        self._sheet: SheetPart | None = None

    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets."""
        return tuple(sheet.name for sheet in self._workbook.sheets)

    def tables(self) -> tuple[BookTable, ...]:
        """The Excel tables that have a header row."""
        found = (
            read_table(self._package, link.target, sheet.name)
            for sheet in self._workbook.sheets
            for link in self._package.links(sheet.part).values()
            if link.kind == "table"
        )
        return tuple(table for table in found if table is not None)

    def header_rows(self, sheet: str) -> tuple[HeaderRow, ...]:
        """Rows at the top of a sheet that may head a table which is no Excel table."""
        return header_rows(self._package, self._loaded(sheet))

    def plain_table(self, sheet: str, header: HeaderRow) -> BookTable:
        """The rows under a header row, down to the last that has anything in its columns."""
        return plain_table(self._loaded(sheet), header)

    def read(self, table: BookTable) -> pd.DataFrame:
        """The table's values in the file on disk; a row for each of its rows."""
        return table_values(self.path, table).frame

    def set_columns(
        self,
        table: BookTable,
        columns: Mapping[str, Values],
        *,
        rows: Values | None = None,
        add_missing: bool = True,
        replace_formulas: bool = False,
        formats: Mapping[str, str] | None = None,
    ) -> BookTable:
        """Writes whole columns of a table as values; the table as it then is.

        A column is named by its header; one that the table lacks is added at its right end.
        ``rows`` says which rows are written, all others keep their cells. ``formats`` gives
        number formats wanted in added columns, used where the workbook already has them.
        """
        self._check_current(table)
        for header, values in columns.items():
            if len(values) != len(table):
                raise ValueError(f"{header}: {len(values)} values for {len(table)} rows")
        sheet = self._loaded(table.sheet)
        missing = [name for name in columns if name not in _stripped(table.headers)]
        if missing and not add_missing:
            raise sheet.problem("no_column", headers=missing)
        formulas = formula_columns(self._package, table)
        computed = {header for header in formulas if header.strip() in columns}
        if computed and not replace_formulas:
            raise sheet.problem("formula_column", header=min(computed))
        after = self._widened(sheet, table, missing)
        targets = []
        for header, at in positions(sheet, after, columns).items():
            column = after.area.left + at
            values = pd.Series(columns[header]).reset_index(drop=True)
            if rows is not None:
                values = values[np.asarray(rows, bool)]
            numbers = table.first_row + values.index.to_numpy()
            if header not in missing:
                targets.append(CellValues(column, numbers, values))
                continue
            top, right = table.area.top, table.area.right
            name, shown = pd.Series([header], dtype=object), (formats or {}).get(header, GENERAL)
            targets.append(CellValues(column, np.array([top]), name, (top, right)))
            targets.append(CellValues(column, numbers, values, (top + 1, right), shown))
        with self._whole_change():
            self._filling.fill(sheet, targets, formulas=replace_formulas)
            self.let_go()
            del sheet, targets
            if computed:
                part = str(table.part)
                self._package.replace(part, without_formulas(self._package, table, computed))
            resize(self._package, self._workbook, table, after)
        return after

    def formulas(self, table: BookTable, headers: Iterable[str]) -> int:
        """How many cells of these columns, below the header, hold a formula."""
        cells = self._loaded(table.sheet).index.cells
        known = [header.strip() for header in table.headers]
        columns = [table.area.left + known.index(name) for name in headers if name in known]
        rows = (cells.row >= table.first_row) & (cells.row <= table.last_row)
        here = cells.formula & rows & np.isin(cells.key % KEY, columns)
        return int(np.count_nonzero(here))

    def append_rows(self, table: BookTable, rows: pd.DataFrame) -> BookTable:
        """Adds rows right below a table, its columns named by their headers."""
        self._check_current(table)
        sheet = self._loaded(table.sheet)
        if table.totals:
            raise sheet.problem("totals", table=table.name)
        if rows.empty:
            return table
        area = table.area
        bottom = area.bottom + len(rows)
        check_room(sheet, self.tables(), Area(area.bottom + 1, area.left, bottom, area.right))
        numbers = np.arange(area.bottom + 1, bottom + 1)
        places = positions(sheet, table, rows.columns)
        like = area.bottom if len(table) else 0
        targets = [
            CellValues(area.left + at, numbers, rows[header], (like, area.left + at))
            for header, at in places.items()
        ]
        after = replace(table, area=Area(area.top, area.left, bottom, area.right))
        with self._whole_change():
            self._filling.fill(sheet, targets, formulas=False)
            resize(self._package, self._workbook, table, after)
        return after

    def append_lines(self, sheet: str, lines: Sequence[Sequence[Any]]) -> None:
        """Adds lines below the last filled row of a sheet, from column A on."""
        found = self._loaded(sheet)
        cells = found.index.cells
        last = int(cells.row[cells.filled].max(initial=0))
        if last + len(lines) > LAST_ROW:
            raise found.problem("no_room")
        numbers = np.arange(last + 1, last + 1 + len(lines))
        frame = pd.DataFrame([list(line) for line in lines], dtype=object)
        like = last if last > 1 else 0
        targets = [
            CellValues(at, numbers, frame[column], (like, at))
            for at, column in enumerate(frame.columns, 1)
        ]
        with self._whole_change():
            self._filling.fill(found, targets, formulas=False)

    def cut_arrays(self, names: Collection[str]) -> list[Repair]:
        """The array formulas of the sheets of these names that lack cells which are read."""
        return [
            repair
            for sheet in self._workbook.sheets
            if sheet.name in names
            for repair in self._repairs(sheet)
        ]

    def mend_array(self, repair: Repair) -> None:
        """Gives an array its range back."""
        part = self._workbook.sheet(repair.sheet).part
        data = repaired(self._package.read_xml(part), repair)
        with self._whole_change():
            self._package.replace(part, data)
            book = self._workbook.recalculated_on_load()
            self._package.replace(self._package.book_part, book)

    def _repairs(self, sheet: SheetName) -> list[Repair]:
        data = self._package.read_xml(sheet.part)
        arrays = arrays_in(data)
        parts = [self._package.book_part, *(other.part for other in self._workbook.sheets)]
        read = (
            place
            for part in parts
            if not all(map(is_filled, arrays))
            for place in reads(self._package.read_xml(part).decode(), sheet.name)
        )
        return repairs(sheet.name, arrays, read, occupied_in(data))

    def save(self, *, backup: bool = True) -> Path | None:
        """Puts the edited workbook in the place of the file; the path of the backup.

        None where nothing has changed or no backup is wanted. Whatever goes wrong, the old
        file is whole.
        """
        return saving.save(self._package, backup=backup)

    def let_go(self) -> None:
        """Forget the sheet that was looked at last: a large one takes much memory."""
        self._sheet = None

    def _loaded(self, name: str) -> SheetPart:
        """The sheet as it stands now; the last one asked for is kept."""
        if self._sheet is None or self._sheet.name != name:
            self._sheet = SheetPart(self._package, self._workbook.sheet(name))
        return self._sheet

    def _check_current(self, table: BookTable) -> None:
        if table.part and read_table(self._package, table.part, table.sheet) != table:
            raise ValueError(f"{table.name} has changed: use the table that was returned")

    @contextmanager
    def _whole_change(self) -> Iterator[None]:
        """A block that changes sheets, or fails and changes nothing."""
        try:
            with self._package.whole_change():
                yield
        finally:
            self._sheet = None

    def _widened(self, sheet: SheetPart, table: BookTable, headers: Sequence[str]) -> BookTable:
        """The table with room for more columns at its right end."""
        if not headers:
            return table
        if table.fed:
            raise sheet.problem("query_table", table=table.name)
        added = added_headers(sheet, table, headers)
        old = table.area
        right = Area(old.top, old.right + 1, old.bottom, old.right + len(added))
        check_room(sheet, self.tables(), right)
        area = Area(old.top, old.left, old.bottom, right.right)
        return replace(table, area=area, headers=table.headers + added)


def _stripped(headers: Sequence[str]) -> list[str]:
    return [header.strip() for header in headers]
