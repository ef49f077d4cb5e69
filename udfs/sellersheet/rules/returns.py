"""What a return rate above the category mean costs the shop: F12, F13."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.money import (
    RATE_UNIT,
    Ratio,
    common_unit,
    div_round,
    largest,
    mul_div,
    product,
    where,
)
from sellersheet.policy import View

RETURN_VALUES: Final = (
    "excess_return_subsidy",
    "excess_return_tolerance",
    "excess_return_reading",
    "excess_counts_seller_fault_once",
)


# How the tolerance is read: mean × 1.15, or mean + 15 percentage points.
RELATIVE: Final = "relative"
POINTS: Final = "points"


def return_penalty(
    orders: Any,
    return_rate: Any,
    category_mean: Any,
    seller_fault_orders: Any,
    policy: View,
    reading: str | None = None,
) -> Any:
    """F12, F13: each order in the excess over the limit loses the subsidy once, in cents.

    ``orders`` counts the shop's orders; rates are in units of 1e-9. The excess is not
    rounded to whole orders; orders already charged for the seller's fault (F11) come off.
    ``reading`` is RELATIVE or POINTS; None: the policy's.
    """
    tolerance = policy.ratio("excess_return_tolerance")
    common = common_unit(return_rate, category_mean, RATE_UNIT)
    rate, mean, whole = return_rate // common, category_mean // common, RATE_UNIT // common
    # Both sides times the tolerance's denominator: nothing is rounded before the end.
    limit = mean * tolerance.den + _allowance(mean, whole, tolerance, policy, reading)
    excess = product(largest(rate * tolerance.den - limit, 0), orders)
    unit = whole * tolerance.den
    once = policy.choice("excess_counts_seller_fault_once") == "yes"
    excess = where(once, largest(excess - product(seller_fault_orders, unit), 0), excess)
    return mul_div(excess, policy.money("excess_return_subsidy"), unit)


def return_limit(category_mean: Any, policy: View, reading: str | None = None) -> Any:
    """F12: the return rate above which orders count, in units of 1e-9, as it is shown."""
    tolerance = policy.ratio("excess_return_tolerance")
    free = _allowance(category_mean, RATE_UNIT, tolerance, policy, reading)
    return category_mean + div_round(free, tolerance.den)


def _allowance(
    category_mean: Any, whole: Any, tolerance: Ratio, policy: View, reading: str | None
) -> Any:
    """F12: how far above the mean is free, in units of which ``whole`` are 1, times the
    tolerance's denominator.

    Read as relative (mean × 1.15) or, by the policy's switch, as points (mean + 0.15).
    """
    points = (reading or policy.choice("excess_return_reading")) == POINTS
    return tolerance.num * where(points, whole, category_mean)
