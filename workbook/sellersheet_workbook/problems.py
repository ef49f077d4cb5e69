"""What can be wrong with a file, in words."""

from __future__ import annotations

from pathlib import Path

from sellersheet.wording import Problem, Wording


class FileProblem(Problem):
    """A file that can't be read or written; the sentence says what to do."""

    wording = Wording("sellersheet_workbook", "problems.toml")


def mistaken(source: Path, error: Exception) -> FileProblem:
    """A file over which the program or a library failed."""
    detail = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return FileProblem("mistaken", path=source, detail=detail)
