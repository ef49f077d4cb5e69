"""The values of a table in a workbook on disk."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sellersheet.intake.grid import column_of
from sellersheet_workbook.patch.table_part import Table
from sellersheet_workbook.reading import Sheets
from sellersheet_workbook.sheet_xml import SheetFacts


class TableValues(NamedTuple):
    """The values of a table, and what stands beside those of its sheet."""

    frame: pd.DataFrame
    facts: SheetFacts


def table_values(path: Path, table: Table) -> TableValues:
    """The rows below the header, as many as the table has, with its headers.

    Cells keep their types; of a formula it is the result that was saved. A blank cell is
    missing, an error its code, like ``#N/A``.
    """
    rows, facts = Sheets(path).rows(table.sheet)
    area, width = table.area, len(table.headers)
    left = area.left - 1
    blank: list[Any] = [""] * width
    found = [
        part + blank[len(part) :]
        for row in rows[area.top : table.last_row]
        for part in (row[left : left + width],)
    ]
    found += [blank[:] for _ in range(len(table) - len(found))]
    del rows
    for row, column, code in facts.errors:
        if area.top <= row < table.last_row and left <= column < left + width:
            found[row - area.top][column - left] = code
    columns = zip(*found, strict=True) if found else [()] * width
    typed = {at: column_of(cells) for at, cells in enumerate(columns)}
    # Single cells that stay would keep the memory around them, which millions of others leave:
    # once those are gone they are made anew, close together.
    mixed = pickle.dumps({at: cells for at, cells in typed.items() if cells.dtype == object})
    typed = {at: cells for at, cells in typed.items() if cells.dtype != object}
    del found, columns
    typed |= pickle.loads(mixed)  # noqa: S301 (made four lines above)
    frame = pd.DataFrame({at: typed[at] for at in range(width)})
    frame.columns = pd.Index(table.headers, dtype=object)
    return TableValues(frame, facts)
