"""How large the order deposit is: D1 to D6, D8."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sellersheet.money import RATE_UNIT, common_unit, largest, mul_div, product, smallest, where
from sellersheet.policy import View

DEPOSIT_VALUES: Final = ("deviation_cap", "deposit_flag_above")


class Deposit(NamedTuple):
    """A deposit in US cents, the deviations behind it in units of 1e-9, and the flag of D5."""

    amount: Any
    deviation: Any
    deviation_used: Any
    above_top_tier: Any


def order_deposit(base: Any, risk: Any, shop_rate: Any, mean_rate: Any, policy: View) -> Deposit:
    """D1, D2, D5: base × (1 + risk) × (1 + deviation), the deviation limited to ± the cap.

    ``base`` in US cents; ``risk``, ``shop_rate`` and ``mean_rate`` (> 0, D6) in units of
    1e-9. The amount is worked out exactly and rounded once; the deviations shown are
    rounded to 1e-9.
    """
    cap = policy.ratio("deviation_cap")
    unit = common_unit(shop_rate, mean_rate)
    shop, mean = shop_rate // unit, mean_rate // unit
    low, high = mean * (cap.den - cap.num), mean * (cap.den + cap.num)
    used = smallest(largest(shop * cap.den, low), high)
    risk_unit = common_unit(risk, RATE_UNIT)
    whole = RATE_UNIT // risk_unit
    charged = product(base, whole + risk // risk_unit)
    amount = mul_div(charged, used, product(whole * cap.den, mean))
    return Deposit(
        amount=amount,
        deviation=mul_div(shop - mean, RATE_UNIT, mean),
        deviation_used=mul_div(used - cap.den * mean, RATE_UNIT, cap.den * mean),
        above_top_tier=amount > policy.money("deposit_flag_above"),
    )


def deposit_base(
    monthly_orders: Any,
    dsr: Any,
    apparel: Any,
    new_shop: Any,
    battery_3c: Any,
    tiers: tuple[Any, Any],
) -> Any:
    """D4: the base where a tier is stated, in US cents, else 0; nothing is interpolated.

    ``tiers`` are the low and the high tier: objects with ``base``, ``orders`` (the limit
    of monthly orders, exclusive) and, for the low tier, ``dsr`` (the least, inclusive).
    """
    low, high = tiers
    small = apparel & new_shop & (monthly_orders < low.orders) & (dsr >= low.dsr)
    large = battery_3c & (monthly_orders > high.orders)
    return where(large, high.base, where(small, low.base, 0))
