"""Frames in, frames out: the calculation for pandas users.

Every function takes a raw frame with headers in Chinese or English (see
``sellersheet.columns``), keeps its rows, their order and its other columns, and appends
the result columns. A wrong cell never stops the others: its row has blank results, the
status ``error`` and a reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet import orders
from sellersheet.cards import Card, shipped_card
from sellersheet.epoch import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.intake.headers import places
from sellersheet.money import Ints, Mask, rate_units
from sellersheet.orders.freight import Floors, Sides, parcels, with_floors
from sellersheet.orders.marks import WORDS, Mark, Status, reasons, status_words
from sellersheet.orders.results import yuan
from sellersheet.policy import Policy, load
from sellersheet.rules import eligibility as rules_eligibility
from sellersheet.rules.card_lookup import REASONS, look_up
from sellersheet.rules.deposit import DEPOSIT_VALUES, stated_coefficient
from sellersheet.rules.deposit import order_deposit as deposit_of
from sellersheet.rules.fees import FEE_VALUES, NO_RETURN, Orders, order_fees
from sellersheet.rules.pricing import Costs, order_profit, smallest_price
from sellersheet.rules.verdicts import FAIL, NOT_ASKED, PASS, UNKNOWN, overall
from sellersheet.rules.verdicts import WORDS as VERDICTS
from sellersheet.shops import flags_unasked, shop_verdicts, texts
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
    days = _days(table, as_of)
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
    return _appended(table, results, status, why.objects(), lang)


def order_deposit(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    policy: Policy | None = None,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """D1 to D3, D5: columns ``deposits`` in, deviation and deposit in USD appended.

    The risk coefficient is a number, or a category whose coefficient is stated.

    >>> case = {"base_usd": [500], "risk": [1.3]}
    >>> case |= {"shop_dispute_rate": ["1.5%"], "category_dispute_rate": ["1%"]}
    >>> order_deposit(pd.DataFrame(case), as_of=date(2024, 8, 1))["deposit_usd"].tolist()
    [1725.0]
    """
    lang, policy = lang or system_language(), policy or load()
    table = read_table(_with_coefficients(frame, policy, as_of), "deposits")
    table = replace(table, body=table.body.of(frame))  # the frame given back is the one that came
    days = _days(table, as_of)
    use, undated = _ruled(table, days, policy, DEPOSIT_VALUES)
    view = policy.on(days)
    found = deposit_of(
        table.columns["base_usd"],
        rate_units(table.columns["risk"]),
        table.columns["shop_dispute_rate"],
        np.where(use, table.columns["category_dispute_rate"], 1),
        view,
    )
    results: Columns = {
        "deviation": np.where(use, found.deviation / 1e9, np.nan),
        "deviation_used": np.where(use, found.deviation_used / 1e9, np.nan),
        "deposit_usd": yuan(found.amount, use),
    }
    flagged = use & found.above_top_tier
    status = np.where(undated, Status.ERROR, np.where(flagged, Status.NOTE, Status.OK))
    limit = f"${_last(view.money('deposit_flag_above')) / 100:,.2f}"
    reason = np.full(table.n, "", dtype=object)
    reason[flagged] = WORDS("deposit_above", lang, limit=limit)
    reason[undated] = WORDS("no_rule", lang, first_day=policy.first_day(DEPOSIT_VALUES))
    return _appended(table, results, status, reason, lang)


def eligibility(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    policy: Policy | None = None,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """E1 to E5, E9, E10, E12: columns ``shops`` in, a verdict a criterion and the whole appended.

    ``eligible`` is TRUE, FALSE or blank when it can't be decided. Built-in battery, magnetic
    and medical goods are barred by their flags; where those are blank, the reason says so.

    >>> shop = pd.DataFrame({"shop_age_days": [179], "sell_through": ["65%"]})
    >>> eligibility(shop, as_of=date(2024, 8, 1))[["E1", "E2", "E3", "eligible"]].values.tolist()
    [['FAIL', 'UNKNOWN', 'PASS', 'FALSE']]
    """
    lang, policy = lang or system_language(), policy or load()
    table = read_table(frame, "shops")
    days = _days(table, as_of)
    use, undated = _ruled(table, days, policy, rules_eligibility.SHOP_VALUES)
    verdicts = shop_verdicts(table, policy, days, use)
    found = overall(list(verdicts.values()))
    words = {**VERDICTS, NOT_ASKED: WORDS("not_asked", lang)}
    results: Columns = {
        rule: np.where(use, np.vectorize(words.get, otypes=[object])(codes), "")
        for rule, codes in verdicts.items()
    }
    whole = np.select([~use, found == PASS, found == FAIL], ["", "TRUE", "FALSE"], "")
    results["eligible"] = whole.astype(object)
    reason = np.full(table.n, "", dtype=object)
    open_rows = use & (found == UNKNOWN)
    reason[open_rows] = WORDS("undecided", lang)
    unasked = use & flags_unasked(table) & (verdicts["E9"] != FAIL)
    told = WORDS("flags_unasked", lang)
    reason[unasked] = [f"{said} {told}".strip() for said in reason[unasked]]
    reason[undated] = WORDS(
        "no_rule", lang, first_day=policy.first_day(rules_eligibility.SHOP_VALUES)
    )
    status = np.where(undated, Status.ERROR, np.where(open_rows | unasked, Status.NOTE, Status.OK))
    return _appended(table, results, status, reason, lang)


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
    days = _days(table, as_of)
    use, undated = _ruled(table, days, policy, FEE_VALUES)
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
    return _appended(table, results, status, reason, lang)


def _days(table: Table, as_of: date | None) -> Ints:
    """Each row's day; the boundary decides what a blank means: the day given, else today."""
    default = epoch_day(as_of or date.today())
    if "as_of" not in table.columns:
        return np.full(table.n, default, dtype=np.int64)
    blank = table.blank["as_of"] | table.bad
    return np.where(blank, default, table.columns["as_of"]).astype(np.int64)


def _with_coefficients(frame: pd.DataFrame, policy: Policy, as_of: date | None) -> pd.DataFrame:
    """D3: the frame with the coefficient of every category that stands in the column ``risk``.

    It is that of the row's day.
    """
    at = places(frame.columns, "deposits").get("risk")
    if at is None:
        return frame
    column = frame.iloc[:, at]
    words = [place for place, cell in enumerate(column) if isinstance(cell, str)]
    if not words:
        return frame
    days = _days(read_table(frame, "deposits"), as_of)
    cells = column.astype(object).tolist()
    for place in words:
        found = stated_coefficient(cells[place], policy.on(int(days[place])))
        cells[place] = cells[place] if found is None else float(found)
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    columns[at] = pd.Series(cells, index=frame.index, name=column.name, dtype=object)
    made = pd.concat(columns, axis=1)
    made.columns = frame.columns
    return made


def _ruled(table: Table, days: Ints, policy: Policy, names: tuple[str, ...]) -> tuple[Mask, Mask]:
    """Rows to be computed, and sound rows whose day is before the rules."""
    known = np.broadcast_to(policy.on(days).known(names), days.shape)
    sound = table.used
    return sound & known, sound & ~known


def _appended(table: Table, results: Columns, status: Any, reason: Any, lang: Lang) -> pd.DataFrame:
    status = np.where(table.empty, Status.EMPTY, np.where(table.bad, Status.ERROR, status))
    reason[table.issues.at] = table.issues.frame(lang)["message"]
    words = status_words(status.astype(np.int8), lang)
    frame = pd.DataFrame({**results, "status": words, "reason": reason}, index=table.raw.index)
    return pd.concat([table.raw, frame], axis=1)


def _floats(table: Table, key: str) -> Any:
    return table.columns[key] if key in table.columns else np.zeros(table.n)


def _last(value: Any) -> int:
    return int(np.max(value))
