"""What comes out of a carrier's sheet, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from sellersheet.intake.headers import Fate
from sellersheet.wording import Lang, Problem, Wording


class RateSheetProblem(Problem):
    """Something in a carrier's sheet that is not understood, or was taken in one way."""

    wording = Wording("sellersheet_workbook.rate_import", "rate_import.toml")


@dataclass(frozen=True, slots=True)
class Imported:
    """The sheet's rows under the headers of a rate card; a row not understood is blank.

    Row ``i`` of ``frame`` is row ``first_row + i`` of the sheet. ``refused`` has a problem for
    each row left out, ``remarks`` the rows that are no rates, ``notes`` what was assumed for
    all, ``fates`` what each header was taken for. ``rows`` counts the sheet's rows below its
    header, ``blank`` those that hold nothing.
    """

    frame: pd.DataFrame
    first_row: int
    refused: tuple[RateSheetProblem, ...]
    notes: tuple[RateSheetProblem, ...]
    remarks: tuple[RateSheetProblem, ...] = ()
    fates: tuple[Fate, ...] = ()
    rows: int = 0
    blank: int = 0


@dataclass
class Findings:
    """What is found on the way: notes on the whole, and at most one problem for each row.

    ``lang`` is that of the card which is written.
    """

    first_row: int
    lang: Lang
    notes: list[RateSheetProblem] = field(default_factory=list)
    wrong: dict[int, RateSheetProblem] = field(default_factory=dict)

    def note(self, code: str, **fields: object) -> None:
        """Said of the whole sheet, once."""
        if not any(item.code == code and item.fields == fields for item in self.notes):
            self.notes.append(RateSheetProblem(code, **fields))

    def refuse(self, row: int, code: str, **fields: object) -> None:
        """A row that is left out; the first problem counts."""
        self.wrong.setdefault(row, RateSheetProblem(code, row=row + self.first_row, **fields))


def refuse_card(problems: Sequence[RateSheetProblem]) -> None:
    """The problem that the whole card has, if there is one."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise RateSheetProblem("several", parts=tuple(problems))


def plain_number(value: Decimal) -> int | float:
    """A whole number as such: what is written must be a number and look like it."""
    return int(value) if value == value.to_integral_value() else float(value)
