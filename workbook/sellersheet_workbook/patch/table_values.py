"""The values of a table in a workbook on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sellersheet.intake.grid import column_of
from sellersheet_workbook.files.reading import Sheets
from sellersheet_workbook.patch.table_part import Table


def table_values(path: Path, table: Table) -> pd.DataFrame:
    """The rows below the header, as many as the table has, with its headers.

    Cells keep their types; of a formula it is the result that was saved. A blank cell is
    missing, an error its code, like ``#N/A``.
    """
    rows, facts = Sheets(path).rows(table.sheet)
    area, width = table.area, len(table.headers)
    left = area.left - 1
    found: list[list[Any]] = [row[left : left + width] for row in rows[area.top : table.last_row]]
    blank: list[Any] = [""] * width
    found = [row + blank[len(row) :] for row in found] + [blank] * (len(table) - len(found))
    for row, column, code in facts.errors:
        if area.top <= row < table.last_row and left <= column < left + width:
            found[row - area.top][column - left] = code
    columns = zip(*found, strict=True) if found else [()] * width
    frame = pd.DataFrame({at: column_of(cells) for at, cells in enumerate(columns)})
    frame.columns = pd.Index(table.headers, dtype=object)
    return frame
