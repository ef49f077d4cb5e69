"""The month-end update of a workbook's tables, whatever program or file holds them."""

from sellersheet_workbook.update.flow import Report, plan, write

__all__ = ["Report", "plan", "write"]
