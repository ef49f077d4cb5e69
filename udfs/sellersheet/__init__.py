"""Sellersheet: what AliExpress' semi-managed mode costs, who may join, what deposit to expect.

Frames in, frames out:

    >>> import pandas as pd
    >>> import sellersheet
    >>> orders = pd.DataFrame({"实付金额": ["¥100.00"], "物流费(系统报价)": [22.60]})
    >>> fees = sellersheet.semi_fee(orders, lang="en")
    >>> fees[["total_fee_cny", "status", "reason"]].values.tolist()
    [[31.3, 'ok', '']]

``semi_fee``, ``logistics_fee``, ``order_deposit``, ``eligibility`` and ``price_for_margin``
take frames; ``payment_plan`` one sum. ``load_policy`` reads the rules and a file of your
own values, ``read_card`` a rate card, ``FxRates`` exchange rates, ``SkuCosts`` costs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sellersheet.cards import Card, read_card, shipped_card
    from sellersheet.exchange import FxRates
    from sellersheet.frames import logistics_fee, price_for_margin, semi_fee
    from sellersheet.orders import SkuCosts, compute_orders
    from sellersheet.policy import Policy
    from sellersheet.policy import load as load_policy
    from sellersheet.shop_frames import eligibility, order_deposit, payment_plan
    from sellersheet.wording import Problem

__version__ = "0.1.0"

__all__ = [
    "Card",
    "FxRates",
    "Policy",
    "Problem",
    "SkuCosts",
    "compute_orders",
    "eligibility",
    "load_policy",
    "logistics_fee",
    "order_deposit",
    "payment_plan",
    "price_for_margin",
    "read_card",
    "semi_fee",
    "shipped_card",
]

_HOME = {
    "Card": "cards",
    "FxRates": "exchange",
    "Policy": "policy",
    "Problem": "wording",
    "SkuCosts": "orders",
    "compute_orders": "orders",
    "eligibility": "shop_frames",
    "load_policy": "policy",
    "logistics_fee": "frames",
    "order_deposit": "shop_frames",
    "payment_plan": "shop_frames",
    "price_for_margin": "frames",
    "read_card": "cards",
    "semi_fee": "frames",
    "shipped_card": "cards",
}


def __getattr__(name: str) -> Any:
    """Names are loaded when first asked for: a worksheet function needs only a few of them."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOME[name]}")
    return getattr(module, "load" if name == "load_policy" else name)
