"""The orders as one row an order, and which of them each order of the bill is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.cells import word
from sellersheet.money import Ints, Mask
from sellersheet.orders import OrderResults, compute
from sellersheet.policy import View
from sellersheet.rules.difference_causes import (
    FREE,
    LATE,
    OPEN,
    OPERATION,
    REFUND,
    UNTOLD,
    States,
)  # fmt: skip
from sellersheet.rules.fees import Orders, operation_fee
from sellersheet.rules.lines import Groups, as_orders
from sellersheet.tables import Table
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.reconcile.bill import Bill, shops_of
from sellersheet_workbook.reconcile.bill_table import BillProblem

NO_ORDER: Final = -1
SEVERAL_SHOPS: Final = -2


@dataclass(frozen=True)
class OrderSide:
    """The orders, one element each, in the order of their first rows.

    ``due`` has the parts in cents, one row an order. ``sound`` orders have every line
    computed; ``card`` is the freight of the rate card where a quote is used instead, and 0
    elsewhere. ``days`` is the n of T+n. ``unnamed`` counts rows without an order number;
    ``left`` are the numbers of orders that are left out, as cancelled or not paid.
    """

    shop: npt.NDArray[np.object_]
    order_id: npt.NDArray[np.object_]
    first: Ints
    due: Ints
    sound: Mask
    freight_known: Mask
    quoted: Mask
    card: Ints
    paid: Ints
    days: Ints
    states: States
    view: View
    unnamed: int
    left: frozenset[str]

    @property
    def n(self) -> int:
        """The number of orders."""
        return len(self.order_id)


def orders_of(results: OrderResults, terms: Terms) -> OrderSide:
    """F15: the lines of each order put together again."""
    table = results.table
    if "order_id" not in table.columns:
        raise BillProblem("no_order_ids")
    numbers = table.columns["order_id"]
    named = ~(table.empty | table.left) & (numbers != "")
    if not named.any():
        raise BillProblem("no_order_ids")
    groups, names = _grouped(table, named)
    rows, first = groups.rows, groups.first
    head = rows[first]
    lines = _lines(table)
    whole = as_orders(lines, groups)
    view = terms.policy.on(results.days[head])
    due = np.stack([np.add.reduceat(part[rows], first) for part in results.parts], axis=1)
    card, card_known = _by_card(results, terms)
    quoted = _given(table, "logistics_cny")
    freight_known = np.logical_and.reduceat(results.freight_known[rows], first)
    known = np.logical_and.reduceat(card_known[rows], first) & freight_known
    return OrderSide(
        shop=names["shop"].to_numpy(dtype=object),
        order_id=names["order_id"].to_numpy(dtype=object),
        first=head,
        due=due,
        sound=np.logical_and.reduceat(results.computed[rows], first),
        freight_known=freight_known,
        quoted=np.logical_or.reduceat(quoted[rows], first),
        card=np.where(known, np.add.reduceat(card[rows], first), 0),
        paid=whole.paid,
        days=whole.inbound_days,
        states=_states(table, whole, groups, due, view),
        view=view,
        unnamed=int((~(table.empty | table.left) & ~named).sum()),
        left=frozenset(numbers[table.left & ~table.doubts.get("total_row", table.empty)]) - {""},
    )


def matched(orders: OrderSide, bill: Bill) -> Ints:
    """For each order of the bill its place among the orders, NO_ORDER or SEVERAL_SHOPS.

    Shop and order number decide; where one side names no shop, the order number alone, if
    it stands in one shop only.
    """
    ours, theirs = _plain(orders.shop), _plain(bill.shop)
    exact = _places(_pairs(ours, orders.order_id), _pairs(theirs, bill.order_id))
    by_number = _places(orders.order_id, bill.order_id)
    blank = (theirs == "") | (ours[np.maximum(by_number, 0)] == "")
    loose = (exact < 0) & (by_number >= 0) & blank
    several = pd.Series(orders.order_id).duplicated(keep=False).to_numpy()
    unclear = loose & several[np.maximum(by_number, 0)]
    found = np.where(loose, by_number, exact)
    # Without shops on our side one order number of several shops of the bill is unclear too.
    if (ours == "").any() and bill.has_shop:
        shops = pd.DataFrame({"order": bill.order_id, "shop": theirs})[theirs != ""]
        count = shops.drop_duplicates()["order"].value_counts()
        unclear |= loose & np.isin(bill.order_id, count.index[count > 1].to_numpy(dtype=object))
    return np.where(unclear, SEVERAL_SHOPS, found)


def _grouped(table: Table, named: Mask) -> tuple[Groups, pd.DataFrame]:
    at = np.flatnonzero(named)
    frame = pd.DataFrame(
        {"shop": shops_of(table)[at], "order_id": table.columns["order_id"][at]}, dtype=object
    )
    code = frame.groupby(["shop", "order_id"], sort=False).ngroup().to_numpy().astype(np.int64)
    order = np.argsort(code, kind="stable")
    codes = code[order]
    begins = np.ones(len(codes), dtype=bool)
    begins[1:] = codes[1:] != codes[:-1]
    first = np.flatnonzero(begins)
    return Groups(at[order], first, codes), frame.iloc[order[first]].reset_index(drop=True)


def _lines(table: Table) -> Orders:
    return Orders(
        paid=table.columns["paid_cny"],
        logistics=np.zeros(table.n, dtype=np.int64),
        oversize=table.columns["parcel"] == 1,
        inbound_days=table.columns["inbound_days"],
        standard_box=table.columns["standard_box"].astype(bool),
        return_case=table.columns["return_case"],
    )


def _states(table: Table, whole: Orders, groups: Groups, due: Ints, view: View) -> States:
    def each(value: Any) -> Any:
        return np.broadcast_to(np.asarray(value, dtype=np.int64), whole.paid.shape)

    told = np.logical_and.reduceat(_given(table, "inbound_days")[groups.rows], groups.first)
    late = whole.inbound_days > view.number("rush_after_days")
    after_free = whole.inbound_days > view.number("rush_free_days")
    inbound = np.select([late, ~told, after_free], [LATE, UNTOLD, OPEN], FREE)
    return States(
        standard=each(operation_fee(np.zeros(len(late), dtype=bool), view)),
        surcharge=each(view.money("oversize_surcharge")),
        rush=each(view.money("rush_fee")),
        repack=each(view.money("repack_fee")),
        subsidy=each(view.money("seller_fault_subsidy")),
        operation=due[:, OPERATION],
        refund=-due[:, REFUND],
        inbound=inbound,
        oversize=each(whole.oversize),
        oversize_told=each("parcel" in table.header),
        own_box=each(~whole.standard_box),
        own_box_told=each("standard_box" in table.header),
        return_case=each(whole.return_case),
        return_told=each("return_case" in table.header),
    )


def _given(table: Table, key: str) -> Mask:
    """Where the cell of a column is filled in."""
    return table.given.get(key, np.zeros(table.n, dtype=bool))


def _by_card(results: OrderResults, terms: Terms) -> tuple[Ints, Mask]:
    """The freight of the rate card for every row that has a quote."""
    table = results.table
    if "logistics_cny" not in table.columns:
        return np.zeros(table.n, dtype=np.int64), np.zeros(table.n, dtype=bool)
    kept = {key: values for key, values in table.columns.items() if key != "logistics_cny"}
    found = compute(
        replace(table, columns=kept), terms.policy, terms.card.rates,
        as_of=terms.as_of, fx=terms.fx,
    )  # fmt: skip
    return found.parts.logistics_fee, found.freight_known


def _plain(shops: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    codes, distinct = pd.factorize(shops)
    return np.array([word(str(shop)) for shop in distinct], dtype=object)[codes]


def _pairs(shops: npt.NDArray[np.object_], orders: npt.NDArray[np.object_]) -> Any:
    return shops + "\x1f" + orders


def _places(ours: Any, theirs: Any) -> Ints:
    """Where each of theirs stands first in ours, else NO_ORDER."""
    index = pd.Index(ours, dtype=object)
    unique = ~index.duplicated()
    place = np.flatnonzero(unique)
    found = index[unique].get_indexer(pd.Index(theirs, dtype=object))
    return np.where(found < 0, NO_ORDER, place[np.maximum(found, 0)])
