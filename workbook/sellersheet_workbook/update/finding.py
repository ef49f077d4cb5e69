"""Which of a workbook's tables is meant by a name, in a file and in a live program alike."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

from sellersheet import columns
from sellersheet.intake.headers import TableProblem, places
from sellersheet.intake.vocabulary import plain
from sellersheet.wording import LANGS
from sellersheet_workbook.patch import BookTable, HeaderRow
from sellersheet_workbook.problems import UPDATE, UpdateProblem
from sellersheet_workbook.update.port import GIVEN, MADE, GivenTable, Name

_NO_HEADER: Final = HeaderRow(0, 1, ("",))


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
