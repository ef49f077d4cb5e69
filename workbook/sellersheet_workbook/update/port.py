"""What an update needs from the program or the file that holds the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Protocol, get_args

import pandas as pd

from sellersheet.intake.grid import Beside

GivenTable = Literal["orders", "rates", "overrides", "sku_costs", "fx", "closed"]
MadeTable = Literal["summary", "refused", "kept", "log"]
Name = GivenTable | MadeTable
GIVEN: Final[tuple[GivenTable, ...]] = get_args(GivenTable)
MADE: Final[tuple[MadeTable, ...]] = get_args(MadeTable)

Columns = Mapping[str, Sequence[Any]]


class Port(Protocol):
    """Tables by name, and a place to tell the user how it goes."""

    def read_table(self, name: GivenTable) -> pd.DataFrame | None:
        """The table under its headers, None where there is none.

        The index are the rows' numbers as the user sees them, without gaps.
        """

    def beside(self, name: GivenTable) -> Beside:
        """What the values of that table can't say; rows and columns from its header, from 0."""

    def write_columns(self, name: GivenTable, columns: Columns) -> None:
        """Whole columns by header, a None for a blank cell; a header that is new is added."""

    def write_table(self, name: MadeTable, frame: pd.DataFrame) -> None:
        """The table in the place of the one that stands there."""

    def append_log(self, row: Mapping[str, Any]) -> None:
        """One more row in the table ``log``."""

    def progress(self, done: int, total: int, text: str) -> None:
        """How many of the steps are done, and what comes next."""

    def message(self, text: str) -> None:
        """A sentence for the user."""
