"""The workbook being made: its sheets, names and formats, and the file in the end."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, Final

from xlsxwriter.format import Format

from sellersheet.wording import Lang
from sellersheet_workbook.files.book import blank_workbook
from sellersheet_workbook.template.cells import (
    Page,
    Ref,
    Span,
)
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.palette import FONT, NUMBERS, STYLES
from sellersheet_workbook.template.sheet import Sheet

DAY: Final = dt.date(2024, 12, 1)  # of every example: nothing may depend on the day of building
DAYS: Final = (dt.date(2015, 1, 1), dt.date(2099, 12, 31))  # which may be typed
LONGEST_TITLE: Final = 32  # of what is told beside a cell: Excel shows no more
LONGEST_MESSAGE: Final = 255
_BEHIND: Final = 80  # on the calculation sheet, right of what Orders, Home and the forms have there
_FIRST_PART: Final = "[Content_Types].xml"


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
