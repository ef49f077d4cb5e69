"""Order tables: typed rows in, every fee, profit, status and reason out."""

from sellersheet.orders.costs import SkuCosts
from sellersheet.orders.flow import charge, compute, compute_orders, days_of
from sellersheet.orders.marks import Status
from sellersheet.orders.results import Counts, OrderResults

__all__ = [
    "Counts",
    "OrderResults",
    "SkuCosts",
    "Status",
    "charge",
    "compute",
    "compute_orders",
    "days_of",
]
