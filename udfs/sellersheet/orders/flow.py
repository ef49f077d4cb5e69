"""A raw order table in, every order computed: the one way that all ways in share."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sellersheet.days import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import NOTHING_ASKED, Asked, Remark
from sellersheet.intake.grid import Grid
from sellersheet.money import Ints, Mask
from sellersheet.orders import freight
from sellersheet.orders.costs import ORDER_COSTS, SkuCosts, what_is_left
from sellersheet.orders.marks import Mark, Marks, quoted_figures
from sellersheet.orders.results import OrderResults
from sellersheet.policy import Policy
from sellersheet.rules.fees import BUYER_OPEN, FEE_VALUES, FeeParts, Orders, rush_fee_at_risk
from sellersheet.rules.lines import Groups, line_fees, shared_orders
from sellersheet.rules.rate_card import RateCard
from sellersheet.tables import Table, read_table
from sellersheet.wording import LANGS

_YEAR = 366
_NO_EXCHANGE = FxRates.fixed({})

CLOSED: Final = ("closed_paid", "closed_unknown")  # doubts of what was given back


def compute_orders(
    source: Grid | pd.DataFrame,
    policy: Policy,
    card: RateCard,
    *,
    as_of: date,
    fx: FxRates = _NO_EXCHANGE,
    sku_costs: SkuCosts | None = None,
    asked: Asked = NOTHING_ASKED,
    first_row: int = 2,
    rows: Ints | None = None,
) -> OrderResults:
    """F1 to F16 for every row of a raw order table.

    ``as_of`` is the day of rows without an order date. ``first_row`` is the sheet row of
    a frame's first row, for messages, or ``rows`` are those of all its rows; ``asked`` is what
    the user said of the table. A table that can't be read at all is a Problem.
    """
    table = read_table(source, "orders", fx=fx, asked=asked, first_row=first_row, rows=rows)
    return compute(table, policy, card, as_of=as_of, fx=fx, sku_costs=sku_costs)


class Charged(NamedTuple):
    """The fees of an order table, one element a row: all that F1 to F15 say of them.

    ``use`` marks the rows that are computed, ``freight_known`` those with a total.
    """

    days: Ints
    use: Mask
    marks: Marks
    orders: Orders
    groups: Groups | None
    priced: freight.Quoted
    parts: FeeParts
    freight_known: Mask


def charge(
    table: Table,
    policy: Policy,
    card: RateCard,
    *,
    as_of: date,
    fx: FxRates = _NO_EXCHANGE,
    on: date | None = None,
) -> Charged:
    """F1 to F15 for every row of a typed order table, in cents.

    With ``on`` every row counts as of that day, whatever its own: by its rules, its rate card,
    its exchange rates for freight.
    """
    days = days_of(table, as_of) if on is None else np.full(table.n, epoch_day(on), dtype=np.int64)
    ruled = np.broadcast_to(policy.on(days).known(FEE_VALUES), days.shape)
    sound = table.used
    use: Mask = sound & ruled
    marks: Marks = np.zeros(table.n, dtype=np.int64)
    for code, rows in table.doubts.items():
        marks[rows] |= Mark[code.upper()]
    marks[table.bad] = Mark.REFUSED
    marks[sound & ~ruled] = Mark.NO_RULE
    groups = shared_orders(table.order, use)
    marks |= _refused_lines(table, use, sound)

    quote, given = _money(table, "logistics_cny")
    priced = freight.of_table(table, quote, given & use, days, groups, use, card, fx)
    unused = np.flatnonzero(~use)
    priced.marks[unused] = 0
    marks |= priced.marks
    _settle_weights(marks, table)
    orders = Orders(
        paid=np.where(use, table.columns["paid_cny"], 0),
        logistics=priced.cents,
        # What has a default stands in every table.
        oversize=table.columns["parcel"] == 1,
        inbound_days=table.columns["inbound_days"],
        standard_box=table.columns["standard_box"],
        return_case=table.columns["return_case"],
    )
    parts = line_fees(orders, groups, days, policy)
    for part in parts:
        part[unused] = 0
    freight_known = priced.known & use
    parts.logistics_fee[~freight_known] = 0
    return Charged(days, use, marks, orders, groups, priced, parts, freight_known)


def compute(
    table: Table,
    policy: Policy,
    card: RateCard,
    *,
    as_of: date,
    fx: FxRates = _NO_EXCHANGE,
    sku_costs: SkuCosts | None = None,
) -> OrderResults:
    """F1 to F16 for every row of a typed order table."""
    found = charge(table, policy, card, as_of=as_of, fx=fx)
    days, use, marks, orders, groups, priced, parts, freight_known = found
    at_risk = _at_risk(orders.inbound_days, groups, days, policy, use)
    marks[at_risk > 0] |= Mark.RUSH_OPEN
    marks[use & (orders.return_case == BUYER_OPEN)] |= Mark.INSPECTION_OPEN
    marks[use & (orders.paid == 0)] |= Mark.PAID_ZERO
    money, spoilt = _costs(table, days, sku_costs)
    marks[use & spoilt] |= Mark.COST_SPOILT
    left = what_is_left(orders.paid, parts.total, freight_known, orders.return_case, money)
    refund_open = left.refund_missing | refund_unknown(table)
    marks[use & left.refund_missing & ~closed_orders(table)] |= Mark.REFUND_MISSING
    marks[use & left.goods_lost_assumed] |= Mark.GOODS_LOST_ASSUMED
    known = left.known & use & ~refund_open
    return OrderResults(
        table=table,
        days=days,
        parts=parts,
        freight_known=freight_known,
        charge_mg=np.where(freight_known, priced.charge_mg, 0),
        floors=priced.floors,
        place=priced.place,
        profit=np.where(known, left.profit, 0),
        profit_known=known,
        at_risk=at_risk,
        marks=marks,
        computed=use,
        figures=figures(policy, days, use),
        remarks=(
            *table.remarks,
            *_undated(table, as_of, use),
            *_old_rules(table, days, policy, use),
        ),
    )


def _settle_weights(marks: Marks, table: Table) -> None:
    """A doubtful weight matters only where freight would be looked up by it."""
    doubtful = (marks & Mark.WEIGHT_UNIT) != 0
    needed = doubtful & ((marks & Mark.NO_WEIGHT) != 0)
    marks[needed] &= ~np.int64(Mark.NO_WEIGHT)
    marks[doubtful & ~needed] &= ~np.int64(Mark.WEIGHT_UNIT)


def closed_orders(table: Table) -> Mask:
    """Orders closed after payment, or perhaps so: what was given back is not known."""
    found = np.zeros(table.n, dtype=bool)
    for code in CLOSED:
        if code in table.doubts:
            found |= table.doubts[code]
    return found


def refund_unknown(table: Table) -> Mask:
    """Those of the used rows without a refund: they have no profit."""
    found: Mask = closed_orders(table) & ~_money(table, "refund_cny")[1] & table.used
    return found


def _undated(table: Table, as_of: date, use: Mask) -> list[Remark]:
    """A remark where orders have no date, unless a column of dates is offered for it."""
    if any(remark.code == "date_not_used" for remark in table.remarks):
        return []
    blank = use & table.blank["order_date"] if "order_date" in table.columns else use
    count = int(blank.sum())
    return [Remark("no_date", {"count": count, "day": as_of.isoformat()})] if count else []


def _old_rules(table: Table, days: Ints, policy: Policy, use: Mask) -> list[Remark]:
    """A remark where orders are dated over a year after the newest snapshot of the values."""
    if "order_date" not in table.columns:
        return []
    newest = policy.newest_snapshot(FEE_VALUES)
    late = use & ~table.blank["order_date"] & (days > epoch_day(newest) + _YEAR)
    if not late.any():
        return []
    fields = {"count": int(late.sum()), "snapshot": newest.isoformat()}
    return [Remark("old_rules", fields)]


def days_of(table: Table, as_of: date) -> Ints:
    """Each row's own day since 1970-01-01; ``as_of`` where it has no order date."""
    default = epoch_day(as_of)
    if "order_date" not in table.columns:
        return np.full(table.n, default, dtype=np.int64)
    days = table.columns["order_date"].astype(np.int64)
    return np.where(table.blank["order_date"], default, days)


def _refused_lines(table: Table, use: Mask, sound: Mask) -> Marks:
    """Rows in use of an order that has another row which was refused."""
    marks = np.zeros(table.n, dtype=np.int64)
    refused = table.bad | (sound & ~use)
    if table.order is not None and refused.any():
        touched = np.isin(table.order, table.order[refused])
        marks[touched & use] = Mark.LINE_REFUSED
    return marks


def _at_risk(
    inbound_days: Ints, groups: Groups | None, days: Ints, policy: Policy, use: Mask
) -> Ints:
    """F6: the open rush fee of each order, on its first line, in cents."""
    view = policy.on(days)
    risk = np.where(use, rush_fee_at_risk(inbound_days, view), 0).astype(np.int64)
    if groups is not None:
        head = groups.rows[groups.first]
        slowest = np.maximum.reduceat(inbound_days[groups.rows], groups.first)
        risk[groups.rows] = 0
        risk[head] = rush_fee_at_risk(slowest, policy.on(days[head]))
    return risk


def _costs(
    table: Table, days: Ints, sku_costs: SkuCosts | None
) -> tuple[dict[str, tuple[Ints, Mask]], Mask]:
    """The money beside fees by key, and where the cost of a SKU is needed and spoilt."""
    spoilt = np.zeros(table.n, dtype=bool)
    money = {key: _money(table, key) for key in ("refund_cny", "goods_lost_cny", "cost_cny")}
    # F18: what is no fulfilment fee, in the profit and never in the parts.
    others = [_money(table, key) for key in ORDER_COSTS if key in table.columns]
    nothing = np.zeros(table.n, dtype=np.int64)
    money["other_cny"] = (sum((cents for cents, _ in others), nothing), nothing.astype(bool))
    if sku_costs is not None and "sku" in table.columns:
        cost, given = money["cost_cny"]
        piece, found, spoilt = sku_costs.on(table.columns["sku"], days)
        spoilt = spoilt & ~given & (table.columns["sku"] != "")
        found &= ~table.doubts.get("merged_quantity", np.zeros(table.n, dtype=bool))
        cost = np.where(given, cost, piece * table.columns["qty"])
        money["cost_cny"] = (cost, given | found)
    return money, spoilt


def _money(table: Table, key: str) -> tuple[Ints, Mask]:
    """Cents and where they are given."""
    if key not in table.columns:
        return np.zeros(table.n, dtype=np.int64), np.zeros(table.n, dtype=bool)
    return table.columns[key], ~table.blank[key]


def figures(policy: Policy, days: Ints, use: Mask) -> dict[str, dict[Any, str]]:
    """The policy's figures that reasons quote, as people read them."""
    first = policy.first_day(FEE_VALUES)
    view = policy.on(days[use])
    told = {"first_day": first.isoformat(), **quoted_figures(view)}
    return {name: dict.fromkeys(LANGS, shown) for name, shown in told.items()}
