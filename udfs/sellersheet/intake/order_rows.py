"""What becomes of every row of a table: used, left out, or used with a doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from sellersheet import money
from sellersheet.cells import Numbered, numbered
from sellersheet.columns import COST_COLUMNS
from sellersheet.intake import doubts
from sellersheet.intake.asked import Asked
from sellersheet.intake.columns_read import Read, Texts
from sellersheet.intake.doubts import Remark
from sellersheet.intake.headers import Place
from sellersheet.money import Ints, Mask
from sellersheet.rawcells import Columns
from sellersheet.wrong import Wrong

_OF_THE_ORDER = (
    "order_date",
    "country",
    "shop",
    "line",
)  # what a further line takes from the first


@dataclass(frozen=True)
class Judged:
    """The rows left out, every doubt's rows by its code, and remarks on the whole.

    ``ids`` tells the order numbers apart where the table has some.
    """

    left: Mask
    doubts: dict[str, Mask]
    ids: Numbered | None = None
    remarks: list[Remark] = field(default_factory=list)


def judge(
    read: Read,
    body: Columns,
    places: Mapping[str, Place],
    totals: Mask,
    asked: Asked,
    results: Sequence[int] = (),
) -> Judged:
    """The doubts of the rows. What a doubt takes away (a weight in a doubtful unit) or puts in
    (the 0 of a further line) is done in ``read``. ``results`` are columns of an earlier
    calculation, which tell nothing of an order."""
    found: dict[str, Mask] = {"total_row": totals}
    left = totals.copy()
    remarks: list[Remark] = []
    ids = numbered(read.cells["order_id"]) if "order_id" in read.cells else None
    if "paid_cny" not in read.cells:
        if ids:  # a bill
            found["no_charge"] = _no_charge(read, left)
            left |= found["no_charge"]
        return Judged(left, found, ids)
    lines = _continued(read, ids, left)
    found["continued_line"] = lines
    paid_on = read.beside.get("paid_on")
    if paid_on is not None and not (paid_on != "").any():
        header = places["paid_on"].header.text
        remarks.append(Remark("all_unpaid_blank", {"header": header}))
        paid_on = None
    left |= _not_paid(read, ids, paid_on, left, lines, found, keep=asked.keep)
    _doubtful_cells(read, places, left, found, asked)
    if read.once:
        found["merged_amount"] = np.logical_or.reduce(list(read.once.values()))
    if ids:
        typed = [cells.values for cells in read.cells.values()]
        used = {place.at for place in places.values()} | set(results)
        others = (body.cells(at) for at in range(body.width) if at not in used)
        found["same_line_twice"] = doubts.repeated(
            chain(typed, others), ids.codes, ~ids.blank & ~left
        )
    return Judged(left, found, ids, remarks)


def _no_charge(read: Read, left: Mask) -> Mask:
    """Rows of a bill without an order number and without any amount."""
    amounts = [read.cells[item.key] for item in read.columns if item.kind == "money"]
    held = [~cells.blank & ((cells.values != 0) | (cells.wrong != 0)) for cells in amounts]
    found: Mask = read.cells["order_id"].blank & ~left
    return found & ~np.logical_or.reduce(held, axis=0) if held else found & False


def _not_paid(
    read: Read,
    ids: Numbered | None,
    paid_on: Texts | None,
    left: Mask,
    lines: Mask,
    found: dict[str, Mask],
    *,
    keep: bool,
) -> Mask:
    """The rows of orders that were not paid; ``found`` gets every doubt about payment."""
    gone = np.zeros(len(left), dtype=bool)
    status = read.beside.get("status")
    if status is None and paid_on is None:
        return gone
    for code, rows in doubts.of_payment(status, paid_on).items():
        if doubts.weight_of(code) != "left":
            found[code] = rows & ~lines & ~left
        elif not keep:
            found[code] = rows & ~lines & ~left
            gone |= found[code]
    if ids and lines.any():
        for code in [code for code in found if code != "total_row"]:
            if doubts.weight_of(code) == "left":
                of_them = np.zeros(ids.count, dtype=bool)
                of_them[ids.codes[found[code]]] = True
                found[code] = found[code] | (lines & of_them[ids.codes])
                gone |= found[code]
    return gone


def _doubtful_cells(
    read: Read, places: Mapping[str, Place], left: Mask, found: dict[str, Mask], asked: Asked
) -> None:
    """Weights that are likely kilograms, days to come, costs that may be meant as rates."""
    weight = read.cells.get("weight_g")
    if weight is not None and weight.bare is not None:
        sound = ~weight.blank & (weight.wrong == Wrong.NONE) & ~left
        kilos = doubts.kilograms(places["weight_g"], weight.values, weight.bare, sound)
        weight.values[kilos], weight.blank[kilos] = 0.0, True
        found["weight_unit"] = kilos
    if (dates := read.cells.get("order_date")) is not None and asked.today is not None:
        known = ~dates.blank & (dates.wrong == Wrong.NONE) & ~left
        found["future_date"] = doubts.in_future(dates.values, known, asked.today)
    for key in COST_COLUMNS:
        if (cost := read.cells.get(key)) is not None and cost.share is not None:
            sound = ~cost.blank & (cost.wrong == Wrong.NONE) & ~left
            small = sound & ~cost.share & (cost.values > 0) & (cost.values <= 100)
            if cost.bare is None or places[key].header.currency:
                small &= False  # said to be an amount
            else:
                small &= cost.bare
            found["cost_share"] = found.get("cost_share", np.zeros(len(left), bool)) | small
            _to_amounts(read, key)


def _continued(read: Read, ids: Numbered | None, left: Mask) -> Mask:
    """Further lines of an order whose amount stands on its first row: they count 0, and take
    date, destination and shop of that row where their own are blank."""
    n = len(left)
    paid = read.cells["paid_cny"]
    if ids is None:
        return np.zeros(n, dtype=bool)
    open_rows: Mask = paid.blank & ~ids.blank & ~left
    if not open_rows.any():
        return open_rows
    codes = _by_shop(read, ids.codes)
    first = np.full(int(codes.max()) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(n - 1, -1, -1)
    head = first[codes]
    given = ~paid.blank & (paid.wrong == Wrong.NONE)
    lines: Mask = open_rows & (head < np.arange(n)) & given[head]
    # Several rows with an amount: then the blank one is a gap and not a further line.
    lines &= np.bincount(codes[given], minlength=len(first))[codes] == 1
    paid.values[lines], paid.wrong[lines], paid.blank[lines] = 0, Wrong.NONE, False
    for key in _OF_THE_ORDER:
        if (cells := read.cells.get(key)) is not None:
            take = lines & cells.blank & ~cells.blank[head]
            cells.values[take], cells.blank[take] = cells.values[head[take]], False
            read.cells[key] = replace(cells, text=None)
    return lines


def _by_shop(read: Read, codes: Ints) -> Ints:
    """A number for each shop and order number."""
    if (shop := read.cells.get("shop")) is None:
        return codes
    shops = numbered(shop)
    return pd.factorize(codes * shops.count + shops.codes)[0].astype(np.int64)


def _to_amounts(read: Read, key: str) -> None:
    """Shares of the amount paid as amounts."""
    cost, paid = read.cells[key], read.cells["paid_cny"]
    share: Any = cost.share
    cost.values[share] = money.mul_div(paid.values[share], cost.values[share], money.RATE_UNIT)
