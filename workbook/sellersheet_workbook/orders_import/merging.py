"""Rows of one shop, order, SKU and line put together: the later cell that is not blank counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from sellersheet.money import Ints, Mask
from sellersheet_workbook.orders_import.rows import Rows, joined

IDENTITY: Final = ("shop", "order_id", "sku", "line_no")


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
