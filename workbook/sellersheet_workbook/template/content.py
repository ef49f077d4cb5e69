"""What a copy of the template is filled with: the samples, or the user's own orders."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from sellersheet.cells import read_cells
from sellersheet.columns import INPUT
from sellersheet.headers import match
from sellersheet.wording import Lang, Problem, Wording
from sellersheet.wrong import Wrong
from sellersheet_workbook.orders_import.rows import as_cells
from sellersheet_workbook.reading import read_frame
from sellersheet_workbook.template.samples import sample_rows

ROWS: Final = 2000
FEWEST: Final = 50
MOST: Final = 20_000
_SPARE: Final = 500


class TemplateProblem(Problem):
    """A template that can't be made as asked."""

    wording = Wording("sellersheet_workbook.template", "problems.toml")


@dataclass(frozen=True, slots=True)
class Content:
    """``lines`` are order lines by column key; ``rows`` is how many lines are live."""

    lines: list[dict[str, Any]]
    rows: int = ROWS
    sample: bool = True


def samples(lang: Lang, rows: int = ROWS) -> Content:
    """The invented orders that the template comes with."""
    return Content(sample_rows(lang), checked(rows))


def own_orders(path: str | os.PathLike[str], lang: Lang, rows: int | None = None) -> Content:
    """The orders of a file. A cell that can't be read stands as it is: its row then says why."""
    frame = read_frame(path).frame
    if rows is None:
        rows = max(ROWS, -(-len(frame) // _SPARE) * _SPARE)
        if rows > MOST:
            raise TemplateProblem("too_many_orders", path=path, count=f"{len(frame):,}", most=MOST)
    if len(frame) > checked(rows):
        raise TemplateProblem("beyond_rows", path=path, count=f"{len(frame):,}", rows=rows)
    places = match(frame.columns, "orders")
    if "paid_cny" not in places:
        raise TemplateProblem("no_orders", path=path)
    columns = {
        item.key: _cells(frame.iloc[:, places[item.key]], item.key, lang)
        for item in INPUT
        if item.key in places
    }
    lines = [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]
    return Content(lines, rows, sample=False)


def checked(rows: int) -> int:
    """The number of live rows, when it can be had."""
    if not FEWEST <= rows <= MOST:
        raise TemplateProblem("rows", rows=rows, fewest=FEWEST, most=MOST)
    return rows


def _cells(raw: pd.Series[Any], key: str, lang: Lang) -> list[Any]:
    """A column as cells of a sheet: numbers and days where they can be read, else as they came."""
    item = next(item for item in INPUT if item.key == key)
    read = read_cells(item, raw)
    given = ~read.blank & (read.wrong == Wrong.NONE)
    typed = as_cells(item, read.values, given, lang).astype(object).tolist()
    as_came = [None if gap else cell for cell, gap in zip(raw.tolist(), read.blank, strict=True)]
    cells = [new if fine else old for new, fine, old in zip(typed, given, as_came, strict=True)]
    return [
        cell.to_pydatetime().date() if isinstance(cell, pd.Timestamp) else cell for cell in cells
    ]
