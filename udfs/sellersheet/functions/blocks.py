"""Cells and ranges as they arrive, one value or rows of values, and the error values in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.wording import Problem, Wording

WORDS: Final = Wording("sellersheet.functions", "problems.toml")
RANGE: Final = (tuple, list)  # as a range arrives; an array constant of one row without rows
_LONGEST: Final = 1000  # characters of a text that can mean something

NA: Final = "#N/A"  # not on record, undecided
VALUE: Final = "#VALUE!"  # a wrong value
NUM: Final = "#NUM!"  # no solution
BLANK: Final = ""

# How Excel numbers its errors in VBA's CVErr.
ERROR_NUMBERS: Final = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    VALUE: 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    NUM: 2036,
    NA: 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
# An error cell arrives through COM as a Windows status code: a whole number.
STATUS_CODES: Final = {0x800A0000 + n - (1 << 32): text for text, n in ERROR_NUMBERS.items()}


class CallProblem(Problem):
    """Arguments that can't be used together or as they are; shown by the _DETAIL functions.

    ``marker`` is the error value that tables hold beside its words.
    """

    wording = WORDS
    marker: str = VALUE


class NotOnRecord(CallProblem):
    """Something that is blank or for which no rule is on record: #N/A."""

    marker = NA


class ErrorCell(CallProblem):
    """An argument that holds an error: the same error comes out."""

    def __init__(self, error: str) -> None:
        super().__init__("error_argument", error=error)
        self.marker = error


def error_text(cell: object) -> str | None:
    """The error that a cell holds, as text; None where it holds none."""
    if type(cell) is int:
        return STATUS_CODES.get(cell)
    if isinstance(cell, str) and cell.startswith("#"):
        text = cell.strip().upper()
        return text if text in ERROR_NUMBERS else None
    return None


class Line(NamedTuple):
    """The cells of a row or column, the part of them that holds anything, and which it was."""

    cells: Sequence[Any]
    used: int
    upright: bool


def rows_of(value: Any) -> Sequence[Sequence[Any]]:
    """A range, an array constant or one cell as rows."""
    if not isinstance(value, RANGE):
        return ((value,),)
    if not value:
        return ((None,),)
    return value if isinstance(value[0], RANGE) else (value,)


def line_of(value: Any, name: str) -> Line:
    """A range of one row or one column; a block of both is a CallProblem."""
    rows = rows_of(value)
    width = len(rows[0])
    if width == 1:
        cells: Sequence[Any] = [cell for (cell,) in rows]
    elif len(rows) == 1:
        cells = rows[0]
    else:
        raise CallProblem("not_a_line", name=name, rows=len(rows), columns=width)
    used = len(cells)
    while used and (cells[used - 1] is None or cells[used - 1] == ""):
        used -= 1
    return Line(cells, used, width == 1)


def one_cell(value: Any, name: str) -> Any:
    """The only cell of an argument; more than one is a CallProblem."""
    rows = rows_of(value)
    if len(rows) != 1 or len(rows[0]) != 1:
        raise CallProblem("one_case", name=name, rows=len(rows), columns=len(rows[0]))
    return rows[0][0]


def is_blank(value: Any) -> bool:
    """Whether an argument holds nothing at all: omitted, a blank cell or a blank range."""
    return all(cell is None or cell == "" for row in rows_of(value) for cell in row)


def cut(cell: Any) -> Any:
    """A cell whose text is too long to mean anything, cut so that it still means nothing."""
    too_long = isinstance(cell, str) and len(cell) > _LONGEST
    return f"{cell[:_LONGEST]}…" if too_long else cell


def used_rows(value: Any) -> list[tuple[Any, ...]]:
    """The rows down to the last that holds anything: a whole column has a million."""
    rows = rows_of(value)
    end = len(rows)
    while end and all(cell is None or cell == "" for cell in rows[end - 1]):
        end -= 1
    return [tuple(row) for row in rows[:end]]
