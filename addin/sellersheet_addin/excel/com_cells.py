"""Cells as Excel gives them through COM and takes them: errors, formulas, texts kept as texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from sellersheet.functions.errors import STATUS_CODES
from sellersheet_workbook.host import Cell, Rows, Typed
from sellersheet_workbook.patch.areas import Area

# A text that Excel can't take for anything else: letters and signs, no digit in it.
_PLAIN: Final = re.compile(r"[^\W\d_][^\d]*")
_WORDS: Final = frozenset({"true", "false"})


def filled_part(area: Area, rows: Rows) -> Area | None:
    """The area without the blank rows and columns at its end."""
    filled = [
        (row, column)
        for row, cells in enumerate(rows, area.top)
        for column, cell in enumerate(cells, area.left)
        if cell is not None and cell != ""
    ]
    if not filled:
        return None
    return area._replace(bottom=filled[-1][0], right=max(column for _, column in filled))


def rows_of(block: Any) -> Sequence[Sequence[Any]]:
    """Always rows: one cell comes without."""
    return block if isinstance(block, (tuple, list)) else ((block,),)


def plain_rows(block: Any) -> Rows:
    """Rows of numbers, texts, yes or no and error codes."""
    rows = rows_of(block)
    if any(type(cell) is int for row in rows for cell in row):
        return [[_plain(cell) for cell in row] for row in rows]
    return rows


def _plain(cell: Any) -> Cell:
    """A number, a text, yes or no; an error arrives as a whole number."""
    if type(cell) is int:
        return STATUS_CODES.get(cell, float(cell))
    return cell  # type: ignore[no-any-return]


def content(value: Cell, formula: Any) -> Cell:
    """A text that looks like a formula shows itself; a formula shows its result."""
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return Typed(formula)
    if isinstance(value, str) and value.startswith("#") and value in STATUS_CODES.values():
        return Typed(value) if formula == value else value
    return value


def given(cell: Cell) -> Any:
    """A cell as Excel takes it: an apostrophe keeps a text from being understood."""
    if isinstance(cell, Typed):
        return str(cell)
    if isinstance(cell, str):
        plain = _PLAIN.fullmatch(cell) and cell.casefold() not in _WORDS
        return cell if plain else f"'{cell}"
    return float(cell) if type(cell) is int else cell
