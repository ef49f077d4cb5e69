"""The tables of a live workbook, found and read as those of a file are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from sellersheet.columns import TABLES
from sellersheet.intake import layout
from sellersheet.intake.grid import SEARCHED, Above, Beside, Shown, column_of
from sellersheet.intake.vocabulary import meaning, parsed
from sellersheet.money import Ints
from sellersheet_workbook.files.sheet_xml import NOTHING, beside
from sellersheet_workbook.host.program import Cell, Program, Rows
from sellersheet_workbook.patch import BookTable, HeaderRow
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.patch.header_rows import SEARCHED_ROWS, header_row
from sellersheet_workbook.update.given import GivenTable

_FORMATTED: Final = ("money", "cost", "grams", "cm")


class LiveSheets:
    """What stands in the workbook; every block is read once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._values: dict[str, tuple[Area, Rows]] = {}
        self._sheets: tuple[str, ...] | None = None
        self._tables: tuple[BookTable, ...] | None = None

    def sheets(self) -> Sequence[str]:
        """The names of the worksheets."""
        if self._sheets is None:
            self._sheets = tuple(self._program.sheets())
        return self._sheets

    def tables(self) -> Sequence[BookTable]:
        """The Excel tables that have a header row."""
        if self._tables is None:
            found = []
            for item in self._program.tables():
                area = item.area
                header = self.cells(item.sheet, area._replace(bottom=area.top))[0]
                headers = tuple("" if cell is None else _text(cell) for cell in header)
                # Any part marks an Excel table; a live one has no part of a file.
                table = BookTable(item.name, item.sheet, area, headers, item.name, item.totals)
                found.append(table)
            self._tables = tuple(found)
        return self._tables

    def header_rows(self, sheet: str) -> Sequence[HeaderRow]:
        """The sheet's first 20 rows as far as they hold more than one text."""
        area, rows = self._whole(sheet)
        found = []
        for number, row in enumerate(rows[:SEARCHED_ROWS], area.top):
            cells = {at: cell for at, cell in enumerate(row, area.left) if cell is not None}
            texts = {at: _text(cell).strip() for at, cell in cells.items()}
            worded = {at for at, cell in cells.items() if isinstance(cell, str)}
            if header := header_row(number, texts, worded):
                found.append(header)
        return found

    def plain_table(self, sheet: str, header: HeaderRow) -> BookTable:
        """The header and the rows below, down to the last that has anything in its columns."""
        area = header.area
        whole, _ = self._whole(sheet)
        bottom = whole.bottom
        while bottom > area.top and self.blank(sheet, area._replace(top=bottom, bottom=bottom)):
            bottom -= 1
        return BookTable("", sheet, area._replace(bottom=max(bottom, area.top)), header.headers)

    def read(self, table: BookTable) -> pd.DataFrame:
        """The rows below the header under their headers, numbered as the user sees them."""
        rows = self.cells(table.sheet, table.area)[1 : 1 + len(table)]
        columns = zip(*rows, strict=True) if rows else [()] * len(table.headers)
        frame = pd.DataFrame({at: column_of(cells) for at, cells in enumerate(columns)})
        frame.columns = pd.Index(table.headers, dtype=object)
        frame.index = pd.RangeIndex(table.first_row, table.first_row + len(rows))
        return frame

    def beside(self, table: BookTable, name: GivenTable) -> Beside:
        """Merged areas, and what the number formats of its amounts and measures show: a currency,
        a unit, %."""
        kinds = {item.key: item.kind for item in TABLES[name]}
        shown: dict[int, list[Shown]] = {}
        for at, header in enumerate(table.headers):
            meant = meaning(parsed(header), name)
            if meant is None or kinds.get(meant.key) not in _FORMATTED:
                continue
            column = table.area.left + at
            place = Area(table.first_row, column, table.last_row, column)
            for part, code in self._program.shown_formats(table.sheet, place):
                found = beside(code)
                if found != NOTHING:
                    rows = self._numbers(table, part._replace(left=column, right=column))
                    shown.setdefault(at, []).append(Shown(rows, *found))
        top, left = table.area.top, table.area.left
        merged = [
            (item.top - top, item.left - left, item.bottom - top, item.right - left)
            for item in self._program.merged(table.sheet, table.area)
        ]
        return Beside(shown=shown, merged=merged, above=self._above(table))

    def _above(self, table: BookTable) -> Above:
        whole, _ = self._whole(table.sheet)
        last = table.area.top - 1
        part = whole._replace(top=max(whole.top, last - SEARCHED + 1), bottom=last)
        rows = self.cells(table.sheet, part) if part.top <= last else []
        return layout.above(rows, table.area.left - part.left, len(table.headers))

    def _numbers(self, table: BookTable, part: Area) -> Ints:
        """The rows of the part that hold a number: a format says nothing of texts and blanks."""
        top, bottom = max(part.top, table.first_row), min(part.bottom, table.last_row)
        cells = self.cells(table.sheet, part._replace(top=top, bottom=bottom))
        found = [at for at, (cell,) in enumerate(cells) if type(cell) in (int, float)]
        return np.array(found, dtype=np.int64) + (top - table.area.top)

    def blank(self, sheet: str, area: Area) -> bool:
        """Whether nothing stands in the area."""
        return not any(_filled(cell) for row in self.cells(sheet, area) for cell in row)

    def _whole(self, sheet: str) -> tuple[Area, Rows]:
        if sheet not in self._values:
            area = self._program.used(sheet)
            rows = self._program.values(sheet, area) if area else ()
            self._values[sheet] = (area or Area(1, 1, 1, 1), rows)
        return self._values[sheet]

    def cells(self, sheet: str, area: Area) -> list[list[Cell]]:
        """The cells of an area, None outside of what is used."""
        whole, rows = self._whole(sheet)
        width = area.size[1]
        blank: list[Cell] = [None] * width
        found = []
        for number in range(area.top, area.bottom + 1):
            at = number - whole.top
            if not 0 <= at < len(rows):
                found.append(blank)
                continue
            left = max(whole.left - area.left, 0)
            start = area.left - whole.left
            row = list(rows[at][max(start, 0) : max(start + width, 0)])
            found.append([*blank[:left], *row, *blank][:width])
        return found


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != ""


def _text(cell: Cell) -> str:
    """A header as it is shown."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
