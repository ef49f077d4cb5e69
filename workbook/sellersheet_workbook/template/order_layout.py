"""Where the order table stands, and references to its parts for other sheets."""

from __future__ import annotations

from typing import Final

from sellersheet.columns import INPUT, OUTPUT
from sellersheet_workbook.template.book import Area, Book
from sellersheet_workbook.template.cells import Ref, Written, is_error

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


def name_parts(book: Book, rows: int) -> None:
    """The names OrderInputs and OrderTable: the live rows with their header."""
    for name, right in (("OrderInputs", INPUTS - 1), ("OrderTable", len(COLUMNS) - 1)):
        far = book["orders"].ref(Area(HEADER, 0, LAST_ROW, right)).text
        # It keeps its height: inserting rows would stretch a plain reference, deleting them
        # would shrink it, and a deleted first column would break it.
        text = f"INDEX({far},1,1):INDEX({far},{rows + 1},COLUMNS({far}))"
        book.name(name, Ref(book["orders"], Area(HEADER, 0, HEADER + rows, right), text))


def without_errors(ref: Ref) -> Written:
    """A range for a function of tables: LibreOffice gives add-ins no range with an error in it."""
    text = f'IF(ISERROR({ref.text}),"",IF({ref.text}="","",{ref.text}))'
    return Written(text, [["" if is_error(cell) else cell for cell in row] for row in ref.rows])
