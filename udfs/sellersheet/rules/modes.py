"""The three modes side by side: M."""

from __future__ import annotations

from typing import Any, NamedTuple

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
