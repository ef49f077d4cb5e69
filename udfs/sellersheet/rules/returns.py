"""What a return rate above the category mean costs the shop: F12, F13."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.money import RATE_UNIT, largest, mul_div
from sellersheet.policy import View

RETURN_VALUES: Final = (
    "excess_return_subsidy",
    "excess_return_tolerance",
    "excess_return_reading",
    "excess_counts_seller_fault_once",
)


def return_penalty(
    orders: Any, return_rate: Any, category_mean: Any, seller_fault_orders: Any, policy: View
) -> Any:
    """F12, F13: each order in the excess over the limit loses the subsidy once, in cents.

    ``orders`` counts the shop's orders; rates are in units of 1e-9. The excess is not
    rounded to whole orders; orders already charged for the seller's fault (F11) come off.
    """
    excess = largest(return_rate - return_limit(category_mean, policy), 0) * orders
    if policy.choice("excess_counts_seller_fault_once") == "yes":
        excess = largest(excess - seller_fault_orders * RATE_UNIT, 0)
    return mul_div(excess, policy.money("excess_return_subsidy"), RATE_UNIT)


def return_limit(category_mean: Any, policy: View) -> Any:
    """F12: the return rate above which orders count, in units of 1e-9.

    Read as relative (mean × 1.15) or, by the policy's switch, as points (mean + 0.15).
    """
    tolerance = policy.ratio("excess_return_tolerance")
    if policy.choice("excess_return_reading") == "points":
        return category_mean + mul_div(RATE_UNIT, tolerance.num, tolerance.den)
    return category_mean + mul_div(category_mean, tolerance.num, tolerance.den)
