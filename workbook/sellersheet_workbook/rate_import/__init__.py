"""A carrier's price sheet as a rate card: what it says is applied, or refused by its name."""

from sellersheet_workbook.rate_import.found import Imported, RateSheetProblem
from sellersheet_workbook.rate_import.sheet import import_rates, sound_rows

__all__ = ["Imported", "RateSheetProblem", "import_rates", "sound_rows"]
