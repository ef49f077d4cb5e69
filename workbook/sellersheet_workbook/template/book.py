"""The workbook being made: its sheets, names and formats, and the file in the end."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.format import Format

from sellersheet.functions.blocks import NA
from sellersheet.wording import Lang
from sellersheet_workbook.files.book import blank_workbook
from sellersheet_workbook.template.cells import (
    Page,
    Ref,
    Result,
    Span,
    Value,
    Written,
    as_filed,
    filling,
    spread,
    stored,
)
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.palette import FONT, NUMBERS, STYLES
from sellersheet_workbook.template.sheet import SheetAlone

DAY: Final = dt.date(2024, 12, 1)  # of every example: nothing may depend on the day of building
DAYS: Final = (dt.date(2015, 1, 1), dt.date(2099, 12, 31))  # which may be typed
LONGEST_TITLE: Final = 32  # of what is told beside a cell: Excel shows no more
LONGEST_MESSAGE: Final = 255
_BEHIND: Final = 80  # on the calculation sheet, right of what Orders, Home and the forms have there
_FIRST_PART: Final = "[Content_Types].xml"


class Sheet(SheetAlone):
    """A sheet of a book: its tables, links and arrays too, which other sheets have a part in."""

    def __init__(self, book: Book, page: Page, title: str, about: str) -> None:
        super().__init__(page, title)
        self.book, self.about = book, about

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


class Book:
    """A workbook whose cells are known while it is made: formulas get their values from them."""

    def __init__(self, lang: Lang, content: Content, *, ordinary: bool = False) -> None:
        """``ordinary``: no formula asks the add-in's functions."""
        self.lang, self.content, self._ordinary = lang, content, ordinary
        self.workbook, self._bytes = blank_workbook(FONT[lang])
        self.workbook.set_size(28000, 16000)
        self.sheets: dict[str, Sheet] = {}
        self.names: dict[str, Ref] = {}
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._behind = _BEHIND

    def add_sheet(self, key: str, name: str, about: str = "") -> Sheet:
        """One more sheet, after those that are there; one that says nothing of itself is hidden."""
        page = self.workbook.add_worksheet(name, worksheet_class=Page)
        page.empty = "" if self._ordinary else page.empty
        page.hide_gridlines(2)
        page.set_default_row(20)
        if not about:
            page.hide()
        self.sheets[key] = Sheet(self, page, name, about)
        return self.sheets[key]

    def __getitem__(self, key: str) -> Sheet:
        """The sheet of that key in the registry."""
        return self.sheets[key]

    def style(self, base: str = "plain", number: str = "", **more: Any) -> Format:
        """The cell format of a style and a number format of the palette, made once."""
        shown = {"num_format": NUMBERS[number]} if number else {}
        font = {"font_name": FONT[self.lang], "font_size": 10, "valign": "vcenter"}
        return self.added({**font, **STYLES[base], **shown, **more})

    def light(self, colours: tuple[str, str]) -> Format:
        """What a conditional format adds: the text and the ground of a light."""
        return self.added({"font_color": colours[0], "bg_color": colours[1]})

    def added(self, properties: dict[str, Any]) -> Format:
        """Only these properties, as a conditional format adds them to a cell."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def name(self, name: str, ref: Ref) -> Ref:
        """A defined name for what people refer to; the reference by that name."""
        self.workbook.define_name(name, f"={ref.text}")
        self.names[name] = Ref(ref.sheet, ref.area, name)
        return self.names[name]

    def behind(self, rows: int, columns: int) -> Span:
        """So many cells of the calculation sheet that nobody has."""
        left, self._behind = self._behind, self._behind + columns + 1
        return Span(2, left, 1 + rows, left + columns - 1)

    def save(self) -> bytes:
        """The finished file: the same content is the same bytes."""
        done = io.BytesIO()
        self.workbook.close()
        with (
            zipfile.ZipFile(self._bytes) as made,
            zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        ):
            for name in sorted(made.namelist(), key=lambda name: (name != _FIRST_PART, name)):
                # Opened by name, a member gets the fixed date 1980-01-01.
                with archive.open(name, "w") as part:
                    part.write(made.read(name))
        return done.getvalue()


def hint(title: str, text: str) -> dict[str, Any]:
    """What is told beside a cell that is filled in, for its validation."""
    return {"input_title": title[:LONGEST_TITLE], "input_message": text[:LONGEST_MESSAGE]}
