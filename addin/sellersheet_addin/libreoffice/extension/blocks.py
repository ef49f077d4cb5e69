"""Blocks of cells, read and written whole; and changes of them, taken back where an action isn't
done: whoever made them may have died."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import Any, Final

from .wire import error_value

_FORMULA: Final = 16  # com.sun.star.sheet.CellFlags
_ERROR: Final = 4  # com.sun.star.sheet.FormulaResult
_ARRAY: Final = "{="

Area = tuple[int, int, int, int]  # first row, first column, last row, last column


def shown_in(block: Any) -> tuple[Any, ...]:
    """A number, a text; "" for a blank; an error is a NaN with LibreOffice's number for it."""
    cells = block.getDataArray()
    wrong = block.queryFormulaCells(_ERROR).RangeAddresses
    if not wrong:
        return tuple(cells)
    rows = [list(row) for row in cells]
    for row, first, last in within(block, wrong):
        for at in range(first, last):
            rows[row][at] = error_value(block.getCellByPosition(at, row).getError())
    return tuple(map(tuple, rows))


def held_in(block: Any) -> list[Any]:
    """What the cells show, and their formulas or None."""
    shown = shown_in(block)
    places = block.queryContentCells(_FORMULA).RangeAddresses
    if not places:
        return [shown, None]
    texts = block.getFormulaArray()
    formulas: list[list[Any]] = [[None] * len(row) for row in shown]
    for row, first, last in within(block, places):
        formulas[row][first:last] = texts[row][first:last]
    return [shown, tuple(map(tuple, formulas))]


def stands(held: list[Any], cells: Any, formulas: Any) -> bool:
    """Whether the cells hold just this."""
    shown, texts = held
    if (formulas or texts) and _rows(formulas) != _rows(texts):
        return False
    if not formulas:
        return _rows(shown) == _rows(cells)
    return all(
        one == other
        for rows in zip(shown, cells, formulas)
        for one, other, text in zip(*rows)
        if text is None
    )


def _rows(block: Any) -> list[tuple[Any, ...]]:
    return list(map(tuple, block or ()))


def put(block: Any, cells: Any, formulas: Any) -> None:
    """What was held, or is to be written, in the cells."""
    if formulas:  # in their places a text would stay where LibreOffice refuses the formula
        cells = [
            ["" if text is not None else cell for cell, text in zip(row, texts)]
            for row, texts in zip(cells, formulas)
        ]
    try:
        block.setDataArray(tuple(map(tuple, cells)))
    except Exception as error:  # LibreOffice's own says nothing
        raise RuntimeError(f"{block.AbsoluteName}: {error}") from error
    for (first, last, text), columns in _blocks(formulas or ()).items():
        part = block.getCellRangeByPosition(columns[0], first, columns[-1], last)
        if isinstance(text, str):
            part.setArrayFormula(text[1:-1])
        else:
            part.setFormulaArray(tuple((item,) for item in text[1:]))


def formats_in(block: Any, formats: Any, kinds: int) -> tuple[Any, ...]:
    """The formats of these kinds, each after the places that have it."""
    rows: list[Any] = []
    for group in block.getUniqueCellFormatRanges():
        kind = formats.getByKey(group.NumberFormat)
        if kind.Type & kinds:
            rows += [(*counted(place), kind.FormatString) for place in group.RangeAddresses]
    return tuple(rows)


def merged_in(cells: Any, area: Sequence[float]) -> tuple[Area, ...]:
    """The merged cells that begin in an area of a sheet: LibreOffice tells whether there are any,
    so it is asked of ever smaller parts."""
    found, parts = [], [from_zero(area)]
    while parts:
        top, left, bottom, right = parts.pop()
        part = cells.getCellRangeByPosition(left, top, right, bottom)
        if not part.IsMerged:
            continue
        if top < bottom:
            middle = (top + bottom) // 2
            parts += [(middle + 1, left, bottom, right), (top, left, middle, right)]
        elif left < right:
            middle = (left + right) // 2
            parts += [(top, middle + 1, bottom, right), (top, left, bottom, middle)]
        else:
            whole = cells.createCursorByRange(part)
            whole.collapseToMergedArea()
            found.append(counted(whole.RangeAddress))
    return tuple(found)


def from_zero(area: Sequence[float]) -> Area:
    """Places counted from 1, as LibreOffice counts them."""
    top, left, bottom, right = (int(place) - 1 for place in area)
    return top, left, bottom, right


def counted(address: Any) -> Area:
    """LibreOffice's address, counted from 1."""
    first = address.StartRow + 1, address.StartColumn + 1
    return (*first, address.EndRow + 1, address.EndColumn + 1)


def within(block: Any, places: Any) -> Iterator[tuple[int, int, int]]:
    """Each row of the places, with its first column and the one after its last, in the block."""
    origin = block.RangeAddress
    for place in places:
        first = place.StartColumn - origin.StartColumn
        last = place.EndColumn - origin.StartColumn + 1
        for row in range(place.StartRow - origin.StartRow, place.EndRow - origin.StartRow + 1):
            yield row, first, last


def _blocks(formulas: Sequence[Sequence[Any]]) -> dict[tuple[int, int, Any], list[int]]:
    """Formulas below each other by their rows and texts, with the column they are in.

    Neighbours that have one array formula are one block: its text, and all its columns.
    """
    found: dict[tuple[int, int, Any], list[int]] = {}
    for column, texts in enumerate(zip(*formulas)):
        for kind, group in groupby(enumerate(texts), lambda item: _kind(item[1])):
            if kind is None:
                continue
            run = list(group)
            first, last = run[0][0], run[-1][0]
            if kind:
                found.setdefault((first, last, kind), []).append(column)
            else:
                found[first, last, (column, *(text for _, text in run))] = [column]
    return found


def _kind(text: Any) -> str | None:
    """None where there is no formula, "" for a formula, its text for an array formula."""
    if text is None:
        return None
    return text if text.startswith(_ARRAY) else ""


class Changes:
    """Of each change it is kept how to take it back."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._backs: list[Callable[[], None]] = []

    def make(self, change: Callable[[], None], back: Callable[[], None]) -> None:
        """Makes a change that is to be taken back too when it fails halfway."""
        self._backs.append(back)
        change()

    def take_back(self) -> None:
        """Everything as it was, whatever part of it can't be."""
        if self._backs:
            with held_still(self._book):
                for back in reversed(self._backs):
                    with suppress(Exception):
                        back()

    def end(self) -> None:
        """No older step of LibreOffice's Undo may be taken back on top of the changes.

        Its own steps for blocks of cells don't bring blank cells back, so they go as well:
        the menu's Undo is the one that does.
        """
        if self._backs:
            with suppress(Exception):  # somebody's macro has a step that is not complete
                self._book.UndoManager.clear()


@contextmanager
def held_still(book: Any) -> Iterator[None]:
    """The workbook is neither drawn nor calculated."""
    automatic = book.isAutomaticCalculationEnabled()
    book.addActionLock()
    book.lockControllers()
    try:
        book.enableAutomaticCalculation(False)
        yield
    finally:
        try:
            book.enableAutomaticCalculation(automatic)
        finally:
            book.unlockControllers()
            book.removeActionLock()
