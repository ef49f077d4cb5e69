"""RETURNCURVE, MODEVOLUME: tables to be drawn, over return rates and over orders a day."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.blocks import BLANK
from sellersheet.functions.cases import Case, in_force, in_words
from sellersheet.functions.costs import costs as costs_of
from sellersheet.functions.ranges import terms
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.signs_table import read_series
from sellersheet.money import RATE_UNIT
from sellersheet.policy import View
from sellersheet.rules.fees import (
    FEE_VALUES,
    NO_RETURN,
    POINTS,
    RELATIVE,
    RETURN_VALUES,
    Orders,
    order_fees,
    return_limit,
    return_penalty,
)
from sellersheet.rules.pricing import break_even_orders, daily_profit, self_run, semi_managed
from sellersheet.wording import Wording

WORDS: Final = Wording("sellersheet.functions", "curves.toml")
_STEP: Final = RATE_UNIT // 50  # 2 % between the rates of the curve
_BEYOND: Final = RATE_UNIT // 10  # as far as this beyond the higher of the two limits
_VOLUMES: Final = 10
_FIT: Final = ("semi_fit_orders_min", "semi_fit_orders_max")


@gives_a_table(3)
def RETURNCURVE(  # noqa: N802 - the name in Excel
    orders: Any,
    category_mean: Any,
    return_rates: Any = None,
    seller_fault_orders: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """F12, F13: return rate, then the subsidy lost in CNY by both readings of the 15 % and by the
    one in force, with a header.

    Without ``return_rates`` every 2 % from 0 to beyond both limits, and the limits themselves.
    """
    used = terms(policy)
    lang = used.lang
    case = Case(
        lang,
        orders=orders,
        category_mean=category_mean,
        seller_fault_orders=seller_fault_orders,
        as_of=as_of,
    )
    _, rates, start = read_series(return_rates, "return_rates", ARGUMENTS["return_rate"], lang)
    day = case.day
    rules = in_force(used, RETURN_VALUES, day)
    tolerance = in_words(used, day)("excess_return_tolerance")
    keys = ("rate", "relative", "points", "in_force")
    header = [WORDS(key, lang, tolerance=tolerance) for key in keys]
    if case.blank():
        return [header, [BLANK] * len(header)]
    case.needs("orders", "category_mean")
    mean, faults = case["category_mean"], case["seller_fault_orders"] or 0

    def lost(rate: int, reading: str | None) -> float:
        return int(return_penalty(case["orders"], rate, mean, faults, rules, reading)) / 100

    shown = rates[start:] or _rates(mean, rules)
    readings = (RELATIVE, POINTS, None)
    return [header, *([rate / RATE_UNIT, *(lost(rate, by) for by in readings)] for rate in shown)]


def _rates(mean: int, rules: View) -> list[int]:
    """The rates of the curve in units of 1e-9."""
    limits = [int(return_limit(mean, rules, reading)) for reading in (RELATIVE, POINTS)]
    end = min(max(limits) + _BEYOND, RATE_UNIT)
    steps = range(0, -(-end // _STEP) * _STEP + 1, _STEP)
    return sorted({*steps, *(limit for limit in limits if limit <= RATE_UNIT)})


@gives_a_table(4)
def MODEVOLUME(  # noqa: N802
    paid: Any,
    cost: Any,
    semi_logistics: Any,
    self_logistics: Any,
    self_domestic: Any,
    semi_fixed: Any = None,
    self_fixed: Any = None,
    semi_costs: Any = None,
    self_costs: Any = None,
    volumes: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """M: orders a day, a day's profit semi-managed and self-run in CNY, the difference, which is
    better; with a header, and last the volume from which the dearer to set up is no worse.

    Without ``volumes`` ten of them over the range that the source calls fit for semi-managed.
    """
    used = terms(policy)
    lang = used.lang
    case = Case(
        lang,
        paid=paid,
        cost=cost,
        semi_logistics=semi_logistics,
        self_logistics=self_logistics,
        self_domestic=self_domestic,
        semi_fixed=semi_fixed,
        self_fixed=self_fixed,
        as_of=as_of,
    )
    _, counts, start = read_series(volumes, "volumes", ARGUMENTS["orders"], lang)
    header = [WORDS(key, lang) for key in ("volume", "semi", "self", "difference", "better")]
    if case.blank():
        return [header, [BLANK] * len(header)]
    case.needs("paid", "cost", "semi_logistics", "self_logistics", "self_domestic")
    rules = in_force(used, (*FEE_VALUES, *_FIT), case.day)
    price, goods = case["paid"], case["cost"]
    orders = Orders(price, case["semi_logistics"], False, 1, True, NO_RETURN)
    fees = order_fees(orders, rules)
    semi = semi_managed(price, goods, fees, costs_of(semi_costs)).profit
    own = self_run(
        price, goods, case["self_logistics"], case["self_domestic"], costs_of(self_costs)
    ).profit
    fixed = case["semi_fixed"] or 0, case["self_fixed"] or 0

    def row(count: int, note: str = "") -> list[Any]:
        days = daily_profit(semi, fixed[0], count), daily_profit(own, fixed[1], count)
        gain = int(days[0] - days[1])
        better = WORDS("semi_better" if gain > 0 else "self_better" if gain else "equal", lang)
        return [count, *(int(day) / 100 for day in days), gain / 100, note or better]

    least = int(break_even_orders(own - semi, fixed[1] - fixed[0]))
    rows = [row(count) for count in counts[start:] or _volumes(rules)]
    if not least:
        return [header, *rows, [*[BLANK] * 4, WORDS("no_break_even", lang)]]
    mode = "self" if fixed[1] > fixed[0] else "semi"
    return [header, *rows, row(least, WORDS(f"break_even_{mode}", lang, count=f"{least:,}"))]


def _volumes(rules: View) -> list[int]:
    """Equal steps over the range that fits, in whole orders."""
    low, high = (int(rules.number(name)) for name in _FIT)
    last = _VOLUMES - 1
    return sorted({low + (high - low) * at // last for at in range(_VOLUMES)})
