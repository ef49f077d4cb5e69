"""Sheet About: what this edition is, what it leaves out, and how to read its results."""

from __future__ import annotations

import sellersheet
from sellersheet.policy import load
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import forms
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.palette import LONG

_SECTIONS = ("what", "fill", "errors", "left_out", "more", "tried", "versions")


def fill(book: Book) -> None:
    """Headings with their lines."""
    sheet, lang = book["about"], book.lang
    sheet.columns(LONG)
    sheet.page.set_row(0, 30)
    sheet.put("A1", WORDS("about_title", lang), book.style("title"))
    sheet.link_home("A2")
    row = 3
    for code in _SECTIONS:
        heading = book.style("heading", font_size=12)
        sheet.put_at(row, 0, WORDS(f"about_{code}", lang), heading)
        row += 1
        fields = {"version": sellersheet.__version__, "policy": load().version}
        text = WORDS(f"about_{code}_lines", lang, **fields)
        for line in text.split("\n"):
            sheet.put_at(row, 0, line, book.style("text", font_size=10))
            sheet.page.set_row(row, max(20, 15.5 * forms.lines_of(line, LONG) + 4))
            row += 1
        row += 1
    sheet.protect()
    sheet.print_on_a4(upright=True)
    sheet.tab()
