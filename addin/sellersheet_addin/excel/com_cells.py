"""Cells as Excel gives them through COM and takes them: errors, formulas, formats, texts as texts.

Some formulas fill several cells: those of an Excel with dynamic arrays, and array formulas. A cell
that a formula beside it fills holds nothing of its own, though Excel shows the formula for it. What
is written into it stops the whole formula: #SPILL! stands then where its results stood. Of an array
formula no part can be written.

``Range.FormulaArray`` refuses more than 255 characters. A longer one is written short, with
names that stand for some of its arguments, and ``Range.Replace`` puts the arguments in. Every
step is a whole formula. None of this was tried in a real Excel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sellersheet.functions.blocks import STATUS_CODES
from sellersheet_addin.excel.install import ExcelProblem
from sellersheet_workbook.host import Cell, Rows, Typed
from sellersheet_workbook.patch.areas import Area

# A text that Excel can't take for anything else: letters and signs, no digit in it.
_PLAIN: Final = re.compile(r"[^\W\d_][^\d]*")
_WORDS: Final = frozenset({"true", "false"})
ARRAY: Final = "{="  # how an Entry of an array formula begins; it ends with "}"
LONGEST: Final = 255  # characters, of FormulaArray and of what Replace puts in
# Excel counts a formula as it stands in R1C1 notation, in which references are longer.
_SAFE: Final = 160
_LEAST: Final = 12  # an argument shorter than that is not worth a name
_PART: Final = 2
_TOKEN: Final = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[(){},\[\]]|[^"\'(){},\[\]]+')


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


@dataclass(frozen=True, slots=True)
class Pieces:
    """A formula short enough, and what to put in for each name, in this order."""

    short: str
    put_in: tuple[tuple[str, str], ...]

    def whole(self) -> str:
        """The formula that comes out."""
        text = self.short
        for name, argument in self.put_in:
            text = text.replace(name, argument)
        return text


def in_pieces(formula: str) -> Pieces | None:
    """The formula as it can be written; None where its arguments are too long themselves."""
    if len(formula) <= LONGEST:
        return Pieces(formula, ())
    short, put_in, at = formula, [], 0
    while len(short) > _SAFE:
        fitting = [place for place in _arguments(short) if _LEAST < len(short[place]) <= LONGEST]
        if not fitting:
            break
        place = max(fitting, key=lambda place: len(short[place]))
        while (name := f"ss_{at}_") in formula.casefold():
            at += 1
        at += 1
        put_in.append((name, short[place]))
        short = short[: place.start] + name + short[place.stop :]
    return Pieces(short, tuple(reversed(put_in))) if len(short) <= LONGEST else None


def write_array(block: Any, formula: str) -> None:
    """Enters the array formula into Excel's range; an error where it did not come out whole."""
    pieces = in_pieces(formula)
    if pieces is None:
        raise ExcelProblem("long_array", length=len(formula), longest=LONGEST)
    block.FormulaArray = pieces.short
    for name, argument in pieces.put_in:
        block.Replace(What=name, Replacement=argument, LookAt=_PART, MatchCase=True)
    # Excel writes a formula in its own way: the names that stood for something are what tells.
    entered = _entered(block)
    if any(name in entered for name, _ in pieces.put_in):
        raise ExcelProblem("long_array", length=len(formula), longest=LONGEST)


def _entered(block: Any) -> str:
    entered = block.Formula
    while isinstance(entered, (tuple, list)):
        entered = entered[0]
    return str(entered).casefold()


def _arguments(formula: str) -> list[slice]:
    """Where every argument of every call stands; texts and sheet names are passed over whole."""
    found: list[slice] = []
    opened: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(formula):
        sign = token[0]
        if sign in ("(", "{", "["):
            opened.append((sign, token.end()))
        elif sign in (")", "}", "]", ",") and opened:
            bracket, start = opened.pop()
            if bracket == "(" and formula[start : token.start()].strip():
                found.append(slice(start, token.start()))
            if sign == ",":
                opened.append((bracket, token.end()))
    return found
