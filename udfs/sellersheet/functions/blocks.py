"""Cells and ranges as they arrive: one value, or rows of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.functions import errors
from sellersheet.wording import Problem, Wording

WORDS: Final = Wording("sellersheet.functions", "problems.toml")
_RANGE: Final = (tuple, list)
_LONGEST: Final = 1000  # characters of a text that can mean something


class CallProblem(Problem):
    """Arguments that can't be used together or as they are; shown by the _DETAIL functions.

    ``marker`` is the error value that tables hold beside its words.
    """

    wording = WORDS
    marker: str = errors.VALUE


class NotOnRecord(CallProblem):
    """Something that is blank or for which no rule is on record: #N/A."""

    marker = errors.NA


class ErrorCell(CallProblem):
    """An argument that holds an error: the same error comes out."""

    def __init__(self, error: str) -> None:
        super().__init__("error_argument", error=error)
        self.marker = error


class Line(NamedTuple):
    """The cells of a row or column, the part of them that holds anything, and which it was."""

    cells: Sequence[Any]
    used: int
    upright: bool


def is_range(value: object) -> bool:
    """Whether a whole range was given; an array constant of one row comes without rows."""
    return isinstance(value, _RANGE)


def rows_of(value: Any) -> Sequence[Sequence[Any]]:
    """A range, an array constant or one cell as rows."""
    if not is_range(value):
        return ((value,),)
    if not value:
        return ((None,),)
    return value if is_range(value[0]) else (value,)


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
