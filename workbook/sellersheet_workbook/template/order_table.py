"""The order table: where it stands, references to its parts, what may be typed into it, and its
colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from sellersheet.columns import INPUT, OUTPUT, Column
from sellersheet.orders.marks import WORDS as REASONS
from sellersheet.wording import Lang
from sellersheet_workbook.template import palette, pieces
from sellersheet_workbook.template.book import DAYS, Book, Sheet, hint
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, is_error
from sellersheet_workbook.template.content import WORDS, words_of, yes_no

_NUMBERS: Final = {
    "text": "text", "choice": "general", "yes_no": "general", "country": "general",
    "money": "money", "grams": "grams", "cm": "grams", "count": "count", "date": "date",
    "rate": "share",
    # A formula sees no number format: typed into a text cell, 5% stays what it is.
    "cost": "text",
}  # fmt: skip
_WIDE: Final = {"reason": palette.TEXT} | dict.fromkeys(
    ("shop", "order_id", "sku", "category", "return_case"), palette.LABEL
)
_SUGGESTED: Final = {"shop": "=ShopNames", "country": "=CountryCodes"}
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


def body(book: Book, key: str) -> Ref:
    """The live cells of a column, below the header.

    Its text reaches twice as far: deleted rows leave a shorter range for good, and rows filled
    in later would lie below it.
    """
    at, rows = place(key), book.content.rows
    far = Span(FIRST, at, min(HEADER + 2 * rows, LAST_ROW), at)
    return Ref(book["orders"], Span(FIRST, at, HEADER + rows, at), book["orders"].ref(far).text)


def below(book: Book, key: str) -> Ref:
    """All cells of a column below the header, live or not."""
    at = place(key)
    return book["orders"].ref(Span(FIRST, at, LAST_ROW, at))


def name_parts(book: Book) -> None:
    """The names OrderInputs and OrderResults: the live rows with their header."""
    inputs, whole, rows = (GIVEN_FROM, GIVEN_TO), (0, len(COLUMNS) - 1), book.content.rows
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


def status_word(status: str, lang: Lang) -> str:
    """The word that the column status has for it."""
    return REASONS(f"status_{status}", lang)


def add(sheet: Sheet) -> None:
    """Validation of the inputs, colours of inputs and results, for the live rows."""
    last = HEADER + sheet.book.content.rows
    first, *_, end = (place(item.key) for item in GIVEN if item.kind == "cost")
    area = f"{cell(FIRST, first)}:{cell(last, end)}"
    sheet.page.ignore_errors({"number_stored_as_text": area})
    for at, item in enumerate(GIVEN, GIVEN_FROM):
        rule = validation(item, sheet.book.lang, _SUGGESTED)
        sheet.page.data_validation(FIRST, at, last, at, rule)
    _colours(sheet, last)


def validation(
    item: Column, lang: Lang, suggested: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """What may be typed into a column's cells; ``suggested`` are lists of names for columns in
    which others are right as well."""
    rule = hint(item.title(lang), item.help(lang))
    rule["error_title"] = rule["input_title"]
    if item.kind in ("choice", "yes_no"):
        words = words_of(item.choices, lang) or [*yes_no(lang)]
        told = WORDS("one_of", lang, words=WORDS("between", lang).join(words))
        return rule | {"validate": "list", "source": words, "error_message": told}
    if item.key in suggested:
        return rule | {"validate": "list", "source": suggested[item.key], "show_error": False}
    if item.kind == "date":
        told = WORDS("a_day", lang)
        between = {"criteria": "between", "minimum": DAYS[0], "maximum": DAYS[1]}
        return rule | between | {"validate": "date", "error_message": told}
    if item.low is None or item.high is None or item.kind == "cost":
        return rule | {"validate": "any"}
    whole = item.kind == "count"
    fields = {"low": f"{item.low:,.0f}", "high": f"{item.high:,.0f}"}
    return rule | {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": int(item.low),
        "maximum": int(item.high),
        "error_message": WORDS("a_whole_number" if whole else "a_number", lang, **fields),
    }


def width(item: Column) -> int:
    """Of its column."""
    return _WIDE.get(item.key, palette.NUMBER)


def head_style(book: Book, item: Column) -> Any:
    """Its words stand at the top left, where no filter button covers them."""
    base = "header" if item in INPUT else "result_header"
    return book.style(base, align="left", valign="top", indent=1)


def style_of(book: Book, item: Column) -> Any:
    """Of its cells."""
    more: dict[str, Any] = {"font_color": palette.INPUT_TEXT} if item in INPUT else {}
    if item.kind == "cost":
        more["align"] = "right"
    elif _NUMBERS[item.kind] in ("text", "general"):
        more["indent"] = 1
    if item.key == "reason":
        more["text_wrap"] = True
    return book.style("plain", _NUMBERS[item.kind], valign="vcenter", **more)


def _colours(sheet: Sheet, last: int) -> None:
    book, page = sheet.book, sheet.page
    end = len(COLUMNS) - 1
    row = FIRST + 1
    status = f"${xl_col_to_name(place('status'))}{row}"
    for code, colours in (
        ("error", palette.ERROR),
        ("warning", palette.WARNING),
        ("note", palette.NOTE),
    ):
        test = f'={status}="{status_word(code, book.lang)}"'
        rule = {"type": "formula", "criteria": test, "format": book.light(colours)}
        for at in (place("status"), place("reason")):
            page.conditional_format(FIRST, at, last, at, rule)
    pieces.grey_errors(sheet, Span(FIRST, 0, last, end))
    red_losses(sheet, FIRST, last, map(place, ("profit_cny", "margin")))
    grounds(sheet, Span(FIRST, GIVEN_FROM, last, GIVEN_TO), end)


def red_losses(sheet: Sheet, first: int, last: int, places: Iterable[int]) -> None:
    """Negative numbers of these columns in red."""
    drawn = sheet.book.added({"font_color": palette.RED, "bold": True})
    for at in places:
        here = cell(first, at)
        test = f"=IF(ISNUMBER({here}),{here}<0,FALSE)"
        rule = {"type": "formula", "criteria": test, "format": drawn}
        sheet.page.conditional_format(first, at, last, at, rule)


def grounds(sheet: Sheet, given: Span, end: int) -> None:
    """The colour behind what is filled in and behind the columns beside it, up to the column
    ``end``, with a line below each row."""
    edge = {"bottom": 1, "bottom_color": palette.LINE}
    for left, right, ground in (
        (0, given.left - 1, palette.WHITE),
        (given.left, given.right, palette.INPUT),
        (given.right + 1, end, palette.WHITE),
    ):
        drawn = sheet.book.added({"bg_color": ground, **edge})
        rule = {"type": "formula", "criteria": "=TRUE", "format": drawn}
        sheet.page.conditional_format(given.top, left, given.bottom, right, rule)
