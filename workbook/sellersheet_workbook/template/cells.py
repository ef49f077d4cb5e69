"""What a template cell holds: a formula together with the value it has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple, Protocol
from xml.sax.saxutils import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from sellersheet.days import EXCEL_DAY_0
from sellersheet.functions.blocks import ERROR_NUMBERS, NA
from sellersheet_workbook.patch.arrays import filled

Value = Any  # None, a text, a number, a bool, a date or an error such as "#N/A"
_CALLED: Final = re.compile(r"[A-Z][A-Z0-9.]*(?=\()")


class Span(NamedTuple):
    """A block of cells, counted from 0, its ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, address: str) -> Span:
        """From A1 or A1:B9."""
        first, _, last = address.replace("$", "").partition(":")
        return cls(*xl_cell_to_rowcol(first), *xl_cell_to_rowcol(last or first))

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def text(self) -> str:
        """As $A$1 or $A$1:$B$9."""
        first = xl_rowcol_to_cell(self.top, self.left, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(self.bottom, self.right, row_abs=True, col_abs=True)
        return first if first == last else f"{first}:{last}"


class Held(Protocol):
    """The sheet behind a reference: what its cells hold, and references to others of them."""

    def values(self, area: Span) -> list[list[Value]]:
        """What the cells hold, as rows."""

    def ref(self, area: Span) -> Ref:
        """These cells, for a formula of any sheet."""

    def at(self, row: int, column: int) -> Ref:
        """One cell, counted from 0."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference in a formula, with the cells behind it.

    ``text`` is what stands in the formula; ``value`` is what the cells hold now: one
    value for one cell, a list of rows for more, as a worksheet function gets it.
    """

    sheet: Held
    area: Span
    text: str

    @property
    def value(self) -> Any:
        """What the cells hold."""
        rows = self.sheet.values(self.area)
        return rows[0][0] if self.area.size == (1, 1) else rows

    @property
    def rows(self) -> list[list[Value]]:
        """What the cells hold, always as rows."""
        return self.sheet.values(self.area)

    @property
    def local(self) -> str:
        """As it stands in formulas of its own sheet."""
        return self.text.partition("!")[2]

    def if_given(self) -> Given:
        """The cell, but a blank where it is blank: given directly, a blank cell is a 0."""
        return Given(self)


@dataclass(frozen=True, slots=True)
class Given:
    """A single cell as an optional argument."""

    ref: Ref

    @property
    def text(self) -> str:
        """As it stands in a formula."""
        return f'IF({self.ref.text}="","",{self.ref.text})'

    @property
    def value(self) -> Any:
        """What the cell holds, "" for a blank."""
        return "" if self.ref.value is None else self.ref.value


@dataclass(frozen=True, slots=True)
class Written:
    """A reference or an expression in a form of one's own, with the value that it has."""

    text: str
    value: Any

    @property
    def joined(self) -> Written:
        """A text of a function so that it compares as if it were typed."""
        return Written(f'{self.text}&""', self.value)


def quoted(text: str) -> Written:
    """A text as an expression."""
    return Written(f'"{text}"', text)


def argument_text(argument: Any) -> str:
    """An argument of a function as it stands in the formula."""
    if argument is None:
        return ""
    if isinstance(argument, Ref | Given | Written):
        return argument.text
    if isinstance(argument, bool):
        return "TRUE" if argument else "FALSE"
    if isinstance(argument, str):
        doubled = argument.replace('"', '""')
        return f'"{doubled}"'
    if isinstance(argument, dt.datetime):
        day, time = argument_text(argument.date()), argument.time()
        return f"{day}+TIME({time.hour},{time.minute},{time.second})"
    if isinstance(argument, dt.date):
        return f"DATE({argument.year},{argument.month},{argument.day})"
    return repr(argument)


def argument_value(argument: Any) -> Any:
    """The same argument as the worksheet function gets it."""
    if isinstance(argument, Ref) and argument.area.size == (1, 1) and argument.value is None:
        raise ValueError(f"{argument.text} is blank and would count as 0: use if_given()")
    if isinstance(argument, Ref | Given | Written):
        return argument.value
    return stored(argument)


def stored(value: Value) -> Value:
    """A value as a cell holds it: a day is a number."""
    if isinstance(value, dt.datetime):
        return (value - EXCEL_DAY_0) / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return float((value - EXCEL_DAY_0.date()).days)
    return value


def is_error(value: Value) -> bool:
    """Whether a cell holds an error."""
    return isinstance(value, str) and value in ERROR_NUMBERS


def is_number(value: Value) -> bool:
    """Whether a worksheet counts the cell as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def spread(result: Any, rows: int, columns: int) -> list[list[Value]]:
    """The result of an array formula over its whole range, as Excel and LibreOffice spread it.

    A single row or column is repeated; what lies outside is #N/A.
    """
    table: Sequence[Sequence[Any]] = result if isinstance(result, list) else [[result]]
    if table and not isinstance(table[0], list | tuple):
        table = [table]
    down, across = len(table) == 1, len(table[0]) == 1

    def at(row: int, column: int) -> Value:
        row, column = 0 if down else row, 0 if across else column
        inside = row < len(table) and column < len(table[0])
        return table[row][column] if inside else NA

    return [[at(row, column) for column in range(columns)] for row in range(rows)]


def filling(text: str, rows: int, columns: int) -> str:
    """The formula with a result as large as its range, whatever there is, also where it fails.

    LibreOffice saves an array that is larger than its result with a smaller range, which then
    lacks what comes later. Cells beyond the result are #N/A.
    """
    return f"={filled(text[1:], rows, columns)}"


class Result(NamedTuple):
    """A cell that shows a result: with a formula, or inside the range of an array formula.

    ``value`` is as cells hold it.
    """

    value: Value
    format: Format | None
    formula: str | None = None
    array: str = ""


def as_filed(text: str) -> str:
    """The formula as files hold it: newer functions get their prefix."""
    if not any(map(_is_newer, set(_CALLED.findall(text)))):
        return text.removeprefix("=")
    return str(Worksheet()._prepare_formula(text, expand_future_functions=True))


@lru_cache(1000)
def _prepared(formula: str, expand_future_functions: bool) -> str:
    found = Worksheet()._prepare_formula(formula, expand_future_functions=expand_future_functions)
    return str(found)


@cache
def _is_newer(name: str) -> bool:
    """Whether files hold a function under another name; XlsxWriter takes a hundred searches."""
    call = f"{name}("
    return str(Worksheet()._prepare_formula(call, expand_future_functions=True)) != call


class Page(Worksheet):  # type: ignore[misc]
    """A worksheet of XlsxWriter that can write the value of every formula cell, errors too.

    LibreOffice calculates a formula whose saved result is an empty text, whatever it was told,
    and without the add-in's functions gets an error: ``empty`` is a space, which it leaves as it
    is. A workbook of ordinary formulas may be calculated: there it is nothing.
    """

    empty = " "

    def place(self, row: int, column: int, cell: Result) -> None:
        """Puts a result there; XlsxWriter keeps the sheet's outer cells itself."""
        if self._check_dimensions(row, column):
            raise ValueError(f"no cell of a sheet: row {row}, column {column}, counted from 0")
        self.table[row][column] = cell

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """XlsxWriter takes thirty searches; a table asks the same of each of its rows."""
        return _prepared(formula, expand_future_functions)

    def _write_formula(self, row: int, col: int, *given: Any) -> int:
        """What a table writes for a computed column; a result that stands there stays."""
        if isinstance(self.table[row].get(col), Result):
            return 0
        return int(super()._write_formula(row, col, *given))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if not isinstance(cell, Result):
            super()._write_cell(row, col, cell)
            return
        value, kind, text = cell.value, "", ""
        if isinstance(value, bool):
            kind, text = ' t="b"', str(int(value))
        elif is_error(value):
            kind, text = ' t="e"', value
        elif isinstance(value, str) or value is None:
            # What has no value here is to be calculated when the file is opened.
            kind, text = ' t="str"', escape(value or self.empty) if value is not None else ""
        else:
            text = repr(float(value)).removesuffix(".0")
        style = f' s="{cell.format._get_xf_index()}"' if cell.format else ""
        formula = ""
        if cell.formula is not None:
            array = f' t="array" ref="{cell.array}"' if cell.array else ""
            formula = f"<f{array}>{escape(cell.formula)}</f>"
        self.fh.write(
            f'<c r="{xl_rowcol_to_cell_fast(row, col)}"{style}{kind}>{formula}<v>{text}</v></c>'
        )


def cell(row: int, column: int) -> str:
    """The address of a cell counted from 0."""
    return str(xl_rowcol_to_cell_fast(row, column))
