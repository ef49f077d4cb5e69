"""Long columns in blocks that fit the processor's cache."""

from __future__ import annotations

from typing import Final

import numpy as np

from sellersheet.money import Ints
from sellersheet.policy import Policy
from sellersheet.rules.fees import FeeParts, Orders, order_fees

# 32,768 rows of eight int64 columns are 2 MiB: larger blocks spill, smaller ones cost calls.
BLOCK: Final = 32_768


def fees_of_rows(orders: Orders, days: Ints, policy: Policy) -> FeeParts:
    """F1 to F14 for every row, each by the rules of its own day (days since 1970-01-01)."""
    count = len(days)
    parts = FeeParts(*(np.empty(count, dtype=np.int64) for _ in FeeParts._fields))
    for begin in range(0, count, BLOCK):
        block = slice(begin, begin + BLOCK)
        fees = order_fees(Orders(*(column[block] for column in orders)), policy.on(days[block]))
        for part, fee in zip(parts, fees, strict=True):
            part[block] = fee
    return parts
