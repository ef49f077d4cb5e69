"""What becomes of every row of a table: used, left out, or used with a doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from sellersheet import money
from sellersheet.cells import Numbered, numbered
from sellersheet.columns import COST_COLUMNS, Wrong
from sellersheet.intake import doubts
from sellersheet.intake.columns_read import ABSENT, Read
from sellersheet.intake.doubts import Asked, Remark
from sellersheet.intake.evidence import Evidence
from sellersheet.intake.grid import Columns
from sellersheet.intake.headers import Place
from sellersheet.intake.order_lines import (
    by_shop,
    continued,
    count_once,
    doubted_amounts,
    keys_of_orders,
    merged,
    of_orders,
    speak_of_orders,
)
from sellersheet.money import Ints, Mask


@dataclass(frozen=True)
class Rows:
    """Rows as they are by themselves, before those of one order are looked at together.

    ``payment`` are the doubts about payment by their code, ``kilos`` the weights that are
    likely kilograms. ``others`` gives the columns that stand for nothing, by header;
    ``per_order`` are the keys of columns that the user calls the whole order's, ``of_orders``
    the rows whose column, by its key, has a header that speaks of orders.
    """

    read: Read
    totals: Mask
    kilos: Mask | None
    payment: dict[str, Mask]
    others: Callable[[], Iterable[tuple[str, ExtensionArray]]]
    remarks: tuple[Remark, ...] = ()
    per_order: frozenset[str] = frozenset()
    of_orders: Mapping[str, Mask] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """The rows left out, every doubt's rows by its code.

    ``ids`` tells the order numbers apart where the table has some; ``remarks`` are about orders
    of several lines.
    """

    left: Mask
    doubts: dict[str, Mask]
    ids: Numbered | None = None
    remarks: tuple[Remark, ...] = ()


def by_themselves(
    read: Read,
    body: Columns,
    places: Mapping[str, Place],
    totals: Mask,
    asked: Asked,
    evidence: Evidence | None = None,
    results: Sequence[int] = (),
) -> Rows:
    """What each row tells alone. ``results`` are columns of an earlier calculation, which
    tell nothing of an order. ``evidence`` is that of the whole table of which this is a part.
    """
    whole = frozenset[str]()
    if asked.per_order and "paid_cny" in read.header:  # not of a bill
        whole = keys_of_orders(asked, read.header)
    remarks = []
    paid_on = read.beside.get("paid_on")
    timed = paid_on is None or ((paid_on != "") & (paid_on != ABSENT)).any()
    if paid_on is not None and not (timed if evidence is None else evidence.paid):
        header = places["paid_on"].header.text
        remarks.append(Remark("all_unpaid_blank", {"header": header}))
        paid_on = None
    remarks += _of_zones(read)
    status = read.beside.get("status")
    may_be_unpaid = status is not None or paid_on is not None
    weight = read.cells.get("weight_g")
    for key in COST_COLUMNS:
        if (cost := read.cells.get(key)) is not None and places[key].header.currency:
            read.cells[key] = replace(cost, bare=None)  # said to be an amount
    used = {place.at for place in places.values()} | set(results)
    others = [at for at in range(body.width) if at not in used]
    return Rows(
        read,
        totals,
        doubts.kilograms(places["weight_g"], weight, totals, evidence) if weight else None,
        doubts.of_payment(status, paid_on) if may_be_unpaid else {},
        lambda: ((str(body.labels[at]), body.cells(at)) for at in others),
        tuple(remarks),
        whole,
        speak_of_orders(places, len(totals)),
    )


def _of_zones(read: Read) -> list[Remark]:
    """Of each column how many moments are on another day in Beijing than in their zone."""
    found = []
    for item in read.columns:
        moved = read.cells[item.key].moved
        if moved is not None and moved.any():
            fields = {"header": read.header[item.key], "count": int(moved.sum())}
            found.append(Remark("beijing_day", fields, warns=True))
    return found


def judge(rows: Rows, asked: Asked) -> Judged:
    """The doubts of the rows. What a doubt takes away (a weight in a doubtful unit) or puts in
    (the 0 of a further line) is done in what was read."""
    read = rows.read
    found: dict[str, Mask] = {"total_row": rows.totals}
    left = rows.totals.copy()
    ids = numbered(read.cells["order_id"]) if "order_id" in read.cells else None
    if "paid_cny" not in read.cells:
        if ids:  # a bill
            found["no_charge"] = _no_charge(read, left)
            left |= found["no_charge"]
        found["same_entry"] = _same_entry(rows, left)
        left |= found["same_entry"]
        return Judged(left, found, ids)
    orders = by_shop(read.cells, ids) if ids else None
    stated = {key: read.cells[key].values.copy() for key in rows.per_order}
    apart = _count_once(rows, ids, orders, left, found, asked) if ids and orders else left
    lines = continued(read.cells, ids, apart)
    found["continued_line"] = lines
    left |= _not_paid(rows.payment, orders, left, lines, found, apart, keep=asked.keep)
    for wrong in read.unread.values():
        if orders:  # a further line goes with its order
            wrong[lines & of_orders(wrong != Wrong.NONE, orders)] = Wrong.FIRST_LINE
    _doubtful_cells(rows, left, found, asked)
    if read.once:
        found["merged_amount"] = merged(read, ids)
    if "qty" in read.once:
        found["merged_quantity"] = read.once["qty"]
    if ids:
        # Amounts first: they tell the most rows apart.
        items = sorted(read.columns, key=lambda item: item.kind != "money")
        # As the table has them: that an amount counts once does not tell a copy from its line.
        typed = (stated.get(item.key, read.cells[item.key].values) for item in items)
        others = (cells for _, cells in rows.others())
        named = ~ids.blank & ~left
        twice = doubts.repeated(chain(typed, others), ids.codes, named)
        found["same_line_twice"] = twice
    remarks: list[Remark] = []
    if orders and ids:
        found["repeated_amount"], remarks = doubted_amounts(
            read, rows.per_order, orders, named & ~twice, rows.of_orders
        )
    return Judged(left, found, ids, tuple(remarks))


def _count_once(
    rows: Rows, ids: Numbered, orders: tuple[Ints, int], left: Mask, found: dict[str, Mask],
    asked: Asked,
) -> Mask:  # fmt: skip
    """What is said to be the whole order's counts on the first of the sound lines that were paid.
    ``left``, and the closed lines of orders that have others: with them no line goes."""
    if not rows.per_order:
        return left
    there = ~left & ~ids.blank
    use = there.copy()
    for code, gone in rows.payment.items():
        if doubts.weight_of(code) == "left" and not asked.keep:
            use &= ~gone
    for cells in rows.read.cells.values():  # what a refused line bears would be lost with it
        use &= cells.blank | (cells.wrong == Wrong.NONE)
    for wrong in rows.read.unread.values():
        use &= wrong == Wrong.NONE
    found["whole_order"] = count_once(rows.read, rows.per_order, orders, use)
    if "paid_cny" not in rows.per_order:
        return left
    bear = use & ~rows.read.cells["paid_cny"].blank
    return left | (there & ~use & of_orders(bear, orders))


def _no_charge(read: Read, left: Mask) -> Mask:
    """Rows of a bill without an order number and without any amount."""
    amounts = [read.cells[item.key] for item in read.columns if item.kind == "money"]
    held = [~cells.blank & ((cells.values != 0) | (cells.wrong != 0)) for cells in amounts]
    found: Mask = read.cells["order_id"].blank & ~left
    return found & ~np.logical_or.reduce(held, axis=0) if held else found & False


def _same_entry(rows: Rows, left: Mask) -> Mask:
    """Rows of a bill that were exported twice: alike in the number of the charge and in every
    other column. A number that stands with several orders is that of no charge."""
    read = rows.read
    if (entry := read.beside.get("entry")) is None:
        return left & False
    own, count = pd.factorize(entry)[0], len(entry)
    if "order_id" in read.cells:
        order = numbered(read.cells["order_id"]).codes
        alone = np.zeros(count, dtype=np.int64)
        alone[own[~left]] = order[~left]
        several = np.zeros(count, dtype=bool)
        several[own[~left & (order != alone[own])]] = True
        entry = np.where(several[own], "", entry)
    typed = (read.cells[item.key].values for item in read.columns)
    others = (cells for _, cells in rows.others())
    return doubts.repeated(chain(typed, others), own, (entry != "") & ~left)


def _not_paid(
    payment: Mapping[str, Mask],
    orders: tuple[Ints, int] | None,
    left: Mask,
    lines: Mask,
    found: dict[str, Mask],
    apart: Mask,
    *,
    keep: bool,
) -> Mask:
    """The rows of orders that were not paid; ``found`` gets every doubt about payment. With a
    row of ``apart`` no further line goes."""
    gone = np.zeros(len(left), dtype=bool)
    if not payment:
        return gone
    for code, rows in payment.items():
        if doubts.weight_of(code) != "left":
            found[code] = rows & ~lines & ~left
        elif not keep:
            found[code] = rows & ~lines & ~left
            gone |= found[code]
    if orders:  # a further line goes with its order
        for code in [code for code in found if code != "total_row"]:
            if doubts.weight_of(code) == "left":
                found[code] = found[code] | (lines & of_orders(found[code] & ~apart, orders))
                gone |= found[code]
    return gone


def _doubtful_cells(rows: Rows, left: Mask, found: dict[str, Mask], asked: Asked) -> None:
    """Weights that are likely kilograms, days to come, costs that may be meant as rates."""
    read = rows.read
    if rows.kilos is not None:
        weight, kilos = read.cells["weight_g"], rows.kilos & ~left
        weight.values[kilos], weight.blank[kilos] = 0.0, True
        found["weight_unit"] = kilos
    if (dates := read.cells.get("order_date")) is not None and asked.today is not None:
        found["future_date"] = doubts.in_future(dates.values, ~left, asked.today)
    for key in COST_COLUMNS:
        if (cost := read.cells.get(key)) is not None and cost.share is not None:
            small = ~left & ~cost.share & (cost.values > 0) & (cost.values <= 100)
            small &= False if cost.bare is None else cost.bare
            found["cost_share"] = found.get("cost_share", np.zeros(len(left), bool)) | small
            _to_amounts(read, key)


def _to_amounts(read: Read, key: str) -> None:
    """Shares of the amount paid as amounts."""
    cost, paid = read.cells[key], read.cells["paid_cny"]
    share: Any = cost.share
    cost.values[share] = money.mul_div(paid.values[share], cost.values[share], money.RATE_UNIT)
