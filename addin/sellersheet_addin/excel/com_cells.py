"""Cells as Excel gives them through COM and takes them: errors, formulas, formats, texts as texts.

Some formulas fill several cells: those of an Excel with dynamic arrays, and array formulas. A cell
that a formula beside it fills holds nothing of its own, though Excel shows the formula for it. What
is written into it stops the whole formula: #SPILL! stands then where its results stood. Of an array
formula no part can be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

from sellersheet.functions.blocks import STATUS_CODES
from sellersheet_workbook.host import Cell, Rows, Typed
from sellersheet_workbook.patch.areas import Area

# A text that Excel can't take for anything else: letters and signs, no digit in it.
_PLAIN: Final = re.compile(r"[^\W\d_][^\d]*")
_WORDS: Final = frozenset({"true", "false"})
ARRAY: Final = "{="  # how an Entry of an array formula begins; it ends with "}"
_PART: Final = 2
_FORMULAS, _BY_ROWS, _BY_COLUMNS, _BACKWARDS = -4123, 1, 2, 2


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


def last_filled(sheet: Any) -> tuple[int, int] | None:
    """The last row and the last column in which a cell of Excel's sheet holds anything."""
    row, column = (
        sheet.Cells.Find(
            What="*", LookIn=_FORMULAS, LookAt=_PART, SearchOrder=order, SearchDirection=_BACKWARDS
        )
        for order in (_BY_ROWS, _BY_COLUMNS)
    )
    return None if row is None or column is None else (int(row.Row), int(column.Column))


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


def spills(area: Area, block: Callable[[Area], Any]) -> list[Area]:
    """The ranges that formulas fill, each from its formula's cell on, as far as they meet the area.

    ``block`` gives Excel's range of an area.
    """
    return _wholes(
        area, block, lambda part: part.HasSpill, lambda cell: cell.SpillParent.SpillingToRange
    )


def arrays(area: Area, block: Callable[[Area], Any]) -> list[Area]:
    """The ranges of the array formulas that meet the area."""
    return _wholes(area, block, lambda part: part.HasArray, lambda cell: cell.CurrentArray)


def _wholes(
    area: Area,
    block: Callable[[Area], Any],
    has: Callable[[Any], bool | None],
    whole_of: Callable[[Any], Any],
) -> list[Area]:
    """Halves are asked for until each says yes or no, so that thousands of cells without any
    take one call."""
    found: list[Area] = []
    left = [area]
    while left:
        part = left.pop()
        if any(part.around(whole) == whole for whole in found):
            continue
        state = has(block(part))
        if state is False:
            continue
        first = part._replace(bottom=part.top, right=part.left)
        if state is True:
            found.append(area_of(whole_of(block(first))))
        if part != first:
            left += _halves(part)
    return found


def formats(area: Area, block: Callable[[Area], Any]) -> list[tuple[Area, str]]:
    """The number formats, column by column: Excel tells one of an area only where all its cells
    have it, so a column with several is asked for by ever smaller parts."""
    found: list[tuple[Area, str]] = []
    parts = _columns(area)
    while parts:
        part = parts.pop()
        code = block(part).NumberFormat
        if code is not None:
            found.append((part, str(code)))
        elif part.top < part.bottom:
            parts += reversed(_halves(part))
    return found


def merged(area: Area, block: Callable[[Area], Any]) -> list[Area]:
    """Excel tells of an area that its cells are merged, that none is, or that some are: then it
    is asked of its columns, and of ever smaller parts of these."""
    found: list[Area] = []
    parts = [area]
    while parts:
        part = parts.pop()
        state = block(part).MergeCells
        if state is False:
            continue
        if part.left < part.right:
            parts += reversed(_columns(part))
        elif part.top < part.bottom and state is None:
            parts += reversed(_halves(part))
        else:
            whole = area_of(block(part._replace(bottom=part.top)).MergeArea)
            found += [] if whole in found[-1:] else [whole]
            if whole.bottom < part.bottom:
                parts.append(part._replace(top=whole.bottom + 1))
    return list(dict.fromkeys(found))


def filled_from_beside(spill: Area, area: Area) -> Iterator[tuple[int, int]]:
    """The cells of the area, by row and column, that belong to the spill but not to its formula."""
    for row in range(max(spill.top, area.top), min(spill.bottom, area.bottom) + 1):
        for column in range(max(spill.left, area.left), min(spill.right, area.right) + 1):
            if (row, column) != (spill.top, spill.left):
                yield row, column


def together(rows: Rows, top: int, left: int) -> dict[Area, str]:
    """The array formulas among cells that begin at that place: the area of each, and its text."""
    found: dict[str, Area] = {}
    for row, cells in enumerate(rows, top):
        for column, cell in enumerate(cells, left):
            if isinstance(cell, Typed) and cell.startswith(ARRAY):
                here = Area(row, column, row, column)
                found[cell] = found.get(cell, here).around(here)
    return {area: text[1:-1] for text, area in found.items()}


def enter_arrays(held: list[list[Cell]], formulas: Any, area: Area, wholes: list[Area]) -> None:
    """Into every cell of these array formulas that is in the area its formula in braces."""
    for whole in wholes:
        part = whole.common(area)
        text = formulas[part.top - area.top][part.left - area.left]
        for cells in held[part.top - area.top : part.bottom - area.top + 1]:
            for column in range(part.left - area.left, part.right - area.left + 1):
                cells[column] = Typed(f"{{{text}}}")


def outside(rows: Rows, area: Area, apart: Collection[Area]) -> Iterator[tuple[Area, Cell]]:
    """The cells of the area that hold anything and are in none of the others."""
    for row, cells in enumerate(rows, area.top):
        for column, cell in enumerate(cells, area.left):
            here = Area(row, column, row, column)
            if cell is not None and not any(part.meets(here) for part in apart):
                yield here, cell


def area_of(block: Any) -> Area:
    """The area of Excel's range."""
    rows, columns = block.Rows.Count, block.Columns.Count
    return Area(block.Row, block.Column, block.Row + rows - 1, block.Column + columns - 1)


def _columns(area: Area) -> list[Area]:
    return [area._replace(left=at, right=at) for at in range(area.left, area.right + 1)]


def _halves(area: Area) -> list[Area]:
    """Two parts, cut across the longer side."""
    rows, columns = area.bottom - area.top, area.right - area.left
    if rows >= columns:
        middle = area.top + rows // 2
        return [area._replace(bottom=middle), area._replace(top=middle + 1)]
    middle = area.left + columns // 2
    return [area._replace(right=middle), area._replace(left=middle + 1)]
