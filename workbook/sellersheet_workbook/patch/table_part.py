"""Tables in a workbook on disk: what they say, which column a header names, how they grow.

Of an Excel table its part tells; a plain header row has none.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from sellersheet.intake import layout
from sellersheet.intake.grid import Beside, column_of
from sellersheet_workbook.files.guarded import no_circles
from sellersheet_workbook.files.reading import Sheets
from sellersheet_workbook.patch.areas import LAST_COLUMN, LAST_ROW, Area, area_of, cell_ref
from sellersheet_workbook.patch.filling import array_areas
from sellersheet_workbook.patch.package import MAIN, Package
from sellersheet_workbook.patch.sheet import SheetPart, main_prefix
from sellersheet_workbook.patch.sheet_index import KEY
from sellersheet_workbook.patch.workbook_part import WorkbookPart
from sellersheet_workbook.problems import EditProblem

_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTE: Final = {'"': "&quot;"}
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class BookTable:
    """A header and the rows below it.

    ``part`` is None for a plain header row that is no Excel table; ``name`` is then "".
    ``area`` holds the header, the rows and, with ``totals``, a row of totals. ``fed`` is
    a table that a query fills.
    """

    name: str
    sheet: str
    area: Area
    headers: tuple[str, ...]
    part: str | None = None
    totals: bool = False
    fed: bool = False

    @property
    def ref(self) -> str:
        return self.area.ref

    @property
    def first_row(self) -> int:
        """The first row below the header."""
        return self.area.top + 1

    @property
    def last_row(self) -> int:
        """The last row of data; the header's own where there is none."""
        return self.area.bottom - self.totals

    def __len__(self) -> int:
        return self.last_row - self.area.top


def read_table(package: Package, part: str, sheet: str) -> BookTable | None:
    """The table of a part; None for one without a header row."""
    return _parsed(package, part, sheet, package.tree(part))


def _parsed(package: Package, part: str, sheet: str, root: ElementTree.Element) -> BookTable | None:
    columns = root.findall(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn")
    headers = tuple(_decoded(column.get("name", "")) for column in columns)
    try:
        area = area_of(root.get("ref", ""))
    except ValueError as error:
        raise EditProblem("xml_form", path=package.path, part=part) from error
    if root.get("headerRowCount") == "0":
        return None
    totals = root.get("totalsRowCount", "0") != "0"
    if len(headers) != area.size[1] or area.bottom - totals < area.top:
        raise EditProblem("xml_form", path=package.path, part=part)
    fed = root.get("tableType", "worksheet") != "worksheet"
    name = root.get("displayName") or root.get("name") or ""
    return BookTable(name, sheet, area, headers, part, totals, fed)


def grown(package: Package, table: BookTable, area: Area, headers: tuple[str, ...]) -> bytes:
    """The table's part, over ``area`` and with ``headers`` added at its right end."""
    part = str(table.part)
    data = package.read_xml(part)
    prefix = main_prefix(package, part, data)
    root = package.parsed(data)
    columns = root.findall(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn")
    following = max(int(column.get("id", "0")) for column in columns) + 1
    bottom = area.bottom - table.totals
    filtered = Area(area.top, area.left, bottom, area.right).ref
    changes = [(rb'(<%btable\s[^<>]*?\sref=")[^"]*', area.ref)]
    if root.find(f"{{{MAIN}}}autoFilter") is not None:
        changes.append((rb'(<%bautoFilter\s[^<>]*?\bref=")[^"]*', filtered))
    changes.append((rb'(<%btableColumns\s[^<>]*?\bcount=")[^"]*', str(len(columns) + len(headers))))
    for pattern, text in changes:
        data, count = re.subn(pattern % prefix, rb"\g<1>" + text.encode(), data, count=1)
        if not count:
            raise EditProblem("xml_form", path=package.path, part=part)
    added = "".join(
        f'<{prefix.decode()}tableColumn id="{number}" name="{_encoded(header)}"/>'
        for number, header in enumerate(headers, following)
    )
    closing = b"</%btableColumns>" % prefix
    data = data.replace(closing, added.encode() + closing)
    wanted = replace(table, area=area, headers=table.headers + headers)
    if _parsed(package, part, table.sheet, package.parsed(data)) != wanted:
        raise EditProblem("xml_form", path=package.path, part=part)
    return data


def formula_columns(package: Package, table: BookTable) -> set[str]:
    """The headers of the columns that a formula fills in every new row."""
    if table.part is None:
        return set()
    columns = package.tree(table.part).iterfind(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn")
    formula = f"{{{MAIN}}}calculatedColumnFormula"
    return {
        header
        for header, column in zip(table.headers, columns, strict=True)
        if column.find(formula) is not None
    }


def without_formulas(package: Package, table: BookTable, headers: set[str]) -> bytes:
    """The table's part; the columns ``headers`` no longer have a formula for new rows."""
    part = str(table.part)
    data = package.read_xml(part)
    prefix = main_prefix(package, part, data)
    columns = rb"<%btableColumn\s[^<>]*?(?:/>|>.*?</%btableColumn>)" % (prefix, prefix)
    formula = rb"<%bcalculatedColumnFormula[\s>/].*?</%bcalculatedColumnFormula>" % (prefix, prefix)
    found = list(re.finditer(columns, data, re.DOTALL))
    if len(found) != len(table.headers):
        raise EditProblem("xml_form", path=package.path, part=part)
    for header, column in reversed(list(zip(table.headers, found, strict=True))):
        if header in headers:
            bare = re.sub(formula, b"", column[0], count=1, flags=re.DOTALL)
            data = data[: column.start()] + bare + data[column.end() :]
    package.parsed(data)
    return data


def _decoded(name: str) -> str:
    return _CODED.sub(lambda found: chr(int(found[1], 16)), name)


def _encoded(name: str) -> str:
    return escape(_CODED.sub(r"_x005F_x\1_", name), _QUOTE)


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
    """The values of a table, and what they can't say; places from its header on, from 0."""

    frame: pd.DataFrame
    beside: Beside


@no_circles()
def table_values(path: Path, table: BookTable) -> TableValues:
    """The rows below the header, as many as the table has, with its headers.

    Cells keep their types; of a formula it is the result that was saved. A blank cell is
    missing, an error its code, like ``#N/A``.
    """
    rows, facts = Sheets(path).rows(table.sheet)
    area, width = table.area, len(table.headers)
    left = area.left - 1
    over = layout.above(rows[: area.top - 1], left, width)
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
    up = area.top - 1
    beside = Beside(
        [(row - up, column - left) for row, column in facts.uncached],
        {
            column - left: [replace(part, rows=part.rows - up) for part in parts]
            for column, parts in facts.shown.items()
        },
        [(top - up, a - left, bottom - up, b - left) for top, a, bottom, b in facts.merged],
        [row - up for row in facts.totals],
        above=over,
    )
    return TableValues(frame, beside)


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
