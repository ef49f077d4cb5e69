"""Where formulas fill several cells: those of an Excel with dynamic arrays, and array formulas.

A cell that a formula beside it fills holds nothing of its own, though Excel shows the formula for
it. What is written into it stops the whole formula: #SPILL! stands then where its results stood.
Of an array formula no part can be written. Not tried in a real Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sellersheet_workbook.host import Rows, Typed
from sellersheet_workbook.patch.areas import Area

ARRAY: Final = "{="  # how an Entry of an array formula begins; it ends with "}"


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


def area_of(block: Any) -> Area:
    """The area of Excel's range."""
    rows, columns = block.Rows.Count, block.Columns.Count
    return Area(block.Row, block.Column, block.Row + rows - 1, block.Column + columns - 1)


def _halves(area: Area) -> list[Area]:
    """Two parts, cut across the longer side."""
    rows, columns = area.bottom - area.top, area.right - area.left
    if rows >= columns:
        middle = area.top + rows // 2
        return [area._replace(bottom=middle), area._replace(top=middle + 1)]
    middle = area.left + columns // 2
    return [area._replace(right=middle), area._replace(left=middle + 1)]
