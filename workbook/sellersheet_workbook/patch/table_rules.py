"""Where a table may grow, and which of its columns a header names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sellersheet_workbook.patch.areas import LAST_COLUMN, LAST_ROW, Area, cell_ref
from sellersheet_workbook.patch.sheet import Sheet
from sellersheet_workbook.patch.sheet_index import KEY
from sellersheet_workbook.patch.sheet_rules import array_areas
from sellersheet_workbook.patch.table_part import Table

_LONGEST = 255


def positions(sheet: Sheet, table: Table, headers: Iterable[str]) -> dict[str, int]:
    """Where in the table each header stands, from 0; an EditProblem unless just once."""
    known = [header.strip() for header in table.headers]
    found = {}
    for header in headers:
        if known.count(header) > 1:
            raise sheet.problem("header_twice", header=header)
        if header not in known:
            raise sheet.problem("no_column", headers=header)
        found[header] = known.index(header)
    return found


def added_headers(sheet: Sheet, table: Table, headers: Sequence[str]) -> tuple[str, ...]:
    """The headers, fit to be a table's: printable, and no name twice in any case."""
    used = {header.strip().casefold() for header in table.headers}
    for header in headers:
        plain = header.strip() == header and header.isprintable() and 0 < len(header) <= _LONGEST
        if not plain or header.casefold() in used:
            raise sheet.problem("header_form", header=header)
        used.add(header.casefold())
    return tuple(headers)


def check_room(sheet: Sheet, tables: Iterable[Table], area: Area) -> None:
    """An EditProblem unless nothing at all stands in the area."""
    if area.bottom > LAST_ROW or area.right > LAST_COLUMN:
        raise sheet.problem("no_room")
    cells = sheet.index.cells
    near = sheet.index.within(area.top, area.bottom)
    column = cells.column[near]
    filled = cells.filled[near] & (column >= area.left) & (column <= area.right)
    if filled.any():
        key = int(cells.key[near][np.argmax(filled)])
        raise sheet.problem("occupied", area=area.ref, cell=cell_ref(key // KEY, key % KEY))
    others = [table.area for table in tables if table.sheet == sheet.name]
    for other in (*others, *sheet.merged, *array_areas(sheet)):
        if other.meets(area):
            raise sheet.problem("occupied", area=area.ref, cell=other.ref)
