"""Excel tables: what their parts say, and the few places that change when they grow."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from sellersheet_workbook.patch.areas import Area, area_of
from sellersheet_workbook.patch.package import MAIN, Package
from sellersheet_workbook.patch.sheet import main_prefix
from sellersheet_workbook.problems import EditProblem

_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTE: Final = {'"': "&quot;"}


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
    if len(headers) != area.right - area.left + 1 or area.bottom - totals < area.top:
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
