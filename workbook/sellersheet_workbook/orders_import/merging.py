"""Rows of one shop, order, SKU and line put together: the later cell that is not blank counts."""

from __future__ import annotations

from collections.abc import Sequence
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
    """``rows`` are the target's, then the incoming; all positions are positions in them.

    ``latest`` has, for each column and identity, the row of its last value that is not
    blank, -1 where all are. ``first`` is the first row of each identity; the identities are
    in the order of their first rows. ``updates`` are changes of the target, ``replaced``
    those within the incoming rows.
    """

    rows: Rows
    before: int
    first: Ints
    latest: dict[str, Ints]
    new: Ints
    updated: Ints
    unchanged: int
    repeated: int
    updates: tuple[Replaced, ...]
    replaced: tuple[Replaced, ...]


def merge(before: Rows, incoming: Sequence[Rows]) -> Merged:
    """The incoming rows in their order, after those of the target."""
    rows = joined([before, *incoming])
    start = before.n
    ids = _lines(rows)
    ids, first = _apart_where_blank(rows, ids, start)
    latest, updates, replaced = {}, [], []
    updated = np.zeros(len(first), dtype=bool)
    for key, given in rows.given.items():
        at = np.flatnonzero(given)
        last = np.full(len(first), -1, dtype=np.int64)
        last[ids[at]] = at  # of several the last one stays
        latest[key] = last
        changed = np.flatnonzero((first < start) & (last >= start))
        differs = ~given[first[changed]] | ~_same(rows, key, first[changed], last[changed])
        changed = changed[differs]
        updated[changed] = True
        if changed.size:
            updates.append(Replaced(key, first[changed], last[changed]))
        if (change := _replaced(rows, key, ids, at[at >= start])) is not None:
            replaced.append(change)
    touched = np.unique(ids[start:])
    new = touched[first[touched] >= start]
    return Merged(
        rows=rows,
        before=start,
        first=first,
        latest=latest,
        new=new,
        updated=np.flatnonzero(updated),
        unchanged=len(touched) - len(new) - int(updated.sum()),
        repeated=rows.n - start - len(touched),
        updates=tuple(updates),
        replaced=tuple(replaced),
    )


def amounts_once(before: Rows, incoming: Sequence[Rows]) -> list[Rows]:
    """The incoming rows with the amount of a whole order on its first line alone, else 0."""
    rows = joined([before, *incoming])
    lines = _lines(rows)
    orders = _codes(rows, ("shop", "order_id"))
    keeper = np.full(int(orders.max(initial=-1)) + 1, -1, dtype=np.int64)
    keeper[orders[::-1]] = lines[::-1]
    paid = np.where(lines == keeper[orders], rows.values["paid_cny"], 0)
    found, start = [], before.n
    for part in incoming:
        values = {**part.values, "paid_cny": paid[start : start + part.n]}
        found.append(replace(part, values=values))
        start += part.n
    return found


def repeated_amounts(incoming: Sequence[Rows]) -> int:
    """Orders of several lines that all bear one amount: perhaps that of the whole order."""
    rows = joined(incoming)
    if not rows.n:
        return 0
    frame = pd.DataFrame(
        {
            "order": _codes(rows, ("shop", "order_id")),
            "line": _lines(rows),
            "paid": rows.values["paid_cny"],
        }
    ).drop_duplicates()
    groups = frame.groupby("order")
    alike = (groups["line"].nunique() > 1) & (groups["paid"].nunique() == 1)
    return int((alike & (groups["paid"].max() > 0)).sum())


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
    manieth it is. So lines of one file never take each other's place."""
    ids = _codes(rows, IDENTITY)
    nth = pd.DataFrame({"file": rows.file, "id": ids}).groupby(["file", "id"]).cumcount()
    return pd.factorize(ids * (int(nth.max()) + 1 if len(nth) else 1) + nth.to_numpy())[0].astype(
        np.int64
    )


def _codes(rows: Rows, keys: Sequence[str]) -> Ints:
    """A number for each combination, from 0 in the order of appearance."""
    codes: Ints = np.zeros(rows.n, dtype=np.int64)
    for key in keys:
        if key in rows.values:
            own, distinct = pd.factorize(rows.values[key])
            codes = codes * max(len(distinct), 1) + own
            codes = pd.factorize(codes)[0].astype(np.int64)
    return codes


def _apart_where_blank(rows: Rows, ids: Ints, start: int) -> tuple[Ints, Ints]:
    """Rows of the target without an order number are nobody's; then each one's first row."""
    if start:
        blank = np.flatnonzero(rows.values["order_id"][:start] == "")
        ids = ids.copy()
        ids[blank] = ids.max(initial=0) + 1 + np.arange(len(blank))
        ids = pd.factorize(ids)[0].astype(np.int64)
    first = np.full(int(ids.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[ids[::-1]] = np.arange(rows.n - 1, -1, -1)
    return ids, first


def _same(rows: Rows, key: str, one: Ints, other: Ints) -> Mask:
    found: Mask = rows.values[key][one] == rows.values[key][other]
    return found


def _replaced(rows: Rows, key: str, ids: Ints, at: Ints) -> Replaced | None:
    """Neighbouring values of one identity that differ."""
    at = at[np.argsort(ids[at], kind="stable")]
    one, other = at[:-1], at[1:]
    differ = (ids[one] == ids[other]) & ~_same(rows, key, one, other)
    return Replaced(key, one[differ], other[differ]) if differ.any() else None
