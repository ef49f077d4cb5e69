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

from sellersheet.wording import Lang
from sellersheet_workbook.plain import (
    about,
    deposit,
    eligibility,
    home,
    lists,
    orders,
    policy,
    quote,
    rates,
    reasons,
)
from sellersheet_workbook.plain.policy import Typed
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.content import Content, samples

ROWS: Final = 500
KEYS: Final = frozenset(item.key for item in orders.INPUTS)
NOTHING_TYPED: Final = Typed()
SHOWN: Final = ("home", "orders", "quote", "deposit", "eligibility", "policy", "rates", "about")
HIDDEN: Final = ("calculation", "single", "prices", "bands", "values", "lists")


def build(lang: Lang, content: Content | None = None, typed: Typed = NOTHING_TYPED) -> bytes:
    """The workbook as .xlsx; the same content gives the same bytes."""
    book, filling = Book(lang, ordinary=True), content or samples(lang, ROWS)
    for key in SHOWN:
        book.add_sheet(key, WORDS(key, lang), key)
    for key in HIDDEN:
        book.add_sheet(key, WORDS(key, lang))
    lists.fill(book)
    reasons.fill(book)
    policy.fill(book, typed)
    rates.fill(book, typed.rates)
    block = orders.fill(book, filling)
    quote.fill(book)
    deposit.fill(book)
    eligibility.fill(book)
    about.fill(book)
    home.fill(book, block, filling)
    book["home"].page.activate()
    return book.save()


def committed(lang: Lang) -> Traversable:
    """The built plain edition of a language."""
    name = f"sellersheet-plain-{lang}.xlsx"
    return resources.files("sellersheet_workbook").joinpath("assets", name)
