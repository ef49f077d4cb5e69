"""Rows near the top of a sheet that may be the header of a table."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.patch.areas import Area, area_of
from sellersheet_workbook.patch.package import MAIN, Package, local_name
from sellersheet_workbook.patch.sheet import SheetPart
from sellersheet_workbook.patch.table_part import BookTable
from sellersheet_workbook.problems import FileProblem

SEARCHED_ROWS: Final = 20
_TEXT_KINDS: Final = ("s", "str", "inlineStr")
_ROW, _CELL, _ITEM = f"{{{MAIN}}}row", f"{{{MAIN}}}c", f"{{{MAIN}}}si"
_VALUE, _PHONETIC = f"{{{MAIN}}}v", f"{{{MAIN}}}rPh"


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """The texts of a row from its first to its last filled cell, "" where one is blank."""

    row: int
    left: int
    headers: tuple[str, ...]

    @property
    def area(self) -> Area:
        return Area(self.row, self.left, self.row, self.left + len(self.headers) - 1)


def header_rows(package: Package, sheet: SheetPart) -> tuple[HeaderRow, ...]:
    """The sheet's first 20 rows as far as they hold more than one text."""
    rows = list(_first_rows(sheet))
    wanted = {int(text) for _, cells in rows for kind, text in cells.values() if kind == "s"}
    shared = _shared_texts(package, wanted)
    found = []
    for row, cells in rows:
        texts = {
            column: (shared.get(int(text), "") if kind == "s" else text.removesuffix(".0")).strip()
            for column, (kind, text) in cells.items()
        }
        worded = {column for column, (kind, _) in cells.items() if kind in _TEXT_KINDS}
        if header := header_row(row, texts, worded):
            found.append(header)
    return tuple(found)


def header_row(row: int, texts: Mapping[int, str], worded: Collection[int]) -> HeaderRow | None:
    """The row of these texts by column; None unless more than one stands in a cell of text."""
    columns = [column for column, text in texts.items() if text]
    if sum(column in worded for column in columns) <= 1:
        return None
    across = range(min(columns), max(columns) + 1)
    return HeaderRow(row, min(columns), tuple(texts.get(column, "") for column in across))


def plain_table(sheet: SheetPart, header: HeaderRow) -> BookTable:
    """The header and the rows below, down to the last that has anything in its columns."""
    cells, area = sheet.index.cells, header.area
    column = cells.column
    filled = cells.row[cells.filled & (column >= area.left) & (column <= area.right)]
    bottom = max(int(filled.max(initial=0)), area.top)
    return BookTable("", sheet.name, area._replace(bottom=bottom), header.headers)


def _first_rows(sheet: SheetPart) -> Iterator[tuple[int, dict[int, tuple[str, str]]]]:
    """By row its number and its filled cells: column -> (type, text)."""
    index = sheet.index
    count = min(SEARCHED_ROWS, len(index.rows.number))
    if not count:
        return
    end = int(index.rows.start[count]) if count < len(index.rows.number) else index.end
    head = index.data[:end] + b"</%bsheetData>" % index.prefix
    root = head + b"</%bworksheet>" % index.prefix
    for number, row in zip(index.rows.number, sheet.parsed(root).iter(_ROW), strict=False):
        cells = {}
        column = 0
        for cell in row.iterfind(_CELL):
            column = area_of(cell.get("r", "")).left if cell.get("r") else column + 1
            kind = cell.get("t", "n")
            text = _joined(cell) if kind == "inlineStr" else cell.findtext(_VALUE)
            if text:
                cells[column] = (kind, text)
        yield int(number), cells


def _shared_texts(package: Package, wanted: Iterable[int]) -> dict[int, str]:
    """The shared strings asked for; what follows the last of them is not read."""
    left = set(wanted)
    parts = [
        link.target
        for link in package.links(package.book_part).values()
        if link.kind == "sharedStrings"
    ]
    found: dict[int, str] = {}
    if not left or not parts:
        return found
    data = io.BytesIO(package.read_xml(parts[0]))
    at = 0
    try:
        for _, item in ElementTree.iterparse(data):  # noqa: S314 - read_xml lets no entities by
            if item.tag != _ITEM:
                continue
            if at in left:
                found[at] = _joined(item)
                if len(found) == len(left):
                    break
            item.clear()
            at += 1
    except ElementTree.ParseError as error:
        raise FileProblem("damaged", path=package.path) from error
    return found


def _joined(item: ElementTree.Element) -> str:
    """The text of a cell or a shared string, without its reading aid."""
    texts = []
    for element in item:
        if local_name(element) == "t":
            texts.append(element.text or "")
        elif element.tag != _PHONETIC:
            texts.append(_joined(element))
    return "".join(texts)
