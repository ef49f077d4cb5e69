"""Several sheets that hold the same table, read as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from sellersheet.intake import layout
from sellersheet.intake.grid import Beside, Body, Columns, Grid, Shown
from sellersheet.intake.headers import score
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet_workbook.batch", "batch.toml")


def joined(grids: Sequence[Grid], lang: Lang) -> Grid:
    """One grid of the rows of all, with a first column that names their sheet.

    A header that only some sheets have is a column that is blank for the others.
    """
    if len(grids) == 1:
        return grids[0]
    frames, rows, headers = [], [], []
    for grid in grids:
        found = layout.find(grid, lambda labels: score(labels, "orders"))
        at = found.at if found else 0
        body = grid.below(at)
        labels = list(found.labels if found else ())[: body.frame.shape[1]]
        labels += [""] * (body.frame.shape[1] - len(labels))
        frame = body.frame.set_axis(pd.MultiIndex.from_tuples(_numbered(labels)), axis=1)
        frame.insert(0, (WORDS("sheet", lang), 0), grid.sheet or "")
        frames.append(frame.astype(object))
        rows.append(np.arange(len(frame)) + grid.first_row + at + 1)
        headers.append(at)
    whole = pd.concat(frames, ignore_index=True)
    names = list(whole.columns)
    starts = np.cumsum([0, *map(len, frames)])
    beside = _together(
        [
            _moved(grid.beside, start - at, [names.index(name) for name in frame.columns[1:]])
            for grid, frame, start, at in zip(grids, frames, starts, headers, strict=False)
        ]
    )
    absent = {
        at: np.concatenate(
            [
                np.arange(start, start + len(frame)) + 1
                for frame, start in zip(frames, starts, strict=False)
                if name not in frame
            ]
        )
        for at, name in enumerate(names)
        if not all(name in frame for frame in frames)
    }
    beside = replace(beside, absent=absent)
    whole.columns = pd.RangeIndex(whole.shape[1])
    whole = whole.where(whole.notna(), None)
    numbers = np.concatenate(rows)
    header = [str(name[0]) for name in names]
    body = Body(Columns.of(whole), (), numbers)
    return Grid([header], lambda _: body, beside=beside, sheet=grids[0].sheet)


def _moved(beside: Beside, down: int, columns: Sequence[int]) -> Beside:
    """What stands beside a sheet's cells, at their places in the whole."""
    return Beside(
        [(row + down, columns[at]) for row, at in beside.uncached if at < len(columns)],
        {
            columns[at]: [replace(part, rows=part.rows + down) for part in parts]
            for at, parts in beside.shown.items()
            if at < len(columns)
        },
        [
            (top + down, columns[left], bottom + down, columns[left])
            for top, left, bottom, _ in beside.merged
            if left < len(columns)
        ],
        [row + down for row in beside.totals],
    )


def _together(parts: Sequence[Beside]) -> Beside:
    shown: dict[int, list[Shown]] = {}
    for part in parts:
        for at, found in part.shown.items():
            shown.setdefault(at, []).extend(found)
    return Beside(
        [place for part in parts for place in part.uncached],
        shown,
        [area for part in parts for area in part.merged],
        [row for part in parts for row in part.totals],
    )


def _numbered(labels: Sequence[str]) -> list[tuple[str, int]]:
    """Labels told apart where one stands twice."""
    return [(label, labels[:at].count(label)) for at, label in enumerate(labels)]
