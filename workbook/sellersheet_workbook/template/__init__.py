"""The template workbook, in Chinese and English.

x
"""

from __future__ import annotations

from sellersheet.wording import Lang
from sellersheet_workbook.template.book import Book, functions_in
from sellersheet_workbook.template.content import Content, own_orders, samples
from sellersheet_workbook.template.registry import fill_all


def build(lang: Lang, content: Content | None = None) -> bytes:
    """The workbook as .xlsx; the same content gives the same bytes."""
    with functions_in(lang):
        book = Book(lang)
        fill_all(book, content or samples(lang))
        return book.save()


__all__ = ["Content", "build", "own_orders", "samples"]
