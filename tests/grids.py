"""A file's cells under its first filled row, for tests of reading: no column is understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sellersheet.intake import layout
from sellersheet_workbook.files.reading import read_grid


@dataclass(frozen=True)
class Cells:
    """``first_row`` is the sheet row of the frame's first; ``ragged`` are sheet rows."""

    frame: pd.DataFrame
    sheet: str | None
    encoding: str | None
    first_row: int
    ragged: tuple[int, ...]


def read_frame(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> Cells:
    """The cells as they stand; labels keep their spaces and line breaks."""
    grid = read_grid(path, sheet=sheet, encoding=encoding)
    found = layout.find(grid, lambda labels: 0.0)
    assert found is not None
    body = grid.below(found.at)
    frame, first = body.frame, grid.first_row + found.at + 1
    while not any(found.labels[frame.shape[1] - 1 :]) and frame.iloc[:, -1].isna().all():
        frame = frame.iloc[:, :-1]
    labels = [*found.labels, *[""] * body.frame.shape[1]][: frame.shape[1]]
    frame = frame.set_axis(pd.Index(labels, dtype=object), axis=1)
    ragged = tuple(first + at for at in body.ragged)
    return Cells(frame, grid.sheet, grid.encoding, first, ragged)
