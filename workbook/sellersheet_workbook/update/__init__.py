"""The month-end update of a workbook's tables, whatever program or file holds them."""

from sellersheet_workbook.update.flow import Before, Report, compute, plan, undo, update, write
from sellersheet_workbook.update.port import Port
from sellersheet_workbook.update.problems import UpdateProblem

__all__ = [
    "Before",
    "Port",
    "Report",
    "UpdateProblem",
    "compute",
    "plan",
    "undo",
    "update",
    "write",
]
