"""A grid as typed columns: at most one issue for a bad row, and an account of every header and row.

Rows keep their order and number; a bad row never touches another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet import columns
from sellersheet.cells import Numbered, Typed, filled
from sellersheet.columns import Wrong
from sellersheet.exchange import FxRates
from sellersheet.intake import layout
from sellersheet.intake.columns_read import Read, read_columns
from sellersheet.intake.doubts import NOTHING_ASKED, Asked, Remark, weight_of
from sellersheet.intake.evidence import Evidence
from sellersheet.intake.grid import Body, Columns, Grid, grid_of_frame
from sellersheet.intake.headers import (
    MOST_COLUMNS,
    Fate,
    Said,
    TableProblem,
    Understood,
    score,
    understand,
)
from sellersheet.intake.missing import require
from sellersheet.intake.order_lines import by_shop
from sellersheet.intake.order_rows import Judged, Rows, by_themselves, judge
from sellersheet.intake.remarks import about_headers
from sellersheet.intake.rows_joined import joined
from sellersheet.intake.titles import as_titled
from sellersheet.issues import Issues
from sellersheet.money import Ints, Mask

Array = npt.NDArray[Any]
_FIRST: Final = 50  # cells of a column that may tell its header


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read.

    ``columns`` holds every known column that is present or has a default: money in cents
    and rates in units of 1e-9 (int64), counts int64, dates as int32 days since 1970-01-01,
    yes/no as bool, choices as int8 positions, countries and texts as str objects, other
    numbers float64. Blank and wrong cells hold the default, or 0, "" or no; ``blank`` marks
    the blanks of columns without a default. ``bad`` rows have an issue; ``empty`` rows are
    blank in every known column; rows ``left`` out are totals and orders not paid; so every
    row is used, bad, empty or left. ``order`` tells the orders apart: the same number on the
    rows of one order, None where each row is an order of its own. ``given`` is where a cell of
    a column holds something that could be read. ``doubts`` has the rows of
    each doubt by its code; ``fates`` tells what each header was taken for, ``remarks`` what
    has to be known of the whole.
    """

    name: str
    columns: Mapping[str, Array]
    blank: dict[str, Mask]
    issues: Issues
    bad: Mask
    empty: Mask
    left: Mask
    body: Columns
    header: dict[str, str]
    order: Ints | None
    given: dict[str, Mask]
    doubts: dict[str, Mask]
    fates: tuple[Fate, ...]
    remarks: tuple[Remark, ...]

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.body)

    @property
    def raw(self) -> pd.DataFrame:
        """The rows as they came."""
        return self.body.frame

    @property
    def used(self) -> Mask:
        """The rows that can be computed."""
        found: Mask = ~(self.bad | self.empty | self.left)
        return found

    @property
    def extra(self) -> list[str]:
        """The headers that stand for no column."""
        return [fate.header for fate in self.fates if not fate.key]


@dataclass(frozen=True)
class Part:
    """The rows of a grid typed, before those of one order are looked at together.

    ``body`` are the rows as they came. ``first_row`` is the sheet row of the first of them;
    ``rows`` are those of all, where they do not follow each other.
    """

    rows: Rows
    body: Columns
    fates: tuple[Fate, ...]
    first_row: int
    numbers: Ints | None
    ragged: Sequence[int]
    remarks: tuple[Remark, ...]

    def sheet_rows(self) -> Ints:
        """The sheet row of each row."""
        if self.numbers is not None:
            return self.numbers
        return np.arange(len(self.body)) + self.first_row


def read_table(
    source: Grid | pd.DataFrame,
    table: str = "orders",
    *,
    fx: FxRates | None = None,
    asked: Asked = NOTHING_ASKED,
    first_row: int = 2,
    rows: Ints | None = None,
) -> Table:
    """The known columns of a grid, typed and checked; a frame's labels are its header.

    ``first_row`` is the sheet row of a frame's first row; ``rows`` are those of all its
    rows, where they do not follow each other. ``fx`` turns amounts in other currencies into
    CNY by the row's order date. A table that can't be read at all is a TableProblem.
    """
    if isinstance(source, pd.DataFrame):
        source = grid_of_frame(source, first_row, rows=rows)
    said = Said(asked.columns, asked.remembered)
    found = layout.find(source, lambda labels: score(labels, table, said), asked.header_row)
    if found is None:
        raise TableProblem("no_rows")
    below = source.below(found.at)
    labels = _without_blank_end(below.columns, found.labels)
    if max(len(labels), len(found.labels)) > MOST_COLUMNS:
        raise TableProblem("too_wide", count=len(labels), most=MOST_COLUMNS)
    body = below.columns.under(labels)
    if not len(body):
        require(labels, table, understand(labels, table, said).places, None, source.others)
        raise TableProblem("no_rows")
    start = source.first_row + found.at + 1
    cells = first_cells(body)
    understood = understand(labels, table, said, cells)
    require(labels, table, understood.places, cells, source.others, asked.needed)
    understood, titled = as_titled(source.beside.above | found.above, understood, asked, table)
    rows_read = _rows(source, found.at, body, table, understood, asked, fx)
    return put_together(
        [Part(rows_read, body, understood.fates, start, below.rows, below.ragged, (
            *(Remark("titled", {"title": title}, warns=True) for title in titled),
            *about_headers(table, understood, labels, cells, rows_read.read, source, found.at,
                           asked),
            *rows_read.remarks))],
        table, asked,
    )  # fmt: skip


def read_part(
    frame: pd.DataFrame,
    understood: Understood,
    evidence: Evidence,
    numbers: Ints | None = None,
    *,
    fx: FxRates | None = None,
    asked: Asked = NOTHING_ASKED,
) -> Part:
    """Some rows of a table of orders whose headers and columns were looked at as a whole.

    ``numbers`` are the sheet rows. What is needed and not there was told before.
    """
    body = Columns.of(frame).under([fate.header for fate in understood.fates])
    grid = Grid((), lambda _: Body(body))
    rows = _rows(grid, -1, body, "orders", understood, asked, fx, evidence)
    return Part(rows, body, understood.fates, 2, numbers, (), rows.remarks)


def put_together(
    parts: Sequence[Part], table: str = "orders", asked: Asked = NOTHING_ASKED
) -> Table:
    """The parts as one table, whatever columns each has; the rows of an order may stand in
    several. Of several parts the rows as they came are not kept."""
    rows = joined([part.rows for part in parts])
    first = parts[0]
    body, numbers = first.body, first.numbers
    if len(parts) > 1:
        body = Columns([], len(rows.totals), [])
        numbers = np.concatenate([part.sheet_rows() for part in parts])
    judged = judge(rows, asked)
    body.forget_forms()
    return _assembled(
        table, rows.read, judged, body, first.fates, (first.first_row, numbers), first.ragged,
        (*judged.remarks, *first.remarks),
    )  # fmt: skip


def doubtful_rows(table: Table) -> dict[str, int]:
    """How many rows each doubt is about: those it leaves out, or those that are computed."""
    found = {
        code: np.count_nonzero(rows & (table.left if weight_of(code) == "left" else table.used))
        for code, rows in table.doubts.items()
    }
    return {code: int(count) for code, count in found.items() if count}


def first_cells(body: Columns) -> Callable[[int], list[Any]]:
    """The first cells of each column, by which some headers are known."""

    def cells(at: int) -> list[Any]:
        if at >= body.width:
            return []
        cells = body.cells(at)[:_FIRST]
        found = cells.astype(object)
        return [None if gap else cell for cell, gap in zip(found, cells.isna(), strict=True)]

    return cells


def _rows(
    grid: Grid, at: int, body: Columns, table: str, understood: Understood, asked: Asked,
    fx: FxRates | None, evidence: Evidence | None = None,
) -> Rows:  # fmt: skip
    read = read_columns(body, table, understood, grid.beside, at, asked, fx, evidence)
    ids = understood.places.get("order_id")
    named = evidence is not None and evidence.named
    totals = layout.total_rows(body, None if ids is None else ids.at, named)
    for row in grid.beside.totals:  # said so by the sheet's table
        if 0 <= row - at - 1 < len(totals):
            totals[row - at - 1] = True
    results = [fate.at for fate in understood.fates if fate.how == "result"]
    return by_themselves(read, body, understood.places, totals, asked, evidence, results)


def _without_blank_end(body: Columns, labels: Sequence[str]) -> list[str]:
    """A label a column, without those at the right end that have neither a header nor a cell."""
    width = body.width
    while width and not any(labels[width - 1 : width]) and body.cells(width - 1).isna().all():
        width -= 1
    return [*labels[:width], *[""] * (width - len(labels))]


def _assembled(
    table: str, read: Read, judged: Judged, body: Columns, fates: tuple[Fate, ...],
    numbered: tuple[int, Ints | None], ragged: Sequence[int], remarks: tuple[Remark, ...],
) -> Table:  # fmt: skip
    found, present = read.cells, read.columns
    empty: Mask = np.logical_and.reduce([found[item.key].blank for item in present])
    if len(ragged):
        next(iter(found.values())).wrong[np.asarray(ragged)] = Wrong.RAGGED
    left = judged.left & ~empty
    issues = _issues(table, read, empty | left, numbered)
    bad = np.zeros(len(body), dtype=bool)
    bad[issues.at] = True
    typed = Typed(
        {item.key: found[item.key] for item in present},
        {
            item.key: filled(item, len(body))
            for item in columns.TABLES[table]
            if item.key not in found and item.default is not None
        },
    )
    return Table(
        name=table,
        columns=typed,
        blank={item.key: found[item.key].blank for item in present if item.default is None},
        issues=issues,
        bad=bad,
        empty=empty,
        left=left,
        body=body,
        header={item.key: read.header[item.key] for item in present},
        order=_orders(read, judged.ids),
        given={
            item.key: ~found[item.key].blank & (found[item.key].wrong == Wrong.NONE)
            for item in present
        },
        doubts={code: mask for code, mask in judged.doubts.items() if mask.any()},
        fates=fates,
        remarks=remarks,
    )


def _issues(table: str, read: Read, passed: Mask, numbered: tuple[int, Ints | None]) -> Issues:
    """The first wrong column of each row that is not passed over."""
    beside = [key for key in read.unread if key in read.header]
    named = (*read.columns, *(columns.column(f"{table}_beside", key) for key in beside))
    which = np.zeros(len(passed), dtype=np.int16)
    code = np.zeros(len(passed), dtype=np.uint8)
    count = np.zeros(len(passed), dtype=np.int16)
    for position in reversed(range(len(named))):
        key = named[position].key
        wrong = read.unread[key] if key in beside else read.cells[key].wrong
        at = np.flatnonzero(wrong)
        at = at[~passed[at]]
        which[at], code[at] = position, wrong[at]
        count[at] += 1
    at = np.flatnonzero(count)
    titles = tuple(read.header[item.key] for item in named)
    shown = tuple(read.shown[item.key] for item in named)
    headers = {position: read.headers[item.key] for position, item in enumerate(named)
               if item.key in read.headers}  # fmt: skip
    return Issues(
        numbered[0], named, titles, shown, at, which[at], code[at], count[at] - 1, numbered[1],
        headers,
    )  # fmt: skip


def _orders(read: Read, ids: Numbered | None) -> Ints | None:
    """One number for the rows of one shop and order number; a blank number is its own order."""
    if ids is None:
        return None
    codes, distinct = by_shop(read.cells, ids)
    codes = codes.copy()
    own = np.flatnonzero(ids.blank)
    codes[own] = distinct + np.arange(len(own))
    seen = np.zeros(distinct + len(own), dtype=bool)
    seen[codes] = True
    return None if seen.sum() == len(codes) else codes
