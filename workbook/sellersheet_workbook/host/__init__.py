"""What the menu of a spreadsheet program offers, for whatever program it is."""

from sellersheet_workbook.host.actions import (
    check_bill,
    import_orders,
    import_rates,
    policy_version,
    share,
    undo,
    update,
)
from sellersheet_workbook.host.program import Cell, Listed, Program, Rows, Typed
from sellersheet_workbook.host.selfcheck import selfcheck
from sellersheet_workbook.problems import HostProblem

__all__ = [
    "Cell",
    "HostProblem",
    "Listed",
    "Program",
    "Rows",
    "Typed",
    "check_bill",
    "import_orders",
    "import_rates",
    "policy_version",
    "selfcheck",
    "share",
    "undo",
    "update",
]
