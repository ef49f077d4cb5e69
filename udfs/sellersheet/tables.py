"""A raw frame as typed columns, with at most one issue for a bad row.

Rows keep their order and number; a bad row never touches another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet import columns, money
from sellersheet.cells import Cells, Days, filled, read_cells
from sellersheet.columns import Column
from sellersheet.exchange import UNDATED, FxRates
from sellersheet.headers import MOST_COLUMNS, TableProblem, header_text, match, require
from sellersheet.issues import Issues
from sellersheet.money import Ints, Mask
from sellersheet.wrong import Wrong

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read.

    ``columns`` holds every known column that is present or has a default: money in cents
    and rates in units of 1e-9 (int64), counts int64, dates as int32 days since 1970-01-01,
    yes/no as bool, choices as int8 positions, countries and texts as str objects, other
    numbers float64. Blank and wrong cells hold the default, or 0, "" or no; ``blank`` marks
    the blanks of columns without a default. ``bad`` rows have an issue; ``empty`` rows are
    blank in every known column. ``order`` tells the orders apart: the same number on the
    rows of one order, None where each row is an order of its own.
    """

    name: str
    columns: dict[str, Array]
    blank: dict[str, Mask]
    issues: Issues
    bad: Mask
    empty: Mask
    raw: pd.DataFrame
    header: dict[str, str]
    extra: list[str]
    order: Ints | None

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.raw)


def read_table(
    frame: pd.DataFrame,
    table: str = "orders",
    *,
    fx: FxRates | None = None,
    rename: Mapping[str, str] | None = None,
    first_row: int = 2,
    ragged: Sequence[int] = (),
    rows: Ints | None = None,
) -> Table:
    """The frame's known columns typed and checked.

    ``first_row`` is the sheet row of the frame's first row; ``rows`` are those of all its
    rows, where they do not follow each other; ``rename`` says which column a
    header of the file stands for; ``fx`` turns amounts with a currency sign into CNY by the
    row's order date; ``ragged`` are sheet rows that had more cells than the header: they
    are refused. A table that can't be read at all is a TableProblem.
    """
    if frame.shape[1] > MOST_COLUMNS:
        raise TableProblem("too_wide", count=frame.shape[1], most=MOST_COLUMNS)
    if frame.shape[0] == 0:
        raise TableProblem("no_rows")
    places = match(frame.columns, table, rename)
    require(frame, table, places, first_row)
    present = tuple(item for item in columns.TABLES[table] if item.key in places)
    raw = tuple(frame.iloc[:, places[item.key]] for item in present)
    found = _read(present, raw, fx)
    empty: Mask = np.logical_and.reduce([cells.blank for cells in found.values()])
    if len(ragged):
        next(iter(found.values())).wrong[np.asarray(ragged) - first_row] = Wrong.RAGGED
    issues = _issues(present, raw, list(found.values()), empty, (first_row, rows))
    bad = np.zeros(len(frame), dtype=bool)
    bad[issues.at] = True
    typed = {key: cells.values for key, cells in found.items()}
    for item in columns.TABLES[table]:
        if item.key not in typed and item.default is not None:
            typed[item.key] = filled(item, len(frame))
    taken = set(places.values())
    labels = [header_text(label) for label in frame.columns]
    return Table(
        name=table,
        columns=typed,
        blank={item.key: found[item.key].blank for item in present if item.default is None},
        issues=issues,
        bad=bad,
        empty=empty,
        raw=frame,
        header={key: labels[at] for key, at in places.items()},
        extra=[label for at, label in enumerate(labels) if at not in taken],
        order=_orders(typed),
    )


def fx_rates(table: Table) -> FxRates:
    """The exchange rates of a table ``fx``, without its bad and empty rows."""
    use = ~(table.bad | table.empty)
    starts = np.full(table.n, UNDATED, dtype=np.int64)
    if "start" in table.columns:
        starts = np.where(table.blank["start"], UNDATED, table.columns["start"])
    units = money.rate_units(table.columns["rate"])
    entries = (table.columns["currency"][use], starts[use].tolist(), units[use].tolist())
    return FxRates.of(zip(*entries, strict=True))


def _read(
    present: Iterable[Column], raw: Iterable[pd.Series[Any]], fx: FxRates | None
) -> dict[str, Cells]:
    """The columns in their own order, in which the order date stands before the amounts."""
    found: dict[str, Cells] = {}
    days: Days | None = None
    for item, cells in zip(present, raw, strict=True):
        read = found[item.key] = read_cells(item, cells, days, fx)
        if item.key == "order_date":
            days = Days(read.values.astype(np.int64), ~read.blank & (read.wrong == 0))
    return found


def _issues(
    present: tuple[Column, ...],
    raw: tuple[pd.Series[Any], ...],
    found: Sequence[Cells],
    empty: Mask,
    numbered: tuple[int, Ints | None],
) -> Issues:
    """The first wrong column of each row that is not empty."""
    which = np.zeros(len(empty), dtype=np.int16)
    code = np.zeros(len(empty), dtype=np.uint8)
    count = np.zeros(len(empty), dtype=np.int16)
    for position in reversed(range(len(found))):
        wrong = found[position].wrong
        at = np.flatnonzero(wrong)
        at = at[~empty[at]]
        which[at], code[at] = position, wrong[at]
        count[at] += 1
    at = np.flatnonzero(count)
    return Issues(numbered[0], present, raw, at, which[at], code[at], count[at] - 1, numbered[1])


def _orders(typed: Mapping[str, Array]) -> Ints | None:
    """One number for the rows of one shop and order number; a blank number is its own order."""
    if "order_id" not in typed:
        return None
    codes, distinct, blank = _groups(typed["order_id"])
    if "shop" in typed:
        shops, _, _ = _groups(typed["shop"])
        codes, pairs = pd.factorize(shops * distinct + codes)
        distinct = len(pairs)
    own = np.flatnonzero(blank)
    codes[own] = distinct + np.arange(len(own))
    seen = np.zeros(distinct + len(own), dtype=bool)
    seen[codes] = True
    return None if seen.sum() == len(codes) else codes


def _groups(texts: Array) -> tuple[Ints, int, Mask]:
    """A number for each distinct text, how many there are, and where the text is blank."""
    encoded = pa.array(texts, type=pa.large_string()).dictionary_encode()
    blank = pc.equal(encoded.dictionary, "").to_numpy(zero_copy_only=False)
    codes = encoded.indices.to_numpy().astype(np.int64)
    return codes, len(blank), blank[codes]
