"""The plain edition: a workbook of ordinary formulas, which calculates in any worksheet program.

The formulas are written by the rules themselves: ``sellersheet.rules`` is run over the symbols of
cells, so a rule that changes changes the workbook. ``block`` lays columns of symbols out on hidden
sheets of calculation, ``values`` works out what each formula gives, for the saved values, and one
module a sheet says what stands where.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import sellersheet
from sellersheet.policy import load
from sellersheet.wording import Lang
from sellersheet_workbook.plain import (
    deposit,
    eligibility,
    home,
    order_rules,
    orders,
    policy,
    quote,
    rates,
    words,
)
from sellersheet_workbook.plain.policy import Typed
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import pieces
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.content import Content, samples
from sellersheet_workbook.template.palette import LONG

ROWS: Final = 500
KEYS: Final = frozenset(item.key for item in orders.INPUTS)
NOTHING_TYPED: Final = Typed()
SHOWN: Final = ("home", "orders", "quote", "deposit", "eligibility", "policy", "rates", "about")
HIDDEN: Final = ("calculation", "single", "prices", "bands", "values", "lists")


def build(lang: Lang, content: Content | None = None, typed: Typed = NOTHING_TYPED) -> bytes:
    """The workbook as .xlsx; the same content gives the same bytes."""
    book = Book(lang, content or samples(lang, ROWS), ordinary=True)
    for key in SHOWN:
        book.add_sheet(key, WORDS(key, lang), key)
    for key in HIDDEN:
        book.add_sheet(key, WORDS(key, lang))
    words.fill(book)
    order_rules.fill(book)
    policy.fill(book, typed)
    rates.fill(book, typed.rates)
    block = orders.fill(book)
    quote.fill(book)
    deposit.fill(book)
    eligibility.fill(book)
    _about(book)
    home.fill(book, block)
    book["home"].page.activate()
    return book.save()


def committed(lang: Lang) -> Traversable:
    """The built plain edition of a language."""
    name = f"sellersheet-plain-{lang}.xlsx"
    return resources.files("sellersheet_workbook").joinpath("assets", name)


_SECTIONS = ("what", "fill", "errors", "left_out", "more", "tried", "versions")


def _about(book: Book) -> None:
    """Sheet About: what this edition is, what it leaves out, and how to read its results."""
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
            pieces.high(sheet, row, pieces.lines_of(line, LONG))
            row += 1
        row += 1
    sheet.protect()
    sheet.print_on_a4(upright=True)
    sheet.tab()
