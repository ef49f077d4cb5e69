"""The rows of one order: which they are, what a further line takes from the first, and amounts of
the whole order that a table repeats on each of its lines.

Shops' programs export one line a product and write what the order cost on every one of them.
Added up they count several times, so it is told where a column looks so; where the user says
that it is so, they count once (F15).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from sellersheet import columns
from sellersheet.cells import Cells, Numbered, numbered
from sellersheet.columns import Wrong
from sellersheet.intake.columns_read import Read
from sellersheet.intake.doubts import Asked, Remark
from sellersheet.intake.evidence import AMOUNTS
from sellersheet.intake.headers import Place, TableProblem, listed
from sellersheet.intake.vocabulary import header_text
from sellersheet.money import Ints, Mask
from sellersheet.wording import in_command

WEIGHT: Final = "weight_g"
_MEASURES: Final = (WEIGHT, "length_cm", "width_cm", "height_cm")
# What a further line takes from the first.
_OF_THE_ORDER: Final = ("order_date", "country", "shop", "line")
REPEATED: Final = "repeated_amounts"  # the code of the remark
# Bought or lost is each product by itself: two that cost the same are no sign of anything.
_BY_PRODUCT: Final = ("cost_cny", "goods_lost_cny")
# Of the orders of several products, this share has the same amount on each line: it is no chance.
_LIKELY: Final = 0.9
# A header that speaks of orders; an order alone tells enough then.
_OF_ORDERS: Final = re.compile(r"订单|整单|总[额价金运费计]|\b(order|total)\b", re.I)


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
    head = _first(codes, count, ~left)[codes]
    given = ~paid.blank & (paid.wrong == Wrong.NONE) & ~left
    lines: Mask = open_rows & given[head]
    # Several rows with an amount: then the blank one is a gap and not a further line.
    lines &= np.bincount(codes[given], minlength=count)[codes] == 1
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
        if key == WEIGHT:
            whole = np.rint(cells.values * 1000).astype(np.int64)
            part = whole // sizes[codes]
            rest = whole - part * (sizes[codes] - 1)
            cells.values[:] = np.where(further, part, rest) / 1000
        else:
            cells.values[further], cells.blank[further] = 0.0, True
        found |= further
    return found


def keys_of_orders(asked: Asked, header: Mapping[str, str]) -> frozenset[str]:
    """The keys of the columns that the user calls the whole order's, by header or by key; a
    TableProblem where there is no such column of amounts or weights, or no order number.

    ``header`` has the header of each column by its key."""
    kinds = {item.key: item.kind for item in columns.TABLES["orders"]}
    by_name = {
        text: key for key, text in header.items() if kinds.get(key) in AMOUNTS or key == WEIGHT
    }
    found = set()
    for name in asked.per_order:
        key = by_name.get(header_text(name), name)
        if key not in by_name.values():
            raise TableProblem("per_order_header", header=name, headers=listed([*by_name]))
        found.add(key)
    if found and "order_id" not in header:
        raise TableProblem("per_order_id", headers=listed([*header.values()]))
    return frozenset(found)


def speak_of_orders(places: Mapping[str, Place], rows: int) -> dict[str, Mask]:
    """The columns of amounts whose headers speak of orders, each for all rows."""
    kinds = {item.key: item.kind for item in columns.TABLES["orders"]}
    return {
        key: np.ones(rows, dtype=bool)
        for key, place in places.items()
        if kinds.get(key) in AMOUNTS and not place.own and _OF_ORDERS.search(place.header.text)
    }


def count_once(
    read: Read, keys: Collection[str], orders: tuple[Ints, int] | None, use: Mask
) -> Mask:
    """The further lines whose amount is that of their order's first: it counts there alone, and
    of a weight each line has its part, in whole milligrams. A line that says otherwise is wrong.

    An amount paid becomes blank, as on lines of programs that write it once. Only rows of
    ``use`` are looked at. ``orders`` are the number of each row's order and how many there are.
    """
    changed = np.zeros(len(use), dtype=bool)
    if orders is None:
        return changed
    codes, count = orders
    for key in keys:
        cells = read.cells[key]
        stated = use & _stated(cells)
        first = _first(codes, count, stated)
        same = cells.values == cells.values[first[codes]]
        differs = np.zeros(count, dtype=bool)
        differs[codes[stated & ~same]] = True
        cells.wrong[stated & differs[codes]] = Wrong.NOT_OF_ORDER
        further = stated & ~differs[codes] & (np.arange(len(use)) != first[codes])
        if key == WEIGHT:
            read.once.pop(WEIGHT, None)  # the lines under a merged cell share it here already
            lines = stated & ~differs[codes]
            whole = np.rint(cells.values * 1000).astype(np.int64)
            size = np.maximum(np.bincount(codes[lines], minlength=count), 1)[codes]
            part = whole // size
            own = np.where(further, part, whole - part * (size - 1)) / 1000
            cells.values[lines] = own[lines]
        else:
            cells.values[further] = 0
            cells.blank[further] |= key == "paid_cny"
        changed |= further
    return changed


def doubted_amounts(
    read: Read, keys: Collection[str], orders: tuple[Ints, int], use: Mask,
    of_orders: Mapping[str, Mask],
) -> tuple[Mask, list[Remark]]:  # fmt: skip
    """The lines of orders that bear one amount on each line where the header speaks of orders,
    and what has to be said of these columns and of those in which most orders of several
    products are such; those of ``keys`` are settled."""
    found = np.zeros(len(use), dtype=bool)
    codes, count = orders
    rows = np.flatnonzero(use & (np.bincount(codes[use], minlength=count) > 1)[codes])
    if not rows.size:
        return found, []
    rows = rows[np.argsort(codes[rows], kind="stable")]
    if (sku := read.cells.get("sku")) is not None:
        rows = rows[_several(numbered(_at(sku, rows)).codes, _starts(codes[rows]), rows.size)]
        if not rows.size:
            return found, []
    starts = _starts(codes[rows])
    sizes = np.diff(starts, append=rows.size)
    headers, alike = [], np.zeros(len(starts), dtype=bool)
    for item in read.columns:
        if item.kind not in AMOUNTS or item.key in keys or item.key in _BY_PRODUCT:
            continue
        cells = _at(read.cells[item.key], rows)
        asked = np.logical_and.reduceat(_stated(cells), starts)
        same = asked & _one_value(cells.values, starts)
        if item.key in of_orders:
            found[rows] |= np.repeat(same, sizes) & of_orders[item.key][rows]
        if same.any() and (item.key in of_orders or same.sum() >= _LIKELY * asked.sum()):
            headers.append(read.header[item.key])
            alike |= same
    if not headers:
        return found, []
    options = " ".join(f"--per-order {in_command(header)}" for header in headers)
    fields = {"headers": headers, "count": int(alike.sum()), "options": options}
    return found, [Remark(REPEATED, fields, warns=True)]


def _at(cells: Cells, rows: Ints) -> Cells:
    """The cells of some rows."""
    text = None if cells.text is None else cells.text.take(pa.array(rows))
    typed = cells.typed[rows] if text is None and cells.typed is not None else None
    share = None if cells.share is None else cells.share[rows]
    return Cells(typed, cells.blank[rows], cells.wrong[rows], share=share, text=text)


def _starts(codes: Ints) -> Ints:
    """Where the rows of another order begin, of rows sorted by order."""
    return np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])


def _one_value(values: Ints, starts: Ints) -> Mask:
    """Which orders have one value on all of their rows."""
    found: Mask = np.minimum.reduceat(values, starts) == np.maximum.reduceat(values, starts)
    return found


def _several(values: Ints, starts: Ints, count: int) -> Mask:
    """The rows of orders that have more than one value."""
    return np.repeat(~_one_value(values, starts), np.diff(starts, append=count))


def _stated(cells: Cells) -> Mask:
    """Where a cell says something other than nothing: a share goes by what the line has paid."""
    found: Mask = ~cells.blank & (cells.wrong == Wrong.NONE) & (cells.values != 0)
    return found if cells.share is None else found & ~cells.share


def _first(codes: Ints, count: int, use: Mask) -> Ints:
    """The first row of each order among those of ``use``; 0 where it has none there."""
    found = np.zeros(count, dtype=np.int64)
    rows = np.flatnonzero(use)[::-1]
    found[codes[rows]] = rows
    return found
