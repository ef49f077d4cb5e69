"""Two modes by the orders of a day, and the volume from which the dearer to set up pays: M."""

from __future__ import annotations

from typing import Any

from sellersheet.money import where


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
