"""What can be wrong with a file, in words."""

from __future__ import annotations

from sellersheet.wording import Problem, Wording


class FileProblem(Problem):
    """A file that can't be read or written; the sentence says what to do."""

    wording = Wording("sellersheet_workbook", "problems.toml")
