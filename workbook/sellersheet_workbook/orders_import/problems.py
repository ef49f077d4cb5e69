"""What is said about an import of order exports."""

from __future__ import annotations

from typing import Final

from sellersheet.wording import Problem, Wording

WORDS: Final = Wording("sellersheet_workbook.orders_import", "words.toml")


class ImportProblem(Problem):
    """An export that can't be imported, or something about one that has to be known."""

    wording = WORDS
