"""A table in a workbook on disk: its values, which column a header names, how it grows."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sellersheet.intake.grid import column_of
from sellersheet_workbook.files.guarded import no_circles
from sellersheet_workbook.files.reading import Sheets
from sellersheet_workbook.files.sheet_xml import SheetFacts
from sellersheet_workbook.patch.areas import LAST_COLUMN, LAST_ROW, Area, cell_ref
from sellersheet_workbook.patch.package import Package
from sellersheet_workbook.patch.sheet import SheetPart
from sellersheet_workbook.patch.sheet_index import KEY
from sellersheet_workbook.patch.sheet_rules import array_areas
from sellersheet_workbook.patch.table_part import BookTable, grown
from sellersheet_workbook.patch.workbook_part import WorkbookPart

_LONGEST = 255


def positions(sheet: SheetPart, table: BookTable, headers: Iterable[str]) -> dict[str, int]:
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


def added_headers(sheet: SheetPart, table: BookTable, headers: Sequence[str]) -> tuple[str, ...]:
    """The headers, fit to be a table's: printable, and no name twice in any case."""
    used = {header.strip().casefold() for header in table.headers}
    for header in headers:
        plain = header.strip() == header and header.isprintable() and 0 < len(header) <= _LONGEST
        if not plain or header.casefold() in used:
            raise sheet.problem("header_form", header=header)
        used.add(header.casefold())
    return tuple(headers)


def check_room(sheet: SheetPart, tables: Iterable[BookTable], area: Area) -> None:
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


class TableValues(NamedTuple):
    """The values of a table, and what stands beside those of its sheet."""

    frame: pd.DataFrame
    facts: SheetFacts


@no_circles()
def table_values(path: Path, table: BookTable) -> TableValues:
    """The rows below the header, as many as the table has, with its headers.

    Cells keep their types; of a formula it is the result that was saved. A blank cell is
    missing, an error its code, like ``#N/A``.
    """
    rows, facts = Sheets(path).rows(table.sheet)
    area, width = table.area, len(table.headers)
    left = area.left - 1
    blank: list[Any] = [""] * width
    found = [
        part if len(part) == width else part + blank[len(part) :]
        for row in rows[area.top : table.last_row]
        for part in (row[left : left + width],)
    ]
    found += [blank[:] for _ in range(len(table) - len(found))]
    del rows
    for row, column, code in facts.errors:
        if area.top <= row < table.last_row and left <= column < left + width:
            found[row - area.top][column - left] = code
    columns = zip(*found, strict=True) if found else [()] * width
    typed = {at: pd.Series(column_of(cells)) for at, cells in enumerate(columns)}
    # Single cells that stay would keep the memory around them, which millions of others leave:
    # once those are gone they are made anew, close together.
    mixed = pickle.dumps({at: cells for at, cells in typed.items() if cells.dtype == object})
    typed = {at: cells for at, cells in typed.items() if cells.dtype != object}
    del found, columns
    typed |= pickle.loads(mixed)  # noqa: S301 (made four lines above)
    frame = pd.DataFrame({at: typed[at] for at in range(width)})
    frame.columns = pd.Index(table.headers, dtype=object)
    return TableValues(frame, facts)


def resize(package: Package, workbook: WorkbookPart, table: BookTable, after: BookTable) -> None:
    """Rewrites what says how far the table reaches, where that has changed."""
    if after.area == table.area:
        return
    if table.part is not None:
        added = after.headers[len(table.headers) :]
        package.replace(table.part, grown(package, table, after.area, added))
        return
    name = workbook.sheet(table.sheet)
    sheet = SheetPart(package, name)
    old, area = sheet.filtered, table.area
    if old is None or (old.top, old.left, old.right) != (area.top, area.left, area.right):
        return
    bottom = after.area.bottom if old.bottom == area.bottom else old.bottom
    new = Area(old.top, old.left, bottom, after.area.right)
    package.replace(sheet.part, sheet.refiltered(old, new))
    package.replace(package.book_part, workbook.refiltered(name, old, new))
