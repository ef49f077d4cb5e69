"""Files written of rows: a workbook of sheets, a text."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

Row = Sequence[Any]


def book_of(path: Path, **sheets: list[Row]) -> Path:
    """A workbook with these sheets, the rows as they are given."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def text_of(path: Path, *rows: Row) -> Path:
    """A csv in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
