"""Formulas that became links to the add-in's file get their plain function names back.

Excel writes ``'C:\\…\\sellersheet.xlam'!SEMIFEE(`` where a workbook was opened without the
add-in, or with the add-in at another place.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final

from sellersheet.functions.registry import FUNCTIONS
from sellersheet_addin.excel.book_program import BookProgram
from sellersheet_addin.excel.com_cells import ARRAY
from sellersheet_addin.excel.long_arrays import in_pieces
from sellersheet_workbook.host import Cell, Typed
from sellersheet_workbook.host.change import Block, Change, make
from sellersheet_workbook.patch.areas import Area

# Texts and quoted sheet names are passed over whole, so that nothing inside them is touched.
_PART: Final = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<place>'(?:[^']|'')*'|[\w.\-\[\]]+)!(?P<name>[A-Za-z_]\w*)(?=\s*\()"
    r"|'(?:[^']|'')*'"
)
_OURS: Final = re.compile(rf"(?i)(?<![\w.!])(?:{'|'.join(FUNCTIONS)})\s*\(")
_UNKNOWN: Final = "#NAME?"
_FILE: Final = re.compile(r"(?i)(?:.*[\\/\[])?sellersheet[^\\/\[\]]*\.(?:xlam|xlsm)\]?[^\\/]*")


def repaired(formula: str) -> str:
    """The formula without links to the add-in; any other link stays."""

    def plain(found: re.Match[str]) -> str:
        place, name = found["place"], found["name"]
        if place is None or name.upper() not in FUNCTIONS:
            return found[0]
        return name.upper() if _FILE.fullmatch(place.strip("'")) else found[0]

    return _PART.sub(plain, formula)


@dataclass(slots=True)
class Repair:
    """What was done: how many cells, how many of them still know no such function, what is left.

    ``protected`` are sheets that take nothing, ``long`` are arrays that Excel would not take.
    """

    count: int = 0
    unknown: int = 0
    protected: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)


def repair(program: BookProgram, now: dt.datetime) -> Repair:
    """Mends every sheet of the workbook, to be undone like an update."""
    done, change = Repair(), Change()
    for sheet in program.sheets():
        area = program.used(sheet)
        wrong = {} if area is None else _wrong(program, sheet, area)
        if wrong and program.protected(sheet):
            done.protected.append(sheet)
            continue
        for block in _blocks(program, sheet, wrong):
            if _is_long(block.rows[0][0]) or _is_long(_held(program, block)):
                done.long.append(f"{sheet}!{block.area.ref}")
            else:
                change.blocks.append(block)
    if change:
        make(program, change, "repair_links", now)
        done.count = sum(len(block.rows) * len(block.rows[0]) for block in change.blocks)
        done.unknown = sum(
            cell == _UNKNOWN
            for block in change.blocks
            for row in program.values(block.sheet, block.area)
            for cell in row
        )
    return done


def _wrong(program: BookProgram, sheet: str, area: Area) -> dict[tuple[int, int], Cell]:
    """The formulas to enter, by column and row."""
    wrong: dict[tuple[int, int], Cell] = {}
    shown = program.values(sheet, area)
    held = program.contents(sheet, area)
    for row, (cells, values) in enumerate(zip(held, shown, strict=True), area.top):
        for column, (cell, value) in enumerate(zip(cells, values, strict=True), area.left):
            if not isinstance(cell, Typed):
                continue
            text = repaired(cell)
            if text != cell or (value == _UNKNOWN and _OURS.search(text)):
                wrong[column, row] = Typed(text)
    return wrong


def _held(program: BookProgram, block: Block) -> Cell:
    """What stands there now, which an undo has to be able to write."""
    return program.contents(block.sheet, block.area)[0][0]


def _is_long(cell: Cell) -> bool:
    """Whether it is an array formula that can't be entered."""
    text = str(cell)
    return text.startswith(ARRAY) and in_pieces(text[1:-1]) is None


def _blocks(program: BookProgram, sheet: str, wrong: dict[tuple[int, int], Cell]) -> list[Block]:
    """Array formulas as a whole, all others in runs down a column."""
    found: list[Block] = []
    left = dict(sorted(wrong.items()))
    while left:
        (column, row), text = next(iter(left.items()))
        array = program.array(sheet, Area(row, column, row, column))
        if array is not None:
            inner = str(text).removeprefix(ARRAY).removeprefix("=").removesuffix("}")
            line = [Typed(f"{ARRAY}{inner}}}")] * (array.right - array.left + 1)
            found.append(Block(sheet, array, [line] * (array.bottom - array.top + 1)))
            for at in range(array.left, array.right + 1):
                for down in range(array.top, array.bottom + 1):
                    left.pop((at, down), None)
            continue
        bottom = row
        while (column, bottom + 1) in left:
            bottom += 1
        if program.array(sheet, Area(row, column, bottom, column)) is not None:
            bottom = row  # an array begins further down
        cells = [[left.pop((column, down))] for down in range(row, bottom + 1)]
        found.append(Block(sheet, Area(row, column, bottom, column), cells))
    return found
