"""The rows of one order: which they are, and what a further line takes from the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from sellersheet.cells import Cells, Numbered, numbered
from sellersheet.columns import Wrong
from sellersheet.intake.columns_read import Read
from sellersheet.money import Ints, Mask

_OF_THE_ORDER: Final = (
    "order_date",
    "country",
    "shop",
    "line",
)  # what a further line takes from the first

_MEASURES: Final = ("weight_g", "length_cm", "width_cm", "height_cm")


def by_shop(cells: Mapping[str, Cells], ids: Numbered) -> tuple[Ints, int]:
    """A number for each shop and order number, and how many there are; of rows without an
    order number it tells nothing."""
    if (shop := cells.get("shop")) is None:
        return ids.codes, ids.count
    shops = numbered(shop)
    of_one = np.zeros(ids.count, dtype=np.int64)
    of_one[ids.codes] = shops.codes
    if ((of_one[ids.codes] == shops.codes) | ids.blank).all():  # no number is that of two shops
        return ids.codes, ids.count
    codes, pairs = pd.factorize(ids.codes * shops.count + shops.codes)
    return codes.astype(np.int64), len(pairs)


def of_orders(rows: Mask, orders: tuple[Ints, int]) -> Mask:
    """The rows of the orders of which one is among ``rows``."""
    codes, count = orders
    of_them = np.zeros(count, dtype=bool)
    of_them[codes[rows]] = True
    found: Mask = of_them[codes]
    return found


def continued(cells: dict[str, Cells], ids: Numbered | None, left: Mask) -> Mask:
    """Further lines of an order whose amount stands on its first row: they count 0, and take
    date, destination and shop of that row where their own are blank; where it is wrong
    there, they are wrong too.

    ``cells`` are columns by their keys, which are changed; no row of ``left`` is such a line.
    """
    n = len(left)
    paid = cells["paid_cny"]
    if ids is None:
        return np.zeros(n, dtype=bool)
    open_rows: Mask = paid.blank & ~ids.blank & ~left
    if not open_rows.any():
        return open_rows
    codes, count = by_shop(cells, ids)
    first = np.zeros(count, dtype=np.int64)
    rows = np.flatnonzero(~left)[::-1]
    first[codes[rows]] = rows
    head = first[codes]
    given = ~paid.blank & (paid.wrong == Wrong.NONE) & ~left
    lines: Mask = open_rows & given[head]
    # Several rows with an amount: then the blank one is a gap and not a further line.
    lines &= np.bincount(codes[given], minlength=len(first))[codes] == 1
    paid.values[lines], paid.wrong[lines], paid.blank[lines] = 0, Wrong.NONE, False
    for key in _OF_THE_ORDER:
        if (own := cells.get(key)) is not None:
            take = lines & own.blank & ~own.blank[head]
            own.values[take], own.blank[take] = own.values[head[take]], False
            own.wrong[take & (own.wrong[head] != Wrong.NONE)] = Wrong.FIRST_LINE
            cells[key] = replace(own, typed=own.values, text=None)
    return lines


def merged(read: Read, ids: Numbered | None) -> Mask:
    """The rows whose amount, weight or sides stand in a cell merged over rows above.

    Of one order such a weight is the parcel's: its rows share it, in whole milligrams (F15).
    Sides stay with its first row. Over several orders each has what the cell says.
    """
    at = np.arange(len(read.cells["paid_cny"].blank))
    orders, count = at, 0
    if ids is not None:
        codes, count = by_shop(read.cells, ids)
        orders = np.where(ids.blank, count + at, codes)
    found = np.zeros(len(at), dtype=bool)
    for key, once in read.once.items():
        if key == "qty":  # a doubt of its own
            continue
        if key not in _MEASURES:
            found |= once
            continue
        top = np.maximum.accumulate(np.where(once, 0, at))
        areas = top * (count + len(at)) + orders
        _, first, codes, sizes = np.unique(areas, True, True, True)
        further = at != first[codes]
        cells = read.cells[key]
        if key == "weight_g":
            whole = np.rint(cells.values * 1000).astype(np.int64)
            part = whole // sizes[codes]
            rest = whole - part * (sizes[codes] - 1)
            cells.values[:] = np.where(further, part, rest) / 1000
        else:
            cells.values[further], cells.blank[further] = 0.0, True
        found |= further
    return found
