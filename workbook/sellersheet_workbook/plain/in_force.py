"""The policy as the rules ask for it, its answers being cells of the calculation sheet."""

from __future__ import annotations

from typing import Any

from sellersheet.money import Ratio
from sellersheet.symbols import Symbol, native
from sellersheet_workbook.plain.reading import in_row
from sellersheet_workbook.template.book import Book


class CellView:
    """The policy as the rules ask for it, its answers being cells: that of the period."""

    def __init__(self, book: Book, period: Symbol) -> None:
        self._book, self._period = book, period
        self._kept: dict[str, Symbol] = {}

    def _cell(self, name: str) -> Symbol:
        if name not in self._kept:
            column = self._book.names[name]
            self._kept[name] = in_row(column, self._period, never_negative=True)
        return self._kept[name]

    def money(self, name: str) -> Symbol:
        """Cents."""
        return self._cell(name)

    def number(self, name: str) -> Symbol:
        """A whole number."""
        return self._cell(name)

    def choice(self, name: str) -> Symbol:
        """The key of a reading."""
        return self._cell(name)

    def ratio(self, name: str) -> Ratio:
        """A reduced ratio of two cells."""
        return Ratio(self._cell(name), self._cell(f"{name}_den"))  # type: ignore[arg-type]

    def known(self, group: str) -> Symbol:
        """1 where all values of a group are on record, else #N/A."""
        return self._cell(f"{group}_known")


def period(book: Book, day: Symbol) -> Symbol:
    """The place of the period that a day is in; #N/A before the first."""
    starts = book.names["Periods"]

    def found(on: Any) -> Any:
        days = [row[0] for row in starts.rows]
        return sum(start <= on for start in days) or "#N/A" if not isinstance(on, str) else on

    return native("MATCH({0},Periods,1)", found, day)
