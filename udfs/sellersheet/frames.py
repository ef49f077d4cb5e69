"""Frames in, frames out: the calculation for pandas users; ``shop_frames`` has shops and deposits.

Every function takes a raw frame with headers in Chinese or English (see
``sellersheet.columns``), keeps its rows, their order and its other columns, and appends
the result columns. A wrong cell never stops the others: its row has blank results, the
status ``error`` and a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet import orders
from sellersheet.cards import Card, shipped_card
from sellersheet.days import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.money import Ints, Mask
from sellersheet.orders.freight import Floors, Sides, parcels, with_floors
from sellersheet.orders.marks import WORDS, Mark, Status, reasons, status_words
from sellersheet.orders.results import yuan
from sellersheet.policy import Policy, load
from sellersheet.rules.card_lookup import REASONS, look_up
from sellersheet.rules.fees import FEE_VALUES, NO_RETURN, Orders, order_fees
from sellersheet.rules.pricing import Costs, order_profit, smallest_price
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang, system_language

Columns = dict[str, npt.NDArray[Any]]


def semi_fee(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    policy: Policy | None = None,
    card: Card | None = None,
    fx: FxRates | None = None,
    sku_costs: orders.SkuCosts | None = None,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """F1 to F16: orders in (columns ``orders``), fees and profit in CNY appended.

    ``as_of`` is the day of rows without an order date; today when not given. Freight
    comes from the row's quote, else from ``card``. ``sku_costs`` fills in blank costs.

    >>> orders = pd.DataFrame({"实付金额": ["¥100.00", 65], "系统报价": [22.60, "?"]})
    >>> fees = semi_fee(orders, as_of=date(2024, 8, 1), lang="en")
    >>> fees["total_fee_cny"].tolist()
    [31.3, nan]
    >>> fees["status"].tolist()
    ['ok', 'error']
    """
    results = orders.compute_orders(
        frame,
        policy or load(),
        (card or shipped_card(policy)).rates,
        as_of=as_of or date.today(),
        fx=fx or FxRates.fixed({}),
        sku_costs=sku_costs,
    )
    return results.frame(lang or system_language())


def logistics_fee(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    card: Card | None = None,
    fx: FxRates | None = None,
    lang: Lang | None = None,
    policy: Policy | None = None,
) -> pd.DataFrame:
    """F8, F9, F17: parcels in (columns ``parcels``), chargeable grams and freight in CNY appended.

    A parcel for which no rate is on record has a blank fee and says why.

    >>> parcels = pd.DataFrame({"country": ["西班牙", "FR"], "weight_g": [80, 80]})
    >>> logistics_fee(parcels, as_of=date(2024, 8, 1))["logistics_fee_cny"].tolist()
    [22.6, nan]
    """
    lang = lang or system_language()
    table = read_table(frame, "parcels")
    days = row_days(table, as_of)
    sides = Sides(*(_floats(table, f"{side}_cm") for side in ("length", "width", "height")))
    items = parcels(
        table.columns["country"], texts(table, "line"), table.columns["weight_g"], sides, days
    )
    use = table.used
    found = look_up(items, (card or shipped_card(policy)).rates, fx or FxRates.fixed({}))
    known = found.known & use
    marks = [0 if name == "found" else Mark[name.upper()] for name in REASONS]
    marked = np.where(use, np.array(marks, dtype=np.int64)[found.reason], 0)
    status = np.where(marked >= Mark.REFUND_MISSING, Status.WARNING, np.sign(marked))
    results: Columns = {
        "chargeable_g": np.where(known, found.charge_mg / 1000, np.nan),
        "logistics_fee_cny": yuan(found.fee, known),
    }
    why = reasons(marked, lang, {})
    with_floors(why, marked, Floors(found.floor, found.floor_mg), lang)
    return appended(table, results, status, why.objects(), lang)


def price_for_margin(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    policy: Policy | None = None,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """The smallest price in CNY that leaves the margin: columns ``prices`` in.

    A blank margin asks for break-even. One cent less misses it, after all rounding.

    >>> goods = pd.DataFrame({"cost_cny": [30], "logistics_cny": [22.6], "margin": ["20%"]})
    >>> price_for_margin(goods, as_of=date(2024, 8, 1))["price_cny"].tolist()
    [75.55]
    """
    lang, policy = lang or system_language(), policy or load()
    table = read_table(frame, "prices")
    days = row_days(table, as_of)
    use, undated = ruled(table, days, policy, FEE_VALUES)
    view = policy.on(days)
    given = table.columns
    items = Orders(
        paid=np.zeros(table.n, dtype=np.int64),
        logistics=given["logistics_cny"],
        oversize=given["parcel"] == 1,
        inbound_days=given["inbound_days"],
        standard_box=given["standard_box"],
        return_case=np.full(table.n, NO_RETURN),
    )
    costs = Costs(
        commission=given["commission"],
        affiliate=given["affiliate"],
        advertising=given["advertising"],
        coupon=given["coupon_cny"],
        other=given["other_cny"],
    )
    price, there = smallest_price(items, given["cost_cny"], costs, given["margin"], view)
    there &= use
    price = np.where(there, price, 0)
    fees = order_fees(items._replace(paid=price), view)
    results: Columns = {
        "price_cny": yuan(price, there),
        "total_fee_cny": yuan(fees.total, there),
        "profit_cny": yuan(order_profit(price, given["cost_cny"], fees, costs), there),
    }
    reason = np.full(table.n, "", dtype=object)
    none = use & ~there
    reason[none] = WORDS("no_price", lang)
    reason[undated] = WORDS("no_rule", lang, first_day=policy.first_day(FEE_VALUES))
    status = np.where(undated, Status.ERROR, np.where(none, Status.WARNING, Status.OK))
    return appended(table, results, status, reason, lang)


def row_days(table: Table, as_of: date | None) -> Ints:
    """Each row's day; the boundary decides what a blank means: the day given, else today."""
    default = epoch_day(as_of or date.today())
    if "as_of" not in table.columns:
        return np.full(table.n, default, dtype=np.int64)
    blank = table.blank["as_of"] | table.bad
    return np.where(blank, default, table.columns["as_of"]).astype(np.int64)


def ruled(table: Table, days: Ints, policy: Policy, names: tuple[str, ...]) -> tuple[Mask, Mask]:
    """Rows to be computed, and sound rows whose day is before the rules."""
    known = np.broadcast_to(policy.on(days).known(names), days.shape)
    sound = table.used
    return sound & known, sound & ~known


def appended(table: Table, results: Columns, status: Any, reason: Any, lang: Lang) -> pd.DataFrame:
    status = np.where(table.empty, Status.EMPTY, np.where(table.bad, Status.ERROR, status))
    reason[table.issues.at] = table.issues.frame(lang)["message"]
    words = status_words(status.astype(np.int8), lang)
    frame = pd.DataFrame({**results, "status": words, "reason": reason}, index=table.raw.index)
    return pd.concat([table.raw, frame], axis=1)


def texts(table: Table, key: str) -> Any:
    """A text column, blank where the table has none."""
    return table.columns[key] if key in table.columns else np.full(table.n, "", dtype=object)


def _floats(table: Table, key: str) -> Any:
    return table.columns[key] if key in table.columns else np.zeros(table.n)
