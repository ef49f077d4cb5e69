"""Order exports of varied headers and currencies brought into one file of orders."""

from sellersheet_workbook.orders_import.headers import KEYS
from sellersheet_workbook.orders_import.memory import Memory, memory_path
from sellersheet_workbook.orders_import.problems import WORDS, ImportProblem
from sellersheet_workbook.orders_import.run import Imported, import_orders

__all__ = [
    "KEYS",
    "WORDS",
    "ImportProblem",
    "Imported",
    "Memory",
    "import_orders",
    "memory_path",
]
