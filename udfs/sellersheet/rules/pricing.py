"""What is left of a price, and the price that leaves enough: profit, break-even, margin.

The three modes side by side, and two of them by the orders of a day: M.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sellersheet.money import RATE_UNIT, Ints, Mask, common_unit, mul_div, product, where
from sellersheet.policy import View
from sellersheet.rules.fees import NO_RETURN, FeeParts, Orders, order_fees

# Above this no seller's price lies; a search that gets here has no answer.
PRICE_LIMIT: Final = 10_000_000_000
# Less than a thousandth of a cent kept of each yuan is taken as nothing: the prices to be
# tried would run into millions.
KEPT_LEAST: Final = RATE_UNIT // 100_000
_TRIED_AT_ONCE: Final = 8_192


class Costs(NamedTuple):
    """F18: what a seller adds to the rules: rates in units of 1e-9, amounts in cents.

    ``more_rates`` are shares beyond the three usual ones, such as a coupon in per cent or VAT.
    """

    commission: Any = 0
    affiliate: Any = 0
    advertising: Any = 0
    coupon: Any = 0
    other: Any = 0
    more_rates: tuple[Any, ...] = ()

    @property
    def rates(self) -> tuple[Any, ...]:
        """The shares of the price, each rounded to the cent on its own."""
        return (self.commission, self.affiliate, self.advertising, *self.more_rates)

    def total(self, paid: Any) -> Any:
        """All of them together for an amount paid, in cents."""
        whole = self.coupon + self.other
        for rate in self.rates:
            unit = common_unit(rate, RATE_UNIT)
            whole = whole + mul_div(paid, rate // unit, RATE_UNIT // unit)
        return whole


def order_profit(
    paid: Any, cost: Any, fees: FeeParts, costs: Costs, refund: Any = 0, goods_lost: Any = 0
) -> Any:
    """F16: what is left, in cents: paid less refund, goods, costs and all fees."""
    return paid - refund - cost - goods_lost - costs.total(paid) - fees.total


def smallest_price(
    orders: Orders, cost: Any, costs: Costs, margin: Any, policy: View
) -> tuple[Ints, Mask]:
    """The smallest price in cents whose profit is at least ``margin`` of it, and where one is.

    ``margin`` in units of 1e-9; 0 asks for break-even. ``orders.paid`` is not used. Every
    share is rounded to the cent, so profit can fall as the price rises by one cent:
    every price from below the first that can do is tried, and one cent less misses it.
    """
    fixed = order_fees(orders._replace(paid=0, return_case=NO_RETURN), policy)
    service = policy.ratio("service_fee_rate")
    units = np.asarray(service.num, dtype=object) * RATE_UNIT // service.den
    needs = (cost + fixed.total + costs.coupon + costs.other, margin, service.num, units)
    columns = [np.atleast_1d(np.asarray(value, dtype=np.int64)) for value in (*needs, *costs.rates)]
    outlay, wanted, served, units, *rates = np.broadcast_arrays(*columns)
    kept = RATE_UNIT - wanted - units - sum(rates)
    # A rounded share is off by half a cent at the most, so no price below this can do; two
    # cents more make up for the float.
    slack = (len(rates) + 1) / 2
    start = np.floor((outlay - slack) / np.maximum(kept, 1) * RATE_UNIT) - 2
    price = np.clip(start, 1, PRICE_LIMIT).astype(np.int64)
    found = np.zeros(len(outlay), dtype=bool)
    rows = np.flatnonzero((kept >= KEPT_LEAST) & (price < PRICE_LIMIT))
    while len(rows):
        tried = price[rows, None] + np.arange(max(1, _TRIED_AT_ONCE // len(rows)))
        shares = Costs(more_rates=tuple(rate[rows, None] for rate in rates)).total(tried)
        profit = tried - mul_div(tried, served[rows, None], service.den)
        profit -= shares + outlay[rows, None]
        enough = _reaches(profit, wanted[rows, None], tried)
        hit = enough.any(axis=1)
        found[rows[hit]] = True
        price[rows] = np.where(
            hit, tried[np.arange(len(rows)), enough.argmax(axis=1)], tried[:, -1] + 1
        )
        rows = rows[~hit & (price[rows] < PRICE_LIMIT)]
    return np.where(found, price, 0), found


def _reaches(profit: Ints, margin: Ints, price: Ints) -> Mask:
    """profit ÷ price ≥ margin, exactly."""
    enough = product(profit, RATE_UNIT) >= product(margin, price)
    return np.asarray(enough, dtype=bool)


class ModeResult(NamedTuple):
    """One mode for one order, in cents: what comes in, what it costs, what is left."""

    income: Any
    goods: Any
    platform_fees: Any
    freight: Any
    other: Any

    @property
    def outlay(self) -> Any:
        """All that is spent."""
        return self.goods + self.platform_fees + self.freight + self.other

    @property
    def profit(self) -> Any:
        """Income less outlay."""
        return self.income - self.outlay


def full_managed(supply_price: Any, cost: Any) -> ModeResult:
    """M: the platform buys at the supply price, sets the retail price and does the rest."""
    return ModeResult(supply_price, cost, 0, 0, 0)


def semi_managed(paid: Any, cost: Any, fees: FeeParts, costs: Costs) -> ModeResult:
    """M: the seller keeps the price and pays service, operation and freight."""
    platform = fees.total - fees.logistics_fee
    return ModeResult(paid, cost, platform, fees.logistics_fee, costs.total(paid))


def self_run(paid: Any, cost: Any, freight: Any, domestic: Any, costs: Costs) -> ModeResult:
    """M: the seller ships alone: no operation fee, but the domestic leg and own freight."""
    return ModeResult(paid, cost, 0, freight + domestic, costs.total(paid))


def daily_profit(profit: Any, fixed: Any, orders: Any) -> Any:
    """M: what a day leaves, in cents: the profit of each order less what the day costs anyway."""
    return profit * orders - fixed


def break_even_orders(gain: Any, fixed: Any) -> Any:
    """M: the smallest number of orders a day from which the mode that costs more a day is no
    worse than the other; 0 where it never is, or where it always is.

    ``gain`` is what an order leaves more in it, ``fixed`` what a day costs more, in cents; both
    above 0, or both below where the other mode is the one that costs more.
    """
    pays = ((gain > 0) & (fixed > 0)) | ((gain < 0) & (fixed < 0))
    divisor = where(gain == 0, 1, gain)
    return where(pays, -(-fixed // divisor), 0)
