"""Where the order table stands, and references to its parts for other sheets."""

from __future__ import annotations

from typing import Final

from sellersheet.columns import INPUT, OUTPUT, Column
from sellersheet_workbook.template.book import Book, Span
from sellersheet_workbook.template.cells import Ref, Written, is_error

HEADER: Final = 5  # the row of the headers, from 0
FIRST: Final = HEADER + 1
LAST_ROW: Final = 1_048_575  # of a sheet, from 0
# What people look for stands first and stays in sight; then what every order needs, what only
# some do, which is folded, and the other results.
_LEADING: Final = ("status", "total_fee_cny", "profit_cny", "reason")
_NEEDED: Final = (
    *("shop", "order_id", "order_date", "sku", "country", "paid_cny", "weight_g"),
    *("logistics_cny", "parcel", "inbound_days", "standard_box", "return_case", "cost_cny"),
)
_FOLLOWING: Final = ("margin",)


def _named(columns: tuple[Column, ...], keys: tuple[str, ...]) -> tuple[Column, ...]:
    by_key = {item.key: item for item in columns}
    return tuple(by_key[key] for key in keys)


def _others(columns: tuple[Column, ...], keys: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(item for item in columns if item.key not in keys)


FOLDED: Final = _others(INPUT, _NEEDED)
GIVEN: Final = (*_named(INPUT, _NEEDED), *FOLDED)
COLUMNS: Final = (
    *_named(OUTPUT, _LEADING),
    *GIVEN,
    *_named(OUTPUT, _FOLLOWING),
    *_others(OUTPUT, (*_LEADING, *_FOLLOWING)),
)
GIVEN_FROM: Final = len(_LEADING)
GIVEN_TO: Final = GIVEN_FROM + len(GIVEN) - 1  # the last one
_PLACES: Final = {item.key: at for at, item in enumerate(COLUMNS)}


def place(key: str) -> int:
    """The position of a column, from 0."""
    return _PLACES[key]


def body(book: Book, key: str, rows: int) -> Ref:
    """The live cells of a column, below the header.

    Its text reaches twice as far: deleted rows leave a shorter range for good, and rows filled
    in later would lie below it.
    """
    at = place(key)
    far = Span(FIRST, at, min(HEADER + 2 * rows, LAST_ROW), at)
    return Ref(book["orders"], Span(FIRST, at, HEADER + rows, at), book["orders"].ref(far).text)


def below(book: Book, key: str) -> Ref:
    """All cells of a column below the header, live or not."""
    at = place(key)
    return book["orders"].ref(Span(FIRST, at, LAST_ROW, at))


def name_parts(book: Book, rows: int) -> None:
    """The names OrderInputs and OrderResults: the live rows with their header."""
    inputs, whole = (GIVEN_FROM, GIVEN_TO), (0, len(COLUMNS) - 1)
    for name, (left, right) in (("OrderInputs", inputs), ("OrderResults", whole)):
        far = book["orders"].ref(Span(HEADER, left, LAST_ROW, right)).text
        # It keeps its height: inserting rows would stretch a plain reference, deleting them
        # would shrink it, and a deleted first column would break it.
        text = f"INDEX({far},1,1):INDEX({far},{rows + 1},COLUMNS({far}))"
        book.name(name, Ref(book["orders"], Span(HEADER, left, HEADER + rows, right), text))


def without_errors(ref: Ref) -> Written:
    """A range for a function of tables: LibreOffice gives add-ins no range with an error in it."""
    text = f'IFERROR(IF({ref.text}="","",{ref.text}),"")'
    return Written(text, [["" if is_error(cell) else cell for cell in row] for row in ref.rows])
