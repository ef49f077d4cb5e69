"""A sheet by itself while it is made: its page, and the value of each of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.format import Format

from sellersheet import functions
from sellersheet_workbook.template.cells import (
    Page,
    Ref,
    Result,
    Span,
    Value,
    Written,
    argument_text,
    argument_value,
    as_filed,
    stored,
)
from sellersheet_workbook.template.palette import DARK

_A4: Final = 9


class SheetAlone:
    """A page and the values of its cells. ``page`` is XlsxWriter's worksheet for the rest:
    widths, validation, conditional formats, charts. What needs the book is of ``book.Sheet``."""

    def __init__(self, page: Page, title: str) -> None:
        self.page, self.title = page, title
        self._values: dict[tuple[int, int], Value] = {}
        self.widths: tuple[float, ...] = ()

    def columns(self, *widths: float) -> None:
        """The widths of the columns from the left on: those of the palette."""
        self.widths = widths
        for at, width in enumerate(widths):
            self.page.set_column(at, at, width)

    def width(self, left: int, right: int) -> float:
        """Of these columns together, the last included."""
        return sum(self.widths[left : right + 1])

    def over(self, row: int, left: int, right: int, style: Format) -> None:
        """One cell over these columns; it is filled in afterwards, in its first."""
        if right > left:
            self.page.merge_range(row, left, row, right, "", style)

    def __getitem__(self, address: str) -> Ref:
        """The cells of that address, for a formula of any sheet."""
        return self.ref(Span.of(address))

    def at(self, row: int, column: int) -> Ref:
        """One cell, counted from 0, for a formula of any sheet."""
        return self.ref(Span(row, column, row, column))

    def ref(self, area: Span) -> Ref:
        """The cells of that area, for a formula of any sheet."""
        quoted = self.title.replace("'", "''")
        return Ref(self, area, f"'{quoted}'!{area.text}")

    def values(self, area: Span) -> list[list[Value]]:
        """What the cells hold: None for a blank, a number for a day."""
        found, columns = self._values.get, range(area.left, area.right + 1)
        rows = range(area.top, area.bottom + 1)
        return [[found((row, column)) for column in columns] for row in rows]

    def put(self, address: str, value: Value, style: Format | None = None) -> None:
        """A value: a text never becomes a formula, a None is a blank in that style."""
        area = Span.of(address)
        self.put_at(area.top, area.left, value, style)

    def put_at(self, row: int, column: int, value: Value, style: Format | None = None) -> None:
        """The same, counted from 0."""
        held = self._values[row, column] = stored(value)
        if held is None:
            self.page.write_blank(row, column, None, style)
        elif isinstance(held, bool):
            self.page.write_boolean(row, column, held, style)
        elif isinstance(held, str):
            self.page.write_string(row, column, held, style)
        else:
            self.page.write_number(row, column, held, style)

    def put_rows(
        self, address: str, rows: Sequence[Sequence[Value]], style: Format | None = None
    ) -> Ref:
        """A block of values from that cell on."""
        start = Span.of(address)
        for down, row in enumerate(rows):
            for right, value in enumerate(row):
                self.put_at(start.top + down, start.left + right, value, style)
        end = start.top + len(rows) - 1, start.left + len(rows[0]) - 1
        return self.ref(Span(start.top, start.left, *end))

    def formula(self, address: str, text: str, value: Value, style: Format | None = None) -> None:
        """An ordinary formula with the value that it has, worked out in Python beside it."""
        area = Span.of(address)
        self.formula_at(area.top, area.left, text, value, style)

    def formula_at(
        self, row: int, column: int, text: str, value: Value, style: Format | None = None
    ) -> None:
        """The same, counted from 0."""
        held = self._values[row, column] = stored(value)
        self.page.place(row, column, Result(held, style, as_filed(text)))

    def as_typed_at(
        self, row: int, column: int, text: str | None, value: Value, style: Format | None = None
    ) -> None:
        """The same for a formula that files hold as it is typed: functions of Excel 2010 alone.

        Without a text the cell holds the value itself, which may then be an error.
        """
        held = self._values[row, column] = stored(value)
        formula = None if text is None else text.removeprefix("=")
        self.page.place(row, column, Result(held, style, formula))

    @staticmethod
    def text_of(function: str, *arguments: Any) -> str:
        """The call as it stands inside a longer formula."""
        return f"{function}({','.join(map(argument_text, arguments))})"

    @staticmethod
    def result_of(function: str, *arguments: Any) -> Any:
        """What the call gives, for the value of a longer formula."""
        return getattr(functions, function)(*map(argument_value, arguments))

    def written(self, function: str, *arguments: Any) -> Written:
        """Both of a call."""
        return Written(self.text_of(function, *arguments), self.result_of(function, *arguments))

    def show(self, row: int, column: int, told: Written | Ref, style: Format | None = None) -> None:
        """An expression as a formula of its own."""
        self.formula_at(row, column, f"={told.text}", told.value, style)

    def print_on_a4(
        self,
        *,
        wide: int = 1,
        header_row: int | None = None,
        upright: bool = False,
        last: int | None = None,
    ) -> None:
        """A4 across or upright, ``wide`` pages in width, the header row (from 0) on each; not
        what comes after the row ``last``, which is for the screen."""
        if not upright:
            self.page.set_landscape()
        self.page.set_paper(_A4)
        self.page.fit_to_pages(wide, 0)
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.page.set_footer("&L&A&C&P / &N&R&D")
        if header_row is not None:
            self.page.repeat_rows(header_row)
        if last is not None:
            self.page.print_area(0, 0, last, len(self.widths) - 1)

    def series(self, table: Span, at: int, **look: Any) -> dict[str, Any]:
        """For a chart: a column of a table with its header, by the table's first column."""
        return {
            "name": [self.title, table.top, at],
            "categories": [self.title, table.top + 1, table.left, table.bottom, table.left],
            "values": [self.title, table.top + 1, at, table.bottom, at],
            **look,
        }

    def draw(self, chart: Any, row: int, column: int, *, down: int = 4) -> None:
        """A chart from that cell on, a little within it; it moves with the cells."""
        place = {"x_offset": 2, "y_offset": down, "object_position": 2}
        self.page.insert_chart(row, column, chart, place)

    def protect(self) -> None:
        """For sheets that only explain: no accidental typing, no password."""
        self.page.protect("", {"format_columns": True, "format_rows": True})

    def tab(self, colour: str = DARK) -> None:
        """The colour of the sheet's tab."""
        self.page.set_tab_color(colour)
