"""How large the order deposit is: D1 to D6, D8; how high disputes may go within a budget: D20."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np

from sellersheet.money import RATE_UNIT, common_unit, largest, mul_div, product, smallest, where
from sellersheet.policy import View
from sellersheet.rules import listed

NO_LIMIT: Final = 1_000_000_000_000  # steps: more than any rate has
DEPOSIT_VALUES: Final = ("deviation_cap", "deposit_flag_above")
NONE_FITS: Final = -1


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
    low, high = product(mean, cap.den - cap.num), product(mean, cap.den + cap.num)
    used = smallest(largest(product(shop, cap.den), low), high)
    risk_unit = common_unit(risk, RATE_UNIT)
    whole = RATE_UNIT // risk_unit
    charged = product(base, whole + risk // risk_unit)
    amount = mul_div(charged, used, product(whole * cap.den, mean))
    return Deposit(
        amount=amount,
        deviation=_share_of(shop - mean, mean),
        deviation_used=_share_of(used - product(mean, cap.den), product(mean, cap.den)),
        above_top_tier=amount > policy.money("deposit_flag_above"),
    )


def _share_of(part: Any, whole: Any) -> Any:
    """``part ÷ whole`` in units of 1e-9."""
    unit = common_unit(whole, RATE_UNIT)
    return mul_div(part, RATE_UNIT // unit, whole // unit)


def most_within(budget: Any, base: Any, risk: Any, step: Any, mean: Any, policy: View) -> Any:
    """D20: the most steps of dispute rate whose deposit is within the budget.

    ``budget`` and ``base`` (> 0) in US cents, ``risk`` in units of 1e-9; ``step`` and ``mean`` in
    one unit of any size. One step more is above the budget. Below 0: no rate is within it; where
    even the deposit at the upper cap is, ``NO_LIMIT``.
    """
    cap = policy.ratio("deviation_cap")
    low, high = mean * (cap.den - cap.num), mean * (cap.den + cap.num)
    risk_unit = common_unit(risk, RATE_UNIT)
    whole = RATE_UNIT // risk_unit
    charged = product(base, whole + risk // risk_unit)
    # amount ≤ budget where the exact amount is below budget + 1/2, at which it would round up.
    room = product(2 * budget + 1, product(whole * cap.den, mean)) - 1
    used = room // (2 * charged)
    steps = used // (step * cap.den)
    return where(used < low, -1, where(used >= high, NO_LIMIT, steps))


class Tier(NamedTuple):
    """D4: a tier of the base, in cents; a None is not asked for.

    ``below`` and ``above`` limit the monthly orders, exclusive; ``dsr`` is the least, inclusive,
    in units of 1e-9.
    """

    base: int
    below: int | None
    above: int | None
    dsr: int | None
    new_shop: bool
    battery_3c: bool


def deposit_base(
    monthly_orders: Any,
    dsr: Any,
    dsr_known: Any,
    new_shop: Any,
    battery_3c: Any,
    tiers: Sequence[tuple[Tier, Any]],
) -> Any:
    """D4: the base where a tier is stated, in US cents, else 0; nothing is interpolated.

    ``dsr`` in units of 1e-9; ``tiers`` come with whether the category is theirs. Of several
    that fit the first counts.
    """
    found: Any = 0
    for tier, category in reversed(tiers):
        fits = category & (monthly_orders >= 0)
        if tier.below is not None:
            fits = fits & (monthly_orders < tier.below)
        if tier.above is not None:
            fits = fits & (monthly_orders > tier.above)
        if tier.dsr is not None:
            fits = fits & dsr_known & (dsr >= tier.dsr)
        if tier.new_shop:
            fits = fits & new_shop
        if tier.battery_3c:
            fits = fits & battery_3c
        found = where(fits, tier.base, found)
    return found


def tiers_of(policy: View) -> list[Tier]:
    """D4: the tiers of the policy, in its order."""
    return [
        Tier(
            tier["base"],
            tier["monthly_orders_below"],
            tier["monthly_orders_above"],
            None if tier["dsr_min"] is None else int(tier["dsr_min"] * RATE_UNIT),
            tier["new_shop"],
            tier["battery_3c"],
        )
        for tier in policy.table("base_tiers")
    ]


def in_tiers(category: str, policy: View) -> list[bool]:
    """D4: whether the category is each tier's: by its words, or in a group (D7) of one of them."""
    groups = (*policy.table("covered_categories"), *policy.table("uncovered_categories"))
    group = listed.find(category, groups)
    found = []
    for tier in policy.table("base_tiers"):
        words = tier["category_words"]
        named = listed.plain(category) in map(listed.plain, words)
        same = group is not None and any(listed.find(word, groups) is group for word in words)
        found.append(named or same)
    return found


def stated_coefficient(category: str, policy: View) -> Fraction | None:
    """D3: the risk coefficient that is stated for a category, None where none is."""
    record = listed.find(category, policy.table("risk_coefficients"))
    return None if record is None else record["coefficient"]


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
