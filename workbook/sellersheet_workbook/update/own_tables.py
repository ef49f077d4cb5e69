"""The tables in a workbook file that an update of it computes with, and other commands do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from sellersheet.cards import read_card, shipped_card
from sellersheet.columns import RATES
from sellersheet.intake.grid import Beside, Grid, grid_of_frame
from sellersheet.own_values import own_values
from sellersheet.wording import Problem
from sellersheet_workbook.patch import open_book
from sellersheet_workbook.patch.table_part import table_values
from sellersheet_workbook.update.finding import given_table
from sellersheet_workbook.update.port import GivenTable

# The option of other commands that stands for each.
OPTIONS: Final[dict[GivenTable, str]] = {
    "overrides": "own_policy",
    "rates": "rates",
    "fx": "fx",
    "sku_costs": "costs",
}
_KINDS: Final = (".xlsx", ".xlsm")
_TOLD: Final = ("source", "standing", "note")  # columns of a card that change no price


def own_tables(path: Path, without: Collection[str] = ()) -> list[GivenTable]:
    """The tables of the workbook that change what its orders cost: own values, rates other than
    those that ship, exchange rates, costs. None of what no update could read.

    ``without`` are codes of options that were given, which take a table's place.
    """
    if path.suffix.lower() not in _KINDS or not path.is_file():
        return []
    try:
        return [name for name, grid in _tables(path, without) if _matters(name, grid)]
    except Problem:
        return []


def _tables(path: Path, without: Collection[str]) -> Iterator[tuple[GivenTable, Grid]]:
    book = open_book(path)
    for name, option in OPTIONS.items():
        table = None if option in without else given_table(book, name)
        if table is not None:
            frame, facts = table_values(path, table)
            up, left = table.area.top - 1, table.area.left - 1
            beside = Beside([(row - up, column - left) for row, column in facts.uncached])
            if len(frame.dropna(how="all")) or beside.uncached:
                yield name, grid_of_frame(frame.reset_index(drop=True), beside=beside)


def _matters(name: GivenTable, grid: Grid) -> bool:
    """Whether orders would cost something else with the table."""
    if name == "overrides":
        found = own_values(grid)
        return any(found.rows) or bool(found.wrong)
    if name != "rates":
        return True
    own, shipped = read_card(grid).table, shipped_card().table
    return own.n != shipped.n or not all(
        np.array_equal(own.columns[item.key], shipped.columns[item.key])
        for item in RATES
        if item.key not in _TOLD and item.key in own.columns and item.key in shipped.columns
    )
