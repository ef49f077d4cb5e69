"""The templates that tests look at: built and read once in each process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest.mock import patch

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.merge import MergedCellRange

from sellersheet.wording import Lang
from sellersheet_workbook.template import build, samples


@cache
def small(lang: Lang = "zh") -> bytes:
    """The sample orders in the least number of rows."""
    return build(lang, samples(lang, 60))


def formulas(content: bytes) -> Any:
    """As openpyxl reads it; only to be looked at."""
    return _read(content, saved=False)


def values(content: bytes) -> Any:
    """The same with the saved values in place of the formulas."""
    return _read(content, saved=True)


def cells(sheet: Any) -> Iterator[Any]:
    """The cells that a sheet has, row by row; ``iter_rows`` makes all others too."""
    return (sheet._cells[at] for at in sorted(sheet._cells))


@cache
def texts_of_formulas(content: bytes) -> dict[tuple[str, str], str]:
    """Every formula by sheet and place, arrays too."""
    found = {}
    for sheet in formulas(content).worksheets:
        for cell in cells(sheet):
            if isinstance(cell.value, ArrayFormula):
                found[sheet.title, cell.coordinate] = cell.value.text
            elif cell.data_type == "f":
                found[sheet.title, cell.coordinate] = cell.value
    return found


@cache
def _read(content: bytes, *, saved: bool) -> Any:
    # The borders of merged cells, which nobody looks at, take more than half of the time.
    with patch.object(MergedCellRange, "format"):
        return openpyxl.load_workbook(io.BytesIO(content), data_only=saved)
