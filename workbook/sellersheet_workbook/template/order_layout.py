"""Where the order table stands, and references to its parts for other sheets."""

from __future__ import annotations

from typing import Final

from sellersheet.columns import INPUT, OUTPUT
from sellersheet_workbook.template.book import Area, Book, Ref
from sellersheet_workbook.template.cells import Written

HEADER: Final = 5  # the row of the headers, from 0
FIRST: Final = HEADER + 1
LAST_ROW: Final = 1_048_575  # of a sheet, from 0
INPUTS: Final = len(INPUT)
COLUMNS: Final = (*INPUT, *OUTPUT)


def place(key: str) -> int:
    """The position of a column, from 0."""
    return next(at for at, item in enumerate(COLUMNS) if item.key == key)


def body(book: Book, key: str, rows: int) -> Ref:
    """The live cells of a column, below the header."""
    at = place(key)
    return book["orders"].ref(Area(FIRST, at, HEADER + rows, at))


def below(book: Book, key: str) -> Ref:
    """All cells of a column below the header, live or not."""
    at = place(key)
    return book["orders"].ref(Area(FIRST, at, LAST_ROW, at))


def inputs(book: Book, rows: int) -> Written:
    """The live inputs with their header."""
    return _sized(book, rows, INPUTS - 1)


def whole(book: Book, rows: int) -> Written:
    """The live table, inputs and results, with its header."""
    return _sized(book, rows, len(COLUMNS) - 1)


def _sized(book: Book, rows: int, right: int) -> Written:
    """A reference that keeps its height: inserting rows would stretch a plain one, deleting
    them would shrink it, and a deleted first column would break it."""
    sheet = book["orders"]
    far = sheet.ref(Area(HEADER, 0, LAST_ROW, right)).text
    text = f"INDEX({far},1,1):INDEX({far},{rows + 1},COLUMNS({far}))"
    return Written(text, sheet.values(Area(HEADER, 0, HEADER + rows, right)))
