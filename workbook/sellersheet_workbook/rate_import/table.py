"""The cells of a price sheet below its header: merged cells filled, remarks set apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from sellersheet.intake.grid import Grid, Shown
from sellersheet.intake.layout import Layout
from sellersheet_workbook.rate_import.found import Findings, RateSheetProblem

_REMARK: Final = re.compile(
    r"备\s*注|注\s*[:\uff1a\d]|说明|附注|注意|温馨提示|note|remark|\*", re.I
)
_SHOWN: Final = 120


@dataclass
class CarrierSheet:
    """``cells`` by column, None where blank; ``n`` rows, of which ``skipped`` are no rates."""

    labels: list[str]
    cells: list[list[Any]]
    n: int
    first_row: int
    titles: tuple[str, ...]
    name: str
    others: tuple[str, ...]
    uncached: frozenset[tuple[int, int]]
    shown: Mapping[int, list[Shown]]
    skipped: set[int] = field(default_factory=set)

    def column(self, at: int) -> list[Any]:
        """The cells of one column."""
        return self.cells[at] if at < len(self.cells) else [None] * self.n

    def filled(self, row: int) -> bool:
        """Whether the row holds anything."""
        return row not in self.skipped and any(column[row] is not None for column in self.cells)


def plain_text(cell: object) -> str:
    """A cell as it is compared: without width and case."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).casefold().strip()


def sheet_of(
    grid: Grid, found: Layout, findings: Findings
) -> tuple[CarrierSheet, list[RateSheetProblem]]:
    """The sheet below the header, and a problem for each row that is a remark."""
    frame = grid.below(found.at).frame
    labels = list(found.labels[: frame.shape[1]])
    labels += [""] * (frame.shape[1] - len(labels))
    cells = [_column(frame.iloc[:, at].astype(object)) for at in range(frame.shape[1])]
    beside = grid.beside
    down = found.at + 1
    shown = {
        at: [Shown(part.rows - down, part.currency, part.unit, part.percent) for part in parts]
        for at, parts in beside.shown.items()
    }
    sheet = CarrierSheet(
        labels, cells, len(frame), findings.first_row, found.titles, grid.sheet or "",
        tuple(grid.others), frozenset((row - down, at) for row, at in beside.uncached), shown,
    )  # fmt: skip
    remarks = _set_remarks_apart(sheet)
    _fill_merged(sheet, beside.merged, down, findings)
    return sheet, remarks


def fill_down(sheet: CarrierSheet, at: int, findings: Findings, *, asked: bool, hint: bool) -> None:
    """The value above in each blank cell of a filled row, when that is asked for."""
    column = sheet.column(at)
    gaps = [row for row, cell in enumerate(column) if cell is None and sheet.filled(row)]
    gaps = [row for row in gaps if any(column[above] is not None for above in range(row))]
    if not gaps:
        return
    header = sheet.labels[at]
    if not asked:
        if hint:
            findings.note("fill_down_hint", header=header)
        return
    for row in gaps:
        column[row] = next(
            column[above] for above in range(row - 1, -1, -1) if column[above] is not None
        )
    findings.note("filled", header=header, count=len(gaps))


def _column(cells: Iterable[Any]) -> list[Any]:
    return [None if pd.isna(cell) or not str(cell).strip() else cell for cell in cells]


def _set_remarks_apart(sheet: CarrierSheet) -> list[RateSheetProblem]:
    """Rows of words alone, in one cell: they may speak of prices, so they are shown."""
    found = []
    for row in range(sheet.n):
        filled = [column[row] for column in sheet.cells if column[row] is not None]
        if not filled or not isinstance(filled[0], str):
            continue
        lone = len(filled) == 1 and sheet.cells[0][row] is not None and len(sheet.cells) > 2
        worded = _REMARK.match(filled[0].strip()) is not None
        if (lone and (worded or len(filled[0]) > 20)) or (worded and len(filled) <= 2):
            sheet.skipped.add(row)
            text = " ".join(str(cell).strip() for cell in filled)
            text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
            found.append(RateSheetProblem("remark", row=row + sheet.first_row, text=text))
    return found


def _fill_merged(
    sheet: CarrierSheet, areas: Iterable[tuple[int, int, int, int]], down: int, findings: Findings
) -> None:
    count = 0
    for top, left, bottom, _ in areas:
        first = top - down
        if first < 0 or first >= sheet.n or left >= len(sheet.cells) or first in sheet.skipped:
            continue
        column = sheet.cells[left]
        for row in range(first + 1, min(bottom - down + 1, sheet.n)):
            if column[row] is None and column[first] is not None and sheet.filled(row):
                column[row] = column[first]
                count += 1
    if count:
        findings.note("merged", count=count)
