"""What a worksheet function's table tells, on the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.functions.blocks import ERROR_NUMBERS
from sellersheet.functions.cases import told
from sellersheet.wording import Lang, Problem
from sellersheet_addin.cli.say import SAY, show_table

_ERRORS: Final = frozenset(ERROR_NUMBERS)


class Refused(Problem):
    """A function's own sentence on why it gives nothing, in the language it was asked in."""

    def __init__(self, sentence: str) -> None:
        super().__init__("refused")
        self.sentence = sentence

    def text(self, lang: Lang) -> str:
        return self.sentence


def answered(table: list[list[Any]]) -> list[list[Any]]:
    """The table of a function; one that holds an error and its reason is a ``Refused``."""
    if table[0][0] in _ERRORS:
        raise Refused(str(table[0][-1]))
    return table


def show(table: list[list[Any]], lang: Lang) -> None:
    """A function's table with its header, its verdicts in words; a blank is a dash."""
    header, *rows = answered(table)
    show_table(
        [str(title) for title in header], [[_cell(cell, lang) for cell in row] for row in rows]
    )


def _cell(cell: Any, lang: Lang) -> str:
    if cell is None or cell == "":
        return "—"
    if isinstance(cell, dt.datetime):
        return SAY("moment", lang, time=f"{cell:%Y-%m-%d %H:%M}")
    return told(str(cell), lang)
