"""The claims list: what is against the seller and sure enough to send to the platform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sellersheet_workbook.reconcile.bill import Bill
from sellersheet_workbook.reconcile.causes import Comparison
from sellersheet_workbook.reconcile.matching import OrderSide
from sellersheet_workbook.reconcile.tables import Sentences, amounts, claimable


@dataclass(frozen=True)
class Claims:
    """The list, in Chinese as the platform reads it; ``total`` in yuan."""

    rows: pd.DataFrame
    orders: int
    total: float


def claims_of(found: Comparison, orders: OrderSide, bill: Bill) -> Claims:
    """shop, order_id, part, due, charged, difference, claim: one row an order and cause."""
    wanted = np.flatnonzero(claimable(found))
    rows = pd.DataFrame(amounts(found, orders, bill, "zh")).iloc[wanted].reset_index(drop=True)
    rows["claim"] = Sentences(found, orders)("claim", "zh")[wanted]
    items = found.differences
    return Claims(
        rows=rows,
        orders=len(np.unique(items.order[wanted])),
        total=int(items.amount[wanted].sum()) / 100,
    )
