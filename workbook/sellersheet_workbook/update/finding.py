"""Which of a workbook's tables is meant by a name, in a file and in a live program alike.

Of a file: the tables that an update of it computes with, and other commands do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from sellersheet import columns
from sellersheet.cards import own_values, read_card, shipped_card
from sellersheet.columns import RATES
from sellersheet.intake.grid import Grid, grid_of_frame
from sellersheet.intake.headers import TableProblem, places
from sellersheet.intake.vocabulary import plain
from sellersheet.wording import LANGS, Problem
from sellersheet_workbook.patch import BookTable, HeaderRow, open_book
from sellersheet_workbook.patch.table_part import table_values
from sellersheet_workbook.problems import UPDATE, UpdateProblem
from sellersheet_workbook.update.given import GIVEN, MADE, GivenTable, Name

_NO_HEADER: Final = HeaderRow(0, 1, ("",))
# The option of other commands that stands for each.
OPTIONS: Final[dict[GivenTable, str]] = {
    "overrides": "own_policy",
    "rates": "rates",
    "fx": "fx",
    "sku_costs": "costs",
}
_KINDS: Final = (".xlsx", ".xlsm")
_TOLD: Final = ("source", "standing", "note")  # columns of a card that change no price


class Sheets(Protocol):
    """The sheets of a workbook and the tables on them."""

    def sheets(self) -> Sequence[str]:
        """The names of the worksheets."""

    def tables(self) -> Sequence[BookTable]:
        """The Excel tables that have a header row."""

    def header_rows(self, sheet: str) -> Sequence[HeaderRow]:
        """Rows at the top of a sheet that may head a table which is no Excel table."""

    def plain_table(self, sheet: str, header: HeaderRow) -> BookTable:
        """The rows under a header row, down to the last that has anything in its columns."""


def given_table(book: Sheets, name: GivenTable, wanted: str | None = None) -> BookTable | None:
    """The Excel table or the sheet of that name; for orders also one that looks like it.

    ``wanted`` names the sheet or the Excel table with the orders.
    """
    words = {plain(wanted)} if name == "orders" and wanted else names(name)
    for table in book.tables():
        if plain(table.name) in words:
            return table
    for sheet in book.sheets():
        if plain(sheet) in words:
            return _on_sheet(book, sheet, name, named=True)
    if name != "orders":
        return None
    if wanted:
        raise UpdateProblem("no_such_sheet", sheet=wanted, sheets=list(book.sheets()))
    made = {word for other in (*MADE, *GIVEN) for word in names(other)}
    sheets = [sheet for sheet in book.sheets() if plain(sheet) not in made]
    found = [item for sheet in sheets if (item := _on_sheet(book, sheet, name, named=False))]
    if len(found) > 1:
        raise UpdateProblem("many_orders", sheets=[item.sheet for item in found])
    return found[0] if found else None


def made_table(book: Sheets, name: Name) -> BookTable | None:
    """The table on the sheet of that name that an earlier update made."""
    sheet = sheet_of(book, name)
    rows = book.header_rows(sheet) if sheet else ()
    return book.plain_table(sheet, rows[0]) if sheet and rows else None


def sheet_of(book: Sheets, name: Name) -> str | None:
    """The sheet of that name in either language."""
    return next((sheet for sheet in book.sheets() if plain(sheet) in names(name)), None)


def names(name: Name) -> set[str]:
    """What a table or its sheet may be called, in the normal form of headers."""
    return {plain(name), *(plain(UPDATE(f"table_{name}", lang)) for lang in LANGS)}


def _on_sheet(book: Sheets, sheet: str, name: GivenTable, *, named: bool) -> BookTable | None:
    """The table of a sheet whose header names the most of the known columns.

    On a sheet of the right name another one counts too: what it lacks is then told.
    """
    tables = [table for table in book.tables() if table.sheet == sheet]
    rows = book.header_rows(sheet)
    if name == "closed":
        row = rows[0] if rows else _NO_HEADER
        return tables[0] if tables else book.plain_table(sheet, row)
    headed = {table.area.top for table in tables}
    # How far a header's rows go is looked at for the one that is taken only.
    heads: list[BookTable | HeaderRow] = [*tables]
    heads += [row for row in rows if row.row not in headed]
    scored = [(len(_known(head.headers, name)), -at, head) for at, head in enumerate(heads)]
    best = max(scored, key=lambda item: item[:2], default=None)
    if best is None or not (best[0] or named):
        return None
    head = best[2]
    return head if isinstance(head, BookTable) else book.plain_table(sheet, head)


def _known(headers: tuple[str, ...], name: GivenTable) -> set[str]:
    """The columns that the header names; none where a needed one is missing."""
    known: set[str] = set()
    with suppress(TableProblem):
        known = set(places(headers, name))
    needed = {item.key for item in columns.TABLES[name] if item.required}
    return known if needed <= known else set()


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
            frame, beside = table_values(path, table)
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
