"""What can stop a run at scale, in words."""

from __future__ import annotations

from sellersheet.wording import Problem, Wording


class ScaleProblem(Problem):
    """A run at scale that can't be done; the sentence says what to do."""

    wording = Wording("sellersheet_workbook.scale", "scale.toml")
