"""BREAKEVEN, PRICEFORMARGIN, MODECOMPARE: what to ask for goods, and in which mode."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sellersheet.functions.answers import gives_a_table, gives_a_value
from sellersheet.functions.blocks import NA
from sellersheet.functions.cases import Case, in_force
from sellersheet.functions.costs import costs as costs_of
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.rows import ROW_NUM, read_rows
from sellersheet.rules.fees import FEE_VALUES, NO_RETURN, Orders, order_fees
from sellersheet.rules.pricing import (
    ModeResult,
    full_managed,
    self_run,
    semi_managed,
    smallest_price,
)
from sellersheet.wording import Wording

WORDS: Final = Wording("sellersheet.functions", "price.toml")


@gives_a_value
def BREAKEVEN(  # noqa: N802
    cost: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    costs: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """The smallest price in CNY without a loss, after all rounding."""
    given = (parcel, inbound_days, standard_box, costs, as_of, policy)
    return _price(("cost", "logistics"), None, cost, logistics, *given)


@gives_a_value
def PRICEFORMARGIN(  # noqa: N802
    margin: Any,
    cost: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    costs: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """The smallest price in CNY that leaves the margin, after all rounding."""
    given = (parcel, inbound_days, standard_box, costs, as_of, policy)
    return _price(("margin", "cost", "logistics"), margin, cost, logistics, *given)


def _price(
    required: tuple[str, ...],
    margin: Any,
    cost: Any,
    logistics: Any,
    parcel: Any,
    inbound_days: Any,
    standard_box: Any,
    costs: Any,
    as_of: Any,
    policy: Any,
) -> Any:
    used, extra = terms(policy), costs_of(costs)
    call = read_rows(
        required,
        margin=margin,
        cost=cost,
        logistics=logistics,
        parcel=parcel,
        inbound_days=inbound_days,
        standard_box=standard_box,
        as_of=as_of,
    )
    rules = call.rules(used, FEE_VALUES)
    orders = Orders(
        0,
        call["logistics"],
        call["parcel"] == 1,
        call["inbound_days"],
        call["standard_box"],
        NO_RETURN,
    )
    price, found = smallest_price(orders, call["cost"], extra, call["margin"], rules)
    if call.n is None:
        call.refuse(not found[0], ROW_NUM)
        return call.answer(int(price[0]) / 100)
    call.refuse(np.broadcast_to(~found, call.n), ROW_NUM)
    return call.answer(np.broadcast_to(price, call.n) / 100)


@gives_a_table(5)
def MODECOMPARE(  # noqa: N802
    paid: Any,
    cost: Any,
    semi_logistics: Any,
    self_logistics: Any,
    self_domestic: Any,
    full_supply_price: Any,
    semi_costs: Any = None,
    self_costs: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """M: income, outlay, profit, margin and return on outlay of the three modes, in CNY.

    A blank input leaves only the modes that need it as #N/A.
    """
    used = terms(policy)
    lang = used.lang
    case = Case(
        lang,
        as_of=as_of,
        paid=paid,
        cost=cost,
        semi_logistics=semi_logistics,
        self_logistics=self_logistics,
        self_domestic=self_domestic,
        full_supply_price=full_supply_price,
    )
    header = [WORDS(key, lang) for key in _MODE_COLUMNS]
    if case.blank():
        return [header, *([WORDS(key, lang), *[""] * 5] for key in _MODES)]
    return [header, *_modes(case, used, semi_costs, self_costs)]


_MODES: Final = ("full", "semi", "self")
_MODE_COLUMNS: Final = ("mode", "income", "outlay", "profit", "margin", "return_on_outlay")
_NEEDS: Final = {
    "full": ("full_supply_price", "cost"),
    "semi": ("paid", "cost", "semi_logistics"),
    "self": ("paid", "cost", "self_logistics", "self_domestic"),
}


def _modes(case: Case, used: CallTerms, semi_costs: Any, self_costs: Any) -> list[list[Any]]:
    value = {name: case[name] or 0 for names in _NEEDS.values() for name in names}
    paid, cost = value["paid"], value["cost"]
    orders = Orders(paid, value["semi_logistics"], False, 1, True, NO_RETURN)
    fees = order_fees(orders, in_force(used, FEE_VALUES, case.day))
    results: dict[str, ModeResult] = {
        "full": full_managed(value["full_supply_price"], cost),
        "semi": semi_managed(paid, cost, fees, costs_of(semi_costs)),
        "self": self_run(
            paid, cost, value["self_logistics"], value["self_domestic"], costs_of(self_costs)
        ),
    }
    rows = []
    for key, result in results.items():
        unknown = any(case.blank(name) for name in _NEEDS[key])
        figures = [NA] * 5 if unknown else _figures(result)
        rows.append([WORDS(key, case.lang), *figures])
    return rows


def _figures(result: ModeResult) -> list[Any]:
    income, outlay, profit = result.income, result.outlay, result.profit
    margin = profit / income if income else NA
    gain = profit / outlay if outlay else NA
    return [income / 100, outlay / 100, profit / 100, margin, gain]
