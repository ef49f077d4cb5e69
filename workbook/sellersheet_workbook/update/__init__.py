"""The month-end update of a workbook's tables, whatever program or file holds them."""

from sellersheet_workbook.update.flow import Report, compute, plan, update, write
from sellersheet_workbook.update.port import Port
from sellersheet_workbook.update.problems import UpdateProblem

__all__ = [
    "Port",
    "Report",
    "UpdateProblem",
    "compute",
    "plan",
    "update",
    "write",
]
