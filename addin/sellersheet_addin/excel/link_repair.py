"""Formulas that became links to the add-in's file get their plain function names back.

Excel writes ``'C:\\…\\sellersheet.xlam'!SEMIFEE(`` where a workbook was opened without the
add-in, or with the add-in at another place.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from sellersheet.functions.registry import FUNCTIONS
from sellersheet_addin.excel.book_program import ARRAY, BookProgram
from sellersheet_workbook.host import Cell, Entry
from sellersheet_workbook.host.change import Change, make
from sellersheet_workbook.host.kept import Block
from sellersheet_workbook.patch.areas import Area

# Texts and quoted sheet names are passed over whole, so that nothing inside them is touched.
_PART: Final = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<place>'(?:[^']|'')*'|[\w.\-\[\]]+)!(?P<name>[A-Za-z_]\w*)(?=\s*\()"
    r"|'(?:[^']|'')*'"
)
_FILE: Final = re.compile(r"(?i)(?:.*[\\/\[])?sellersheet[^\\/\[\]]*\.(?:xlam|xlsm)\]?[^\\/]*")


def repaired(formula: str) -> str:
    """The formula without links to the add-in; any other link stays."""

    def plain(found: re.Match[str]) -> str:
        place, name = found["place"], found["name"]
        if place is None or name.upper() not in FUNCTIONS:
            return found[0]
        return name.upper() if _FILE.fullmatch(place.strip("'")) else found[0]

    return _PART.sub(plain, formula)


def repair(program: BookProgram, now: dt.datetime) -> int:
    """Mends every sheet of the workbook, to be undone like an update; the cells mended."""
    change, count = Change(), 0
    for sheet in program.sheets():
        area = program.used(sheet)
        if area is None:
            continue
        wrong: dict[tuple[int, int], Cell] = {}
        for row, cells in enumerate(program.contents(sheet, area), area.top):
            for column, cell in enumerate(cells, area.left):
                if isinstance(cell, Entry) and (text := repaired(cell)) != cell:
                    wrong[column, row] = Entry(text)
        count += len(wrong)
        change.blocks += _blocks(program, sheet, wrong)
    if change:
        make(program, change, "repair_links", now)
    return count


def _blocks(program: BookProgram, sheet: str, wrong: dict[tuple[int, int], Cell]) -> list[Block]:
    """Array formulas as a whole, all others in runs down a column."""
    found: list[Block] = []
    left = dict(sorted(wrong.items()))
    while left:
        (column, row), text = next(iter(left.items()))
        array = program.array(sheet, Area(row, column, row, column))
        if array is not None:
            inner = str(text).removeprefix(ARRAY).removeprefix("=").removesuffix("}")
            line = [Entry(f"{ARRAY}{inner}}}")] * (array.right - array.left + 1)
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
