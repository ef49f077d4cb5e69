"""The three modes side by side, and two of them by the orders of a day: M."""

from __future__ import annotations

from typing import Any, NamedTuple

from sellersheet.money import where
from sellersheet.rules.fees import FeeParts
from sellersheet.rules.pricing import Costs


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
