"""How high disputes may go before a deposit exceeds a budget: D20."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from sellersheet.money import RATE_UNIT, product, where
from sellersheet.policy import View
from sellersheet.rules.deposit import order_deposit

NONE_FITS: Final = -1


def highest_rate(budget: Any, base: Any, risk: Any, mean_rate: Any, policy: View) -> Any:
    """D20: the highest dispute rate whose deposit is within the budget, in units of 1e-9.

    Money in US cents, ``risk`` and ``mean_rate`` (> 0) in units of 1e-9. One unit more is above
    the budget; 100 % where every rate fits, NONE_FITS where the least deposit is above it.
    """

    def fits(rate: Any) -> Any:
        return order_deposit(base, risk, rate, mean_rate, policy).amount <= budget

    return _highest(fits, RATE_UNIT)


def most_disputes(
    budget: Any, base: Any, risk: Any, mean_rate: Any, orders: Any, policy: View
) -> Any:
    """D20: the most disputes among ``orders`` (≥ 1) whose deposit is within the budget.

    The shop's rate is the exact fraction: no rate is rounded. One dispute more is above the
    budget; all orders where any number fits, NONE_FITS where not even none does.
    """
    mean = product(mean_rate, orders)

    def fits(disputes: Any) -> Any:
        rate = product(disputes, RATE_UNIT)
        return order_deposit(base, risk, rate, mean, policy).amount <= budget

    return _highest(fits, orders)


def _highest(fits: Callable[[Any], Any], top: Any) -> Any:
    """The highest whole number up to ``top`` that fits, NONE_FITS for none.

    The deposit never falls as disputes rise (D1, D2), so halving finds it.
    """
    low, high = NONE_FITS, top + 1
    while np.any(high - low > 1):
        middle = (low + high) // 2
        good = fits(middle)
        low, high = where(good, middle, low), where(good, high, middle)
    return low
