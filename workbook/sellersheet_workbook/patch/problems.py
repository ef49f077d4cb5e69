"""Why a workbook can't be edited in place, in words."""

from __future__ import annotations

from sellersheet.wording import Wording
from sellersheet_workbook.problems import FileProblem


class EditProblem(FileProblem):
    """A workbook, a table or a cell that is left as it is; the sentence says what to do."""

    wording = Wording("sellersheet_workbook.patch", "problems.toml")
