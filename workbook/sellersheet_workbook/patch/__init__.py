"""Editing one workbook file in place, without opening it in a program."""

from sellersheet_workbook.patch.book import EditableBook, open_book
from sellersheet_workbook.patch.header_rows import HeaderRow
from sellersheet_workbook.patch.saving import restore
from sellersheet_workbook.patch.table_part import BookTable
from sellersheet_workbook.problems import EditProblem

__all__ = [
    "BookTable",
    "EditProblem",
    "EditableBook",
    "HeaderRow",
    "open_book",
    "restore",
]
