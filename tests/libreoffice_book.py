"""One workbook with every worksheet function in every place a cell has for it.

Written by XlsxWriter with plain function names, as a workbook from Excel has them. Each
function has a sheet of its own: its arguments in a table, the formulas below.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sellersheet import functions
from sellersheet.functions.registry import FUNCTIONS
from sellersheet_addin.libreoffice.worker import cells_of
from tests.excel_cases import EVERY, ROW_FUNCTIONS, SCALARS, column
from tests.libreoffice import Cell

PLACES = (
    *("cells", "omitted", "range", "sum", "index", "iferror", "iferror_failing"),
    *("sumproduct", "table_row", "table_column", "defined_name"),
)
_FIRST = 10  # the row of the first formula
_APART = 40  # rows between formulas: more than the longest table has
_BLOCKS = 30  # the column where arguments that are blocks begin


@dataclass(frozen=True)
class Placed:
    """A formula in cells of its function's sheet, with what they must show."""

    address: str
    formula: str
    shown: list[list[Any]]


@dataclass(frozen=True)
class Error:
    """An error of LibreOffice."""

    number: int


def written(path: Path) -> dict[tuple[str, str], Placed]:
    """Writes the workbook; what it holds by function and place."""
    found = {}
    with xlsxwriter.Workbook(path) as book:
        for name in FUNCTIONS:
            for place, placed in _Sheet(book, name).filled():
                found[name, place] = placed
    return found


def as_shown(result: Any) -> list[list[Any]]:
    """What cells show of a function's result."""
    block = cells_of(result)
    rows = block if isinstance(block, list) else [[block]]
    return [[_error_or_value(cell) for cell in row] for row in rows]


def seen(rows: list[list[Cell]]) -> list[list[Any]]:
    """Cells of LibreOffice in the same form; an empty text is no different from nothing."""
    return [
        [Error(cell.error) if cell.error else cell.value if cell.text else "" for cell in row]
        for row in rows
    ]


def _error_or_value(cell: Any) -> Any:
    if isinstance(cell, float) and cell != cell:
        return Error(struct.unpack("<Q", struct.pack("<d", cell))[0] & 0xFFFFFFFF)
    return cell


class _Sheet:
    """The sheet of one function."""

    def __init__(self, book: Any, name: str) -> None:
        self._name = name
        self._sheet = book.add_worksheet(name)
        self._arguments = EVERY[name]
        self._keys = [item.name for item in FUNCTIONS[name].arguments][: len(self._arguments)]
        self._by_row = name in ROW_FUNCTIONS
        self._single = SCALARS.get(name, set())
        self._places = [self._write_argument(at) for at in range(len(self._arguments))]
        for at, key in enumerate(self._keys):
            where = self._places[at] if self._is_block(at) else self._rows_of(at)
            book.define_name(f"{name}_{key}", f"={name}!{where}")
        columns = [{"header": key} for key in self._keys]
        columns.append({"header": "result", "formula": self._call(self._this_row())})
        data = [[None if self._is_block(at) else cell for at, cell in enumerate(self._arguments)]]
        width = len(self._keys)
        self._sheet.add_table(
            0, 0, 2, width, {"name": f"T_{name}", "columns": columns, "data": data * 2}
        )

    def filled(self) -> Iterator[tuple[str, Placed]]:
        """Writes a formula a place."""
        whole = self._over_ranges()
        total = float(sum(c for row in whole for c in row if isinstance(c, float)))
        first = as_shown(self._answer(self._arguments))
        call, ranges = self._call(self._places), self._call(self._ranges())
        optional = len(FUNCTIONS[self._name].arguments) - len(self._keys)
        omitted = f"{call[:-1]}{',' * optional})"
        failing = self._call(["NA()", *self._places[1:]])
        names = self._call([f"{self._name}_{key}" for key in self._keys])
        structured = self._call(self._table_columns())
        lines = [
            ("cells", call, first),
            ("omitted", omitted, first),
            ("range", ranges, whole),
            ("sum", f"=SUM({ranges[1:]})", [[total]]),
            ("index", f"=INDEX({ranges[1:]},{len(whole)},1)", [whole[-1][:1]]),
            ("iferror", f'=IFERROR({call[1:]},"wrong")', first),
            ("iferror_failing", f'=IFERROR({failing[1:]},"wrong")', [["wrong"]]),
            ("sumproduct", f"=SUMPRODUCT({ranges[1:]})", [[total]]),
            ("table_column", structured, whole),
            ("defined_name", names, whole),
        ]
        for at, (place, formula, shown) in enumerate(lines):
            yield place, self._placed(_FIRST + at * _APART, formula, shown)
        where = xl_rowcol_to_cell(1, len(self._keys))
        yield "table_row", Placed(f"{where}:{where}", self._call(self._this_row()), [first[0][:1]])

    def _placed(self, row: int, formula: str, shown: list[list[Any]]) -> Placed:
        last_row, last_column = row + len(shown) - 1, len(shown[0]) - 1
        self._sheet.write_array_formula(row, 0, last_row, last_column, formula)
        address = f"{xl_rowcol_to_cell(row, 0)}:{xl_rowcol_to_cell(last_row, last_column)}"
        return Placed(address, formula, shown)

    def _call(self, arguments: list[str]) -> str:
        return f"={self._name}({','.join(arguments)})"

    def _answer(self, arguments: tuple[Any, ...]) -> Any:
        plain = (float(item) if isinstance(item, bool) else item for item in arguments)
        return getattr(functions, self._name)(*plain)

    def _over_ranges(self) -> list[list[Any]]:
        if not self._by_row:
            return as_shown(self._answer(self._arguments))
        twice = (
            item if key in self._single else column(item, item)
            for key, item in zip(self._keys, map(_as_number, self._arguments), strict=True)
        )
        return as_shown(self._answer(tuple(twice)))

    def _is_block(self, at: int) -> bool:
        return isinstance(self._arguments[at], tuple)

    def _is_range(self, at: int) -> bool:
        return self._by_row and self._keys[at] not in self._single

    def _write_argument(self, at: int) -> str:
        """Where the argument stands: a cell of the table's first row, or a block."""
        block = self._arguments[at]
        if not self._is_block(at):
            return xl_rowcol_to_cell(1, at, row_abs=True, col_abs=True)
        first = _BLOCKS + at * 10
        for row, cells in enumerate(block):
            self._sheet.write_row(row, first, cells)
        return xl_range_abs(0, first, len(block) - 1, first + len(block[0]) - 1)

    def _rows_of(self, at: int) -> str:
        return xl_range_abs(1, at, 2, at) if self._is_range(at) else self._places[at]

    def _ranges(self) -> list[str]:
        return [
            self._places[at] if self._is_block(at) else self._rows_of(at)
            for at in range(len(self._keys))
        ]

    def _table_columns(self) -> list[str]:
        return [
            f"T_{self._name}[{key}]" if self._is_range(at) else self._places[at]
            for at, key in enumerate(self._keys)
        ]

    def _this_row(self) -> list[str]:
        return [
            self._places[at] if self._is_block(at) else f"T_{self._name}[[#This Row],[{key}]]"
            for at, key in enumerate(self._keys)
        ]


def _as_number(argument: Any) -> Any:
    return float(argument) if isinstance(argument, bool) else argument
