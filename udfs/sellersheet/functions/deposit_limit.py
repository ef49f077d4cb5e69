"""DEPOSITLIMIT, DEPOSITLIMIT_DETAIL: how many disputes a budget for the deposit bears."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sellersheet.columns import column
from sellersheet.functions.answers import gives_a_table, gives_a_value, reasons
from sellersheet.functions.blocks import BLANK, NUM
from sellersheet.functions.blocks import WORDS as PROBLEMS
from sellersheet.functions.cases import Case
from sellersheet.functions.deposit import WORDS, coefficients
from sellersheet.functions.fees import table_of
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.rows import OK, ROW_BLANK, ROW_NUM, Call, read_rows
from sellersheet.money import RATE_UNIT, largest, product, rate_units, smallest, where
from sellersheet.orders.marks import Status, status_words
from sellersheet.policy import View
from sellersheet.rules.deposit import (
    DEPOSIT_VALUES,
    NONE_FITS,
    highest_rate,
    most_disputes,
    order_deposit,
)

_NEEDED: Final = ("budget_usd", "base_usd", "risk", "category_dispute_rate")
_TITLES: Final = ("rate", "disputes", "deposit", "next", "flag_rate", "flag_disputes")


class _Limits(NamedTuple):
    """A call, the rules and terms of it, and what its rows can be computed with: money in US
    cents, rates in units of 1e-9; where a row has no answer, numbers that divide nothing by 0."""

    call: Call
    used: CallTerms
    rules: View
    base: Any
    risk: Any
    mean: Any
    orders: Any

    def rate(self, budget: Any) -> Any:
        """The highest rate within a budget."""
        return highest_rate(budget, self.base, self.risk, self.mean, self.rules)

    def disputes(self, budget: Any) -> Any:
        """The most disputes within a budget; 0 of no orders."""
        found = most_disputes(budget, self.base, self.risk, self.mean, self.orders, self.rules)
        return where(self.call["orders"] == 0, smallest(found, 0), found)

    def deposit(self, rate: Any, mean: Any) -> Any:
        """The deposit of a rate beside a mean, both in the same unit."""
        return order_deposit(self.base, self.risk, rate, mean, self.rules).amount


def _limits(given: dict[str, Any], policy: Any) -> _Limits:
    used = terms(policy)
    call = read_rows(_NEEDED, **{**given, "risk": coefficients(given, used)})
    rules = call.rules(used, DEPOSIT_VALUES)
    mean = where(call.codes == OK, call["category_dispute_rate"], 1)
    risk, orders = rate_units(call["risk"]), largest(call["orders"], 1)
    return _Limits(call, used, rules, call["base_usd"], risk, mean, orders)


@gives_a_value
def DEPOSITLIMIT(  # noqa: N802 - the name in Excel
    budget_usd: Any,
    base_usd: Any,
    risk: Any,
    category_dispute_rate: Any,
    orders: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D20: the highest dispute rate whose deposit is within a budget in USD.

    Where ``orders`` are given, the most disputes among them. 100 %, or all orders, where any
    fits; #NUM! where the least possible deposit is above the budget.
    """
    given = {
        "budget_usd": budget_usd,
        "base_usd": base_usd,
        "risk": risk,
        "category_dispute_rate": category_dispute_rate,
        "orders": orders,
        "as_of": as_of,
    }
    found = _limits(given, policy)
    call, budget = found.call, found.call["budget_usd"]
    counted, rate = call.known("orders"), found.rate(budget)
    call.refuse(rate == NONE_FITS, ROW_NUM)
    disputes = found.disputes(budget) if np.any(counted) else 0
    return call.answer(where(counted, disputes / 1, rate / RATE_UNIT))


@gives_a_table(7)
def DEPOSITLIMIT_DETAIL(  # noqa: N802
    budget_usd: Any,
    base_usd: Any,
    risk: Any,
    category_dispute_rate: Any,
    orders: Any = None,
    as_of: Any = None,
    policy: Any = None,
    headers: Any = None,
) -> Any:
    """D20, D5: highest rate, most disputes, the deposit at them and with one dispute more (with
    a billionth more where no orders are given), both below the flag, status, reason.

    One row a case, with a header row on top if asked for.
    """
    given = {
        "budget_usd": budget_usd,
        "base_usd": base_usd,
        "risk": risk,
        "category_dispute_rate": category_dispute_rate,
        "orders": orders,
        "as_of": as_of,
    }
    found = _limits(given, policy)
    call, lang = found.call, found.used.lang
    first_day = found.used.policy.first_day(DEPOSIT_VALUES)
    why = reasons(call, given, _NEEDED, lang, PROBLEMS("no_rule", lang, first_day=first_day))
    flag = found.rules.money("deposit_flag_above")
    limits = [found.rate(call["budget_usd"]), found.disputes(call["budget_usd"])]
    below = [found.rate(flag), found.disputes(flag)]
    call.refuse(limits[0] == NONE_FITS, ROW_NUM)

    def column_of(values: Any, there: Any = True) -> list[Any]:
        cells = np.where(np.less(values, 0), NUM, np.asarray(values / 1, dtype=object))
        return call.cells(np.where(there, cells, BLANK))

    counted = call.known("orders")
    # The step of one dispute, or of one unit of rate, beside a mean in the same unit.
    step = where(counted, RATE_UNIT, 1)
    mean = product(found.mean, where(counted, found.orders, 1))
    most = where(counted, limits[1], limits[0])
    beyond = found.deposit(product(most + 1, step), mean) / 100
    columns = [
        column_of(limits[0] / RATE_UNIT),
        column_of(limits[1], counted),
        column_of(found.deposit(product(largest(most, 0), step), mean) / 100),
        column_of(beyond, np.less(most, where(counted, call["orders"], RATE_UNIT))),
        column_of(below[0] / RATE_UNIT),
        column_of(below[1], counted),
    ]
    rows = call.n or 1
    codes = np.broadcast_to(call.codes, rows)
    free = (codes == OK) & np.broadcast_to(limits[0] == RATE_UNIT, rows)
    status = np.where(free, Status.NOTE, Status.OK)
    status = np.select([codes == ROW_BLANK, codes != OK], [Status.EMPTY, Status.ERROR], status)
    columns.append(status_words(status.astype(np.int8), lang).tolist())
    columns.append(_reasons(found, why, free, codes == ROW_NUM))
    titles = [WORDS(f"limit_{key}", lang) for key in _TITLES]
    titles += [column("deposit_results", key).title(lang) for key in ("status", "reason")]
    return table_of(call, columns, titles if Case(lang, headers=headers)["headers"] else None)


def _reasons(found: _Limits, why: list[str], free: Any, none: Any) -> list[str]:
    """What is said where no rate fits, and where every one does (D2: the deviation is capped)."""
    bounds = {"limit_none": (none, 0), "limit_any": (free, RATE_UNIT)}
    for code, (rows, rate) in bounds.items():
        amounts = np.broadcast_to(found.deposit(rate, found.mean), len(why))
        budgets = np.broadcast_to(found.call["budget_usd"], len(why))
        for at in np.flatnonzero(rows).tolist():
            told = {"amount": _usd(amounts[at]), "budget": _usd(budgets[at])}
            why[at] = WORDS(code, found.used.lang, **told)
    return why


def _usd(cents: Any) -> str:
    return f"${int(cents) / 100:,.2f}"
