"""What the user can mend, in words: a file, a table, a workbook, a run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sellersheet.wording import Lang, Problem, Wording

HOST: Final = Wording("sellersheet_workbook.host", "host.toml")
ORDERS_IMPORT: Final = Wording("sellersheet_workbook.orders_import", "words.toml")
UPDATE: Final = Wording("sellersheet_workbook.update", "update.toml")


class FileProblem(Problem):
    """A file that can't be read or written; the sentence says what to do."""

    wording = Wording("sellersheet_workbook", "problems.toml")


def mistaken(source: Path, error: Exception) -> FileProblem:
    """A file over which the program or a library failed."""
    detail = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return FileProblem("mistaken", path=source, detail=detail)


class EditProblem(FileProblem):
    """A workbook, a table or a cell that can't be edited in place and is left as it is."""

    wording = Wording("sellersheet_workbook.patch", "problems.toml")


class HostProblem(Problem):
    """Something in the workbook or the program that keeps a menu's action from being done."""

    wording = HOST


class ImportProblem(Problem):
    """An export that can't be imported, or something about one that has to be known."""

    wording = ORDERS_IMPORT


class ScaleProblem(Problem):
    """A run at scale that can't be done."""

    wording = Wording("sellersheet_workbook.scale", "scale.toml")


class UpdateProblem(Problem):
    """Tables that can't be updated; nothing was written. A field ``table`` is one's key."""

    wording = UPDATE

    def said(self, lang: Lang) -> dict[str, object]:
        said = super().said(lang)
        if table := said.get("table"):
            said["table"] = UPDATE(f"table_{table}", lang)
        return said
