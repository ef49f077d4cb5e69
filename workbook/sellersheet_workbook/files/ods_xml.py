"""What an .ods sheet says in its XML that the cell reader leaves out: errors, currencies, %."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from sellersheet.intake.grid import Shown
from sellersheet_workbook.files.file_kind import Extent
from sellersheet_workbook.files.sheet_xml import SheetFacts

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_EXTENDED: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MOST: Final = 16_384  # columns that a repeated cell is counted for


def ods_facts(path: Path) -> dict[str, SheetFacts]:
    """The facts of each sheet, read in one pass that keeps no more than a row.

    A sheet whose cells would fill the memory is a FileProblem.
    """
    found: dict[str, SheetFacts] = {}
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        sheet = _Sheet()
        for event, item in ElementTree.iterparse(part, ("start", "end")):  # noqa: S314
            if item.tag == f"{_TABLE}table":
                if event == "start":
                    sheet = _Sheet()
                else:
                    name = item.get(f"{_TABLE}name", "")
                    sheet.extent.check(path, name)
                    found[name] = sheet.facts()
                    item.clear()
            elif event == "end" and item.tag == f"{_TABLE}table-row":
                sheet.add(item)
                item.clear()
    return found


class _Sheet:
    """What was met of a sheet so far."""

    def __init__(self) -> None:
        self.extent = Extent()
        self._row = 0
        self._found = SheetFacts()
        self._shown: dict[tuple[int, str, bool], list[int]] = {}

    def add(self, item: ElementTree.Element) -> None:
        """The next row, or several equal ones."""
        times = _count(item, "number-rows-repeated")
        column = 0
        for cell in item:
            if cell.tag in _CELLS:
                across = _count(cell, "number-columns-repeated")
                kind = cell.get(f"{_OFFICE}value-type", "")
                if kind or len(cell):
                    rows = range(self._row + 1, self._row + times + 1)
                    # Repeated, it stands once in the file.
                    self.extent.add(rows, range(column + 1, column + across + 1), 1)
                self._beside(cell, kind, column, min(across, _MOST))
                column += across
        self._row += times

    def _beside(self, cell: ElementTree.Element, kind: str, column: int, across: int) -> None:
        columns = range(column, column + across)
        if cell.get(f"{_EXTENDED}value-type") == "error":
            code = _code("".join(cell.itertext()) or "#N/A")
            self._found.errors.extend((self._row, at, code) for at in columns)
        elif kind in ("currency", "percentage"):
            code = cell.get(f"{_OFFICE}currency", "") if kind == "currency" else ""
            for at in columns:
                self._shown.setdefault((at, code, kind == "percentage"), []).append(self._row)
        down = _count(cell, "number-rows-spanned")
        if down > 1:
            right = column + _count(cell, "number-columns-spanned") - 1
            self._found.merged.append((self._row, column, self._row + down - 1, right))

    def facts(self) -> SheetFacts:
        """The facts, the rows of each number format together."""
        for (column, code, percent), places in self._shown.items():
            shown = Shown(np.array(places, dtype=np.int64), code, "", percent)
            self._found.shown.setdefault(column, []).append(shown)
        return self._found


def _count(item: ElementTree.Element, name: str) -> int:
    return max(int(item.get(f"{_TABLE}{name}", "1")), 1)


def _code(text: str) -> str:
    """Excel's code for what is shown; 错误:508 and Err:508 have none of their own."""
    shown = text.strip()
    return shown if shown.startswith("#") else "#VALUE!"
