"""The month-end update of a workbook's tables, whatever program or file holds them."""

from sellersheet_workbook.problems import UpdateProblem
from sellersheet_workbook.update.flow import Report, compute, plan, update, write
from sellersheet_workbook.update.port import Port

__all__ = [
    "Port",
    "Report",
    "UpdateProblem",
    "compute",
    "plan",
    "update",
    "write",
]
