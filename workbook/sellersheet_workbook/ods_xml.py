"""What an .ods sheet says in its XML that the cell reader leaves out: errors, currencies, %."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from sellersheet.intake.grid import Shown
from sellersheet_workbook.sheet_xml import SheetFacts

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_EXTENDED: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MOST: Final = 16_384  # columns that a repeated cell is counted for


def ods_facts(path: Path, sheet: str) -> SheetFacts:
    """The facts of a sheet, read in one pass that keeps no more than a row."""
    found = SheetFacts()
    rows: dict[tuple[int, str, bool], list[int]] = {}
    row, here = 0, False
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        for event, item in ElementTree.iterparse(part, ("start", "end")):  # noqa: S314
            if item.tag == f"{_TABLE}table":
                if event == "start":
                    here = item.get(f"{_TABLE}name") == sheet
                elif here:
                    break
            elif event == "end" and item.tag == f"{_TABLE}table-row":
                times = int(item.get(f"{_TABLE}number-rows-repeated", "1"))
                if here:
                    _row(item, row, found, rows)
                    row += times
                item.clear()
    for (column, code, percent), places in rows.items():
        shown = Shown(np.array(places, dtype=np.int64), code, "", percent)
        found.shown.setdefault(column, []).append(shown)
    return found


def _row(
    item: ElementTree.Element,
    row: int,
    found: SheetFacts,
    rows: dict[tuple[int, str, bool], list[int]],
) -> None:
    column = 0
    for cell in item:
        if cell.tag not in _CELLS:
            continue
        times = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _MOST)
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        kind = cell.get(f"{_OFFICE}value-type", "")
        if cell.get(f"{_EXTENDED}value-type") == "error":
            text = "".join(cell.itertext()) or "#N/A"
            found.errors.extend((row, at, _code(text)) for at in range(column, column + times))
        elif kind in ("currency", "percentage"):
            code = cell.get(f"{_OFFICE}currency", "") if kind == "currency" else ""
            for at in range(column, column + times):
                rows.setdefault((at, code, kind == "percentage"), []).append(row)
        if down > 1:
            across = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
            found.merged.append((row, column, row + down - 1, column + across - 1))
        column += times


def _code(text: str) -> str:
    """Excel's code for what is shown; 错误:508 and Err:508 have none of their own."""
    shown = text.strip()
    return shown if shown.startswith("#") else "#VALUE!"
