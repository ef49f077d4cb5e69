"""Array formulas of a live workbook that lack cells which are read: found and mended."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sellersheet_workbook.host.change import Block
from sellersheet_workbook.host.live_port import LivePort
from sellersheet_workbook.host.program import Program, Rows, Typed
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.patch.arrays import (
    Array,
    Repair,
    calculations,
    is_filled,
    reads,
    repairs,
    told_of,
)

_BEGINS, _ENDS = "{=", "}"  # of an array formula, in a program that tells it so


def mend(port: LivePort) -> None:
    """Adds to the changes of a port what gives such arrays their ranges back."""
    found = cut_arrays(port.program)
    for repair in found:
        if repair.blocked:
            continue
        rows, columns = repair.wanted.size
        text = Typed(f"{_BEGINS}{repair.text}{_ENDS}")
        port.change.blocks.append(Block(repair.sheet, repair.wanted, [[text] * columns] * rows))
    for sentence in told_of(found, port.program.lang, "mended"):
        port.message(sentence)


def cut_arrays(program: Program) -> list[Repair]:
    """Those on the calculation sheet, which LibreOffice cuts; an array is told by its braces."""
    found: list[Repair] = []
    for sheet in calculations() & set(program.sheets()):
        area = program.used(sheet)
        if not area:
            continue
        held = program.contents(sheet, area)
        arrays = list(_arrays(program, sheet, area, held))
        read: list[Area] = []
        if not all(map(is_filled, arrays)):  # an older edition's: what others read tells
            read = [place for text in _formulas(program, sheet) for place in reads(text, sheet)]
        occupied = partial(_occupied, area, held)
        found += repairs(sheet, arrays, read, occupied, comma=program.comma)
    return found


def _arrays(program: Program, sheet: str, area: Area, held: Rows) -> Iterator[Array]:
    places: dict[str, Area] = {}
    for row, cells in enumerate(held, area.top):
        for at, cell in enumerate(cells, area.left):
            if isinstance(cell, Typed) and cell.startswith(_BEGINS):
                here = Area(row, at, row, at)
                places[cell] = places.get(cell, here).around(here)
    for text, place in places.items():
        (last,) = program.values(sheet, place._replace(top=place.bottom))
        short = place.top < place.bottom and set(last) == {"#N/A"}
        yield Array(place, text[len(_BEGINS) : -len(_ENDS)], short)


def _occupied(used: Area, held: Rows, place: Area) -> bool:
    """Whether any cell of a place holds something; its first cell lies in what is used."""
    across = slice(place.left - used.left, place.right - used.left + 1)
    rows = held[place.top - used.top : place.bottom - used.top + 1]
    cells = (cell for row in rows for cell in row[across])
    return any(isinstance(cell, Typed) or cell not in (None, "") for cell in cells)


def _formulas(program: Program, but: str) -> Iterator[str]:
    for sheet in program.sheets():
        if sheet != but and (area := program.used(sheet)):
            rows = program.contents(sheet, area)
            yield "\n".join(cell for row in rows for cell in row if isinstance(cell, Typed))
