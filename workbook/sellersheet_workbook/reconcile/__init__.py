"""The bill check: what the platform charged beside what the rules say, and why it differs."""

from sellersheet_workbook.reconcile.bill_table import BillProblem
from sellersheet_workbook.reconcile.run import STEPS, Check, Options, Step, check_results, run_check

__all__ = ["STEPS", "BillProblem", "Check", "Options", "Step", "check_results", "run_check"]
