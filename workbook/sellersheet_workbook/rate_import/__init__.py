"""A carrier's price sheet as a rate card: what it says is applied, or refused by its name."""

from sellersheet_workbook.rate_import.found import Imported, ImportProblem
from sellersheet_workbook.rate_import.sheet import import_rates, sound_rows

__all__ = ["ImportProblem", "Imported", "import_rates", "sound_rows"]
