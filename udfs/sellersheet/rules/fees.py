"""What one order costs in semi-managed mode: F1 to F14; what returns above the mean cost the shop.

An order is one parcel. Lines of one order are put together and shared out again by
``sellersheet.rules.lines``.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, NamedTuple, get_type_hints

from sellersheet.money import (
    RATE_UNIT,
    Ratio,
    common_unit,
    div_round,
    largest,
    mul_div,
    product,
    share,
    where,
)
from sellersheet.policy import View

# The positions of the words of the column return_case.
NO_RETURN: Final = 0
BUYER_PASSED: Final = 1
BUYER_FAILED: Final = 2
SELLER_FAULT: Final = 3
BUYER_OPEN: Final = 4  # the inspection's result is not known: nothing comes back yet
RETURN_VALUES: Final = (
    "excess_return_subsidy",
    "excess_return_tolerance",
    "excess_return_reading",
    "excess_counts_seller_fault_once",
)
# How the tolerance is read: mean × 1.15, or mean + 15 percentage points.
RELATIVE: Final = "relative"
POINTS: Final = "points"


class Orders(NamedTuple):
    """Orders as the rules see them: each field one value or one column.

    ``paid`` and ``logistics`` in cents, ``inbound_days`` the n of T+n, ``oversize`` and
    ``standard_box`` yes/no, ``return_case`` one of the five constants above.
    """

    paid: Any
    logistics: Any
    oversize: Any
    inbound_days: Any
    standard_box: Any
    return_case: Any


class FeePart(NamedTuple):
    """What is to be known of one part of the fees beside its arithmetic.

    ``values`` are the policy values behind it, the one that mostly decides first.
    """

    values: tuple[str, ...] = ()


class FeeParts(NamedTuple):
    """The parts in cents, in the order in which they are shown, each with its record.

    The column of a part bears its name with ``_cny``: ``columns.toml`` has its words, on a
    bill too.
    """

    service_fee: Annotated[Any, FeePart(("service_fee_rate",))]
    operation_fee: Annotated[Any, FeePart(("operation_fee", "oversize_surcharge"))]
    rush_fee: Annotated[Any, FeePart(("rush_fee", "rush_after_days"))]
    repack_fee: Annotated[Any, FeePart(("repack_fee",))]
    logistics_fee: Annotated[Any, FeePart()]
    operation_refund: Annotated[
        Any, FeePart(("buyer_return_refund_rate", "failed_inspection_refund_rate"))
    ]
    subsidy_loss: Annotated[Any, FeePart(("seller_fault_subsidy",))]

    @property
    def total(self) -> Any:
        """The sum of the parts."""
        first, *others = self
        for part in others:
            first = first + part
        return first


PARTS: Final[dict[str, FeePart]] = {
    f"{name}_cny": hint.__metadata__[0]
    for name, hint in get_type_hints(FeeParts, include_extras=True).items()
}
FEE_PARTS: Final = tuple(PARTS)
FEE_VALUES: Final = tuple(name for part in PARTS.values() for name in part.values)


def service_fee(paid: Any, policy: View) -> Any:
    """F1: a share of the amount paid."""
    return share(paid, policy.ratio("service_fee_rate"))


def operation_fee(oversize: Any, policy: View) -> Any:
    """F2, F3: labelling, inspection and packing per order; an oversize parcel costs more."""
    standard = policy.money("operation_fee")
    return where(oversize, standard + policy.money("oversize_surcharge"), standard)


def rush_fee(inbound_days: Any, policy: View) -> Any:
    """F5, F6: late inbound costs the rush fee per order. Days are the n of T+n."""
    return where(inbound_days > policy.number("rush_after_days"), policy.money("rush_fee"), 0)


def rush_fee_at_risk(inbound_days: Any, policy: View) -> Any:
    """F6: the rush fee of the days that the source leaves open (T+2 and T+3)."""
    unsettled = (inbound_days > policy.number("rush_free_days")) & (
        inbound_days <= policy.number("rush_after_days")
    )
    return where(unsettled, policy.money("rush_fee"), 0)


def repack_fee(standard_box: Any, policy: View) -> Any:
    """F7: a box other than the platform's standard box is packed again."""
    return where(standard_box, 0, policy.money("repack_fee"))


def operation_refund(operation: Any, return_case: Any, policy: View) -> Any:
    """F10, F14: what comes back of the operation fee (≤ 0) when a buyer returns the goods.

    Without an inspection result nothing does.
    """
    passed = share(operation, policy.ratio("buyer_return_refund_rate"))
    failed = share(operation, policy.ratio("failed_inspection_refund_rate"))
    back = where(return_case == BUYER_PASSED, passed, where(return_case == BUYER_FAILED, failed, 0))
    return -back


def subsidy_loss(return_case: Any, policy: View) -> Any:
    """F11: a return of the seller's own fault costs the service subsidy."""
    return where(return_case == SELLER_FAULT, policy.money("seller_fault_subsidy"), 0)


def order_fees(orders: Orders, policy: View) -> FeeParts:
    """F1 to F11, F14: the parts of each order, in cents."""
    operation = operation_fee(orders.oversize, policy)
    return FeeParts(
        service_fee=service_fee(orders.paid, policy),
        operation_fee=operation,
        rush_fee=rush_fee(orders.inbound_days, policy),
        repack_fee=repack_fee(orders.standard_box, policy),
        logistics_fee=orders.logistics,
        operation_refund=operation_refund(operation, orders.return_case, policy),
        subsidy_loss=subsidy_loss(orders.return_case, policy),
    )


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
