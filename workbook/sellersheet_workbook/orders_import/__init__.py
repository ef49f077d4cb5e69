"""Order exports of varied headers and currencies brought into one file of orders."""

from sellersheet_workbook.orders_import.intake import Memory, memory_path
from sellersheet_workbook.orders_import.merging import IDENTITY
from sellersheet_workbook.orders_import.run import Imported, import_into, import_orders
from sellersheet_workbook.orders_import.target import (
    Target,
    converted,
    no_orders,
    own_units,
    target_of,
    updated_frame,
)
from sellersheet_workbook.problems import ImportProblem

__all__ = [
    "IDENTITY",
    "ImportProblem",
    "Imported",
    "Memory",
    "Target",
    "converted",
    "import_into",
    "import_orders",
    "memory_path",
    "no_orders",
    "own_units",
    "target_of",
    "updated_frame",
]
