"""Typed order rows, column by column, with where each came from; and rows put together.

Of one shop, order, SKU and line the later cell that is not blank counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.cells import filled
from sellersheet.columns import INPUT, Column, column
from sellersheet.intake.grid import TEXT
from sellersheet.money import RATE_UNIT, Ints, Mask
from sellersheet.wording import Lang
from sellersheet_workbook.files.cell_texts import cell_texts
from sellersheet_workbook.problems import ORDERS_IMPORT

Array = npt.NDArray[Any]
TARGET: Final = -1  # the file number of rows that stand in the target
IDENTITY: Final = ("shop", "order_id", "sku", "line_no")


@dataclass(frozen=True, slots=True)
class Rows:
    """``values`` as in a typed table, ``given`` where a cell holds something, both by key.

    ``file`` numbers the files in the order given, ``row`` is the row of the sheet.
    """

    values: dict[str, Array]
    given: dict[str, Mask]
    file: Ints
    row: Ints

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.file)


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, one after the other; a column that a part lacks is blank there."""
    values: dict[str, Array] = {}
    given: dict[str, Mask] = {}
    for item in INPUT:
        key = item.key
        if not any(key in part.values for part in parts):
            continue
        spare = [part.values.get(key, filled(item, part.n)) for part in parts]
        values[key] = np.concatenate(spare)
        given[key] = np.concatenate(
            [part.given.get(key, np.zeros(part.n, dtype=bool)) for part in parts]
        )
    return Rows(
        values,
        given,
        np.concatenate([part.file for part in parts]),
        np.concatenate([part.row for part in parts]),
    )


def as_cells(item: Column, values: Array, given: Mask, lang: Lang) -> pd.Series[Any]:
    """Typed values as the cells of a file, blank where nothing is given."""
    if item.kind in ("choice", "yes_no"):
        words = [ORDERS_IMPORT("no", lang), ORDERS_IMPORT("yes", lang)]
        if item.kind == "choice":
            words = [choice.zh if lang == "zh" else choice.en for choice in item.choices]
        values = np.array(words, dtype=object)[values.astype(np.int64)]
    if item.kind in ("text", "country", "choice", "yes_no"):
        return pd.Series(pa.array(values, pa.string(), mask=~given), dtype=TEXT)
    if item.kind == "date":
        days = values.astype("datetime64[D]")
        return pd.Series(np.where(given, days, np.datetime64("NaT", "D")).astype("datetime64[us]"))
    if item.kind == "count":
        return pd.Series(pd.arrays.IntegerArray(values.astype(np.int64), ~given))
    scale = {"money": 100, "cost": 100, "rate": RATE_UNIT}.get(item.kind, 1)
    return pd.Series(np.where(given, values / scale, np.nan))


def as_texts(key: str, values: Array, given: Mask, lang: Lang) -> list[str]:
    """Typed values as they are shown, "" where nothing is given."""
    cells = text_cells(as_cells(column("orders", key), values, given, lang))
    return ["" if pd.isna(text) else str(text) for text in cells]


def text_cells(cells: pd.Series[Any]) -> pd.Series[Any]:
    """The cells as a text file holds them."""
    found = cell_texts(cells, serial_days=False)
    sides = [side for side in (found.number, found.flag, found.word) if side is not None]
    return pd.Series(pc.coalesce(*sides), dtype=TEXT)


@dataclass(frozen=True, slots=True)
class Replaced:
    """One column: the rows whose value gave way, and the rows whose value took its place."""

    key: str
    before: Ints
    after: Ints


@dataclass(frozen=True, slots=True)
class Merged:
    """``rows`` are the target's, the first ``before``, then the incoming; all positions are
    positions in them.

    The identities are numbered in the order of their first rows, so that each row of the target
    has its own number and those from ``before`` on are new. ``latest`` has, for each column and
    identity, the row of its last value that is not blank, -1 where all are. ``updates`` are
    changes of the target, ``replaced`` those within the incoming rows. The rest are counts.
    """

    rows: Rows
    before: int
    latest: dict[str, Ints]
    new: int
    updated: int
    unchanged: int
    repeated: int
    updates: tuple[Replaced, ...]
    replaced: tuple[Replaced, ...]

    @property
    def changed(self) -> Ints:
        """The rows of the target in which a value changes."""
        nothing = np.zeros(0, dtype=np.int64)
        return np.unique(np.concatenate([nothing, *(change.before for change in self.updates)]))


def merge(before: Rows, incoming: Sequence[Rows]) -> Merged:
    """The incoming rows in their order, after those of the target."""
    rows = joined([before, *incoming])
    start = before.n
    ids = _lines(rows)
    count = int(ids.max(initial=-1)) + 1
    latest, updates, replaced = {}, [], []
    updated = np.zeros(start, dtype=bool)
    for key, given in rows.given.items():
        at = np.flatnonzero(given)
        last = np.full(count, -1, dtype=np.int64)
        last[ids[at]] = at  # of several the last one stays
        latest[key] = last
        changed = np.flatnonzero(last[:start] >= start)
        differs = ~given[changed] | ~_same(rows, key, changed, last[changed])
        changed = changed[differs]
        updated[changed] = True
        if changed.size:
            updates.append(Replaced(key, changed, last[changed]))
        if (change := _replaced(rows, key, ids, at[at >= start])) is not None:
            replaced.append(change)
    touched = np.unique(ids[start:])
    stood = int((touched < start).sum())
    return Merged(
        rows=rows,
        before=start,
        latest=latest,
        new=len(touched) - stood,
        updated=int(updated.sum()),
        unchanged=stood - int(updated.sum()),
        repeated=rows.n - start - len(touched),
        updates=tuple(updates),
        replaced=tuple(replaced),
    )


def amounts_once(before: Rows, incoming: Sequence[tuple[Rows, Collection[str]]]) -> list[Rows]:
    """The incoming rows with the amounts of whole orders on the first line of each alone.

    Beside the rows of a file stand the keys of such amounts, which count on one line of the file;
    a file may begin with another line than an earlier one or the target.
    """
    rows = joined([before, *(part for part, _ in incoming)])
    lines = _lines(rows)
    orders = _codes(rows, ("shop", "order_id"))
    keeper = lines[np.unique(orders, return_index=True)[1]]  # of the first row of each order
    found, start = [], before.n
    for part, keys in incoming:
        own = orders[start : start + part.n]
        kept = lines[start : start + part.n] == keeper[own]
        values, given = dict(part.values), dict(part.given)
        for key in keys:
            whole = np.zeros(len(keeper), dtype=np.int64)
            np.maximum.at(whole, own, values[key])
            values[key] = np.where(kept, whole[own], 0)
            given[key] = given[key] | kept
        found.append(replace(part, values=values, given=given))
        start += part.n
    return found


def partly_named(before: Rows, incoming: Sequence[Rows]) -> dict[str, int]:
    """By column of the identity: incoming orders with it in some rows and without in others."""
    rows = joined([before, *incoming])
    orders = _codes(rows, ("order_id",))
    counts = {}
    for key in ("shop", "sku", "line_no"):
        if key in rows.given:
            given = rows.given[key]
            both = np.intersect1d(orders[given], orders[~given])
            counts[key] = len(np.intersect1d(both, orders[before.n :]))
    return {key: count for key, count in counts.items() if count}


def _lines(rows: Rows) -> Ints:
    """A number for each line: the identity, and among rows of one file that share it the how
    manieth it is. So lines of one file never take each other's place, and those of the target
    without an order number, which no incoming row lacks, are nobody's."""
    ids = _codes(rows, IDENTITY)
    nth = pd.DataFrame({"file": rows.file, "id": ids}).groupby(["file", "id"]).cumcount()
    return pd.factorize(ids * rows.n + nth.to_numpy())[0].astype(np.int64)


def _codes(rows: Rows, keys: Sequence[str]) -> Ints:
    """A number for each combination, from 0 in the order of appearance."""
    codes: Ints = np.zeros(rows.n, dtype=np.int64)
    for key in keys:
        if key in rows.values:
            own, distinct = pd.factorize(rows.values[key])
            codes = codes * len(distinct) + own
            codes = pd.factorize(codes)[0].astype(np.int64)
    return codes


def _same(rows: Rows, key: str, one: Ints, other: Ints) -> Mask:
    found: Mask = rows.values[key][one] == rows.values[key][other]
    return found


def _replaced(rows: Rows, key: str, ids: Ints, at: Ints) -> Replaced | None:
    """Neighbouring values of one identity that differ."""
    at = at[np.argsort(ids[at], kind="stable")]
    one, other = at[:-1], at[1:]
    differ = (ids[one] == ids[other]) & ~_same(rows, key, one, other)
    return Replaced(key, one[differ], other[differ]) if differ.any() else None
