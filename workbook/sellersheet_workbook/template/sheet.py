"""A sheet of the template being made, and the value of each of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.format import Format

from sellersheet import functions
from sellersheet.functions.blocks import NA
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
    filling,
    spread,
    stored,
)
from sellersheet_workbook.template.palette import DARK

if TYPE_CHECKING:
    from sellersheet_workbook.template.book import Book

_A4: Final = 9


class Sheet:
    """A sheet and the values of its cells. ``page`` is XlsxWriter's worksheet for the rest:
    widths, validation, conditional formats, charts."""

    def __init__(self, book: Book, page: Page, title: str, about: str) -> None:
        self.book, self.page, self.title, self.about = book, page, title, about
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

    def array(
        self,
        address: str,
        text: str,
        result: Any,
        style: Format | None = None,
        leave: Sequence[bool] = (),
        beyond: str = "",
    ) -> list[list[Value]]:
        """An array formula over the whole range, with the value of each of its cells.

        On a sheet that is shown its cells are taken one by one from an array on the calculation
        sheet: LibreOffice calculates every array when it opens a file, so without the functions
        an array's saved results would be gone. Of these, rows to ``leave`` show nothing.
        What lies ``beyond`` the result is that expression, else #N/A.
        """
        area = Span.of(address)
        rows = spread(result, *area.size)
        if self.about:
            calculation = self.book["calculation"]
            source = self.book.behind(*area.size)
            calculation.array(source.text, text, result)
            shown_rows = [at for at in range(len(rows)) if not (leave and leave[at])]
            for down in shown_rows:
                for right, value in enumerate(rows[down]):
                    here = calculation.at(source.top + down, source.left + right).text
                    # A text of an array is not the same text to LibreOffice; joined it is.
                    shown = f'=IF(ISTEXT({here}),{here}&"",{here})'
                    self.formula_at(area.top + down, area.left + right, shown, value, style)
            return rows
        whole_range = filling(text, *area.size)
        whole_range = f"=IFNA({whole_range[1:]},{beyond})" if beyond else whole_range
        formula, whole = as_filed(whole_range), area.text.replace("$", "")
        for down, row in enumerate(rows):
            for right, value in enumerate(row):
                at = area.top + down, area.left + right
                first = (down, right) == (0, 0)
                held = self._values[at] = stored(value)
                cell = Result(held, style, formula if first else None, whole if first else "")
                self.page.place(*at, cell)
        return rows

    def growing(
        self, area: Span, function: str, *arguments: Any, only: Written | None = None
    ) -> list[list[Value]]:
        """A table of ours over the most rows that it can have: those it has not are blank, and
        all where ``only`` does not hold, so that the function is not asked."""
        call = self.text_of(function, *arguments)
        call = f'IF({only.text},{call},"")' if only else call
        found = "" if only and not only.value else self.result_of(function, *arguments)
        cells = [["" if c == NA else c for c in row] for row in spread(found, *area.size)]
        return self.array(area.text, f"={call}", cells, beyond='""')

    def call(
        self, address: str, function: str, *arguments: Any, style: Format | None = None
    ) -> Any:
        """A worksheet function of ours: formula and value from one description.

        Arguments are references (``sheet["B5"]``, ``book.names["Policy"]``), numbers,
        texts, days, or None for one left out. Over more than one cell it is an array
        formula. What it gives comes back: a value, or the rows of the range.
        """
        told, area = self.written(function, *arguments), Span.of(address)
        if area.size != (1, 1):
            return self.array(address, f"={told.text}", told.value, style)
        (((value,),)) = spread(told.value, 1, 1)
        self.formula(address, f"={told.text}", value, style)
        return value

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

    def table(
        self, address: str, name: str, columns: Sequence[dict[str, Any]], *, filtered: bool = True
    ) -> Ref:
        """An Excel table over cells already written, header in its first row.

        The reference is to the whole table with its header, also after it has grown.
        """
        area = Span.of(address)
        options = {"name": name, "columns": list(columns), "style": None, "autofilter": filtered}
        self.page.add_table(*area, options)
        self.book.names[name] = Ref(self, area, f"{name}[#All]")
        return self.book.names[name]

    def link(
        self, address: str, to: Sheet, text: str, cell: str = "A1", style: Format | None = None
    ) -> None:
        """A link to a cell of a sheet."""
        area = Span.of(address)
        quoted = to.title.replace("'", "''")
        style = style or self.book.style("link")
        self.page.write_url(
            area.top, area.left, f"internal:'{quoted}'!{cell}", style, text, tip=to.title
        )
        self._values[area.top, area.left] = text

    def link_home(self, address: str) -> None:
        """The way back, alike on every sheet."""
        self.link(address, self.book["home"], f"← {self.book['home'].title}")

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
